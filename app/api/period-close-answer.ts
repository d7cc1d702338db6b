/** The outcome of an act on a period as an answer of the API. */
import type { Store } from "@/lib/clickhouse/client";
import { type CloseOutcome, type PeriodAct, readPeriodClose } from "@/lib/queries/period-close";
import { notFitting } from "./act-answer";
import { ApiProblem } from "./problem";

/** @throws ApiProblem 400, 404 or 409 for what was not stored */
export function storedClose(outcome: CloseOutcome): PeriodAct {
  if (outcome.state === "stored") return outcome.close;
  if (outcome.state === "invalid") throw notFitting(outcome.faults);
  throw new ApiProblem(outcome.state === "unknown" ? 404 : 409, outcome.detail);
}

/** @throws ApiProblem 404 */
export async function requireClose(store: Store, id: string | undefined): Promise<PeriodAct> {
  const close = await readPeriodClose(store, id ?? "");
  if (!close) throw new ApiProblem(404, "There is no such close.");
  return close;
}
