/** An act on exceptions as the API takes and answers it. */
import type { z } from "zod";
import type { ExceptionActOutcome, ExceptionActRequest } from "@/lib/auth/exception-acts";
import { silenceText } from "@/lib/domain/exceptions/silence";
import { notFitting } from "./act-answer";
import { ApiProblem } from "./problem";
import type { exceptionAct } from "./v1/exception-schemas";

type Given = z.output<typeof exceptionAct>;
type Asked = Omit<ExceptionActRequest, "selection">;

export function exceptionActOf(given: Given): Asked {
  const { acts: seen } = given;
  switch (given.action) {
    case "acknowledge":
      return { type: "exception.acknowledged", act: { reason: given.reason }, seen };
    case "assign":
      return { type: "exception.assigned", act: { assignee: given.assignee, reason: given.reason }, seen };
    case "unassign":
      return { type: "exception.assigned", act: { assignee: "", reason: given.reason }, seen };
    case "due":
      return { type: "exception.due_set", act: { dueAt: given.dueAt ?? "", reason: given.reason }, seen };
    case "comment":
      return { type: "exception.commented", act: { reason: given.comment }, seen };
    case "tag":
      return { type: "exception.tagged", act: { tags: given.tags, untag: given.untag }, seen };
    case "resolve":
      return { type: "exception.resolved", act: { reason: given.reason }, seen };
    case "ignore":
      return { type: "exception.ignored", act: { reason: given.reason, until: given.until ?? "" }, seen };
    case "reopen":
      return { type: "exception.reopened", act: { reason: given.reason }, seen };
  }
}

/** @throws ApiProblem 400, 404, 502 or 503 for what was not stored */
export function storedExceptionAct(outcome: ExceptionActOutcome, { type, act }: Asked) {
  switch (outcome.state) {
    case "stored": {
      const { events, exceptions, matching, meanwhile } = outcome;
      const silences = type === "exception.ignored" ? silenceText(exceptions, act.until ?? "") : null;
      return { events, exceptions, matching, meanwhile, silences };
    }
    case "unknown":
      throw new ApiProblem(404, outcome.detail);
    case "invalid":
      throw notFitting(outcome.faults);
    case "away":
      throw new ApiProblem(503, outcome.detail, { headers: { "retry-after": "5" } });
    case "refused":
      throw new ApiProblem(502, outcome.detail);
  }
}
