/** Whether the promise was kept. Pure. */
import type { JourneySummary } from "@/lib/domain/journey";

export type PromiseState = "kept" | "missed" | "late" | "due" | "none";

export interface PromiseStatus {
  readonly state: PromiseState;
  /** How far past, or before, the promise; null without one. */
  readonly byMs: number | null;
}

/** `missed`: delivered after it. `late`: past it and not delivered. A cancelled order has no promise to keep. */
export function promiseStatus(
  journey: Pick<JourneySummary, "promisedAt" | "stages" | "stage">,
  nowMs: number,
): PromiseStatus {
  if (journey.promisedAt === null || journey.stage === "Cancelled") return { state: "none", byMs: null };
  const promisedMs = Date.parse(journey.promisedAt);
  const delivered = journey.stages.find((progress) => progress.stage === "Delivered");
  if (delivered?.state === "full" && delivered.completedAt !== null) {
    const byMs = Date.parse(delivered.completedAt) - promisedMs;
    return { state: byMs > 0 ? "missed" : "kept", byMs: Math.abs(byMs) };
  }
  const byMs = nowMs - promisedMs;
  return { state: byMs > 0 ? "late" : "due", byMs: Math.abs(byMs) };
}
