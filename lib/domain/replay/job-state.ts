/** A job's state from what was asked of it, its counts from its items, and whether a command fits. Pure. */
import type { ItemState } from "./entry";
import type { JobState, ReplayCommand, ReplayCommandName, ReplayCounts } from "./job";

/** By time; one that was given twice (two people clicked at once) counts once, as it was given first. */
export function commandsInOrder(commands: readonly ReplayCommand[]): ReplayCommand[] {
  const sorted = [...commands].sort((a, b) =>
    a.givenAt === b.givenAt ? (a.id < b.id ? -1 : 1) : a.givenAt < b.givenAt ? -1 : 1,
  );
  const given = new Set<string>();
  return sorted.filter(({ id }) => !given.has(id) && given.add(id));
}

const NEXT: Readonly<Partial<Record<ReplayCommandName, { from: readonly JobState[]; to: JobState }>>> = {
  approve: { from: ["awaiting_approval"], to: "running" },
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused", "stopped"], to: "running" },
  cancel: { from: ["planned", "awaiting_approval", "running", "paused", "stopped"], to: "cancelled" },
  stop: { from: ["running"], to: "stopped" },
  finish: { from: ["running", "paused", "stopped"], to: "finished" },
};

/** A command that does not fit changes nothing: two may have been given at once. */
export function jobStateOf(commands: readonly ReplayCommand[], needsApproval: boolean): JobState {
  let state: JobState = "planned";
  for (const { command } of commandsInOrder(commands)) state = stateAfter(state, command, needsApproval) ?? state;
  return state;
}

/** Null when the command does not fit the state. */
export function stateAfter(state: JobState, command: ReplayCommandName, needsApproval: boolean): JobState | null {
  if (command === "start") return state === "planned" ? (needsApproval ? "awaiting_approval" : "running") : null;
  if (command === "release" || command === "drop") return isOver(state) || state === "planned" ? null : state;
  const next = NEXT[command];
  return next?.from.includes(state) ? next.to : null;
}

export const isOver = (state: JobState): boolean => state === "cancelled" || state === "finished";

/** `total` counts planned and skipped; `byState` counts the items that have begun. What has not is pending, so they always add up. */
export function countsOf(
  total: number,
  skippedByPlan: number,
  byState: Readonly<Partial<Record<ItemState, number>>>,
): ReplayCounts {
  const { verified = 0, sent = 0, failed = 0, skipped: skippedSince = 0 } = byState;
  const skipped = skippedByPlan + skippedSince;
  return { total, verified, sent, failed, skipped, pending: total - verified - sent - failed - skipped };
}

/** Where each step of the ramp ends, as a position; the last ends with the job. */
export function stepEnds(ramp: readonly number[], items: number): number[] {
  const ends: number[] = [];
  let end = 0;
  for (const size of ramp) {
    end += size;
    if (end >= items) break;
    ends.push(end);
  }
  return items > 0 ? [...ends, items] : ends;
}
