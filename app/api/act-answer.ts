/** The outcome of a person's act as an answer of the API. */
import type { ActOutcome } from "@/lib/auth/handoff-acts";
import { ApiProblem, type ProblemError } from "./problem";

type Stored = Extract<ActOutcome, { state: "stored" }>;

/** @throws ApiProblem 400, 404, 409, 502 or 503 for what was not stored */
export function storedAct(outcome: ActOutcome): Pick<Stored, "event" | "approval"> {
  switch (outcome.state) {
    case "stored":
      return { event: outcome.event, approval: outcome.approval };
    case "unknown":
      throw new ApiProblem(404, outcome.detail);
    case "invalid":
      throw notFitting(outcome.faults);
    case "conflict":
      throw new ApiProblem(409, outcome.detail);
    case "away":
      throw new ApiProblem(503, outcome.detail, { headers: { "retry-after": "5" } });
    case "refused":
      throw new ApiProblem(502, outcome.detail);
  }
}

export function notFitting(faults: readonly ProblemError[]): ApiProblem {
  const listed = faults.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return new ApiProblem(400, `What was sent does not fit: ${listed}.`, { errors: faults });
}
