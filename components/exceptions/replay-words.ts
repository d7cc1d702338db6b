/** What replays, their states and counts are called on screen. Pure. */
import { countLabel, plural } from "@/components/ui/number-format";
import type { ItemState } from "@/lib/domain/replay/entry";
import type { JobState, ReplayCounts, ReplayPlan, SkipReason } from "@/lib/domain/replay/job";

export const SKIP_LABELS: Readonly<Record<SkipReason, string>> = {
  "already-applied": "Its effect is there already",
  "not-failed": "It is not in a state to be replayed",
  ignored: "It is ignored",
  "no-message": "No failure carries its message",
  "no-channel": "Its interface has no channel",
  "needs-edit": "It would be refused again as it is",
  "no-right": "You do not have the right",
  "in-another-replay": "Another replay has it",
  unknown: "It is not known",
  "no-message-of-its-own": "A broken handoff has no message: replay the failure that causes it",
};

export const JOB_STATE_LABELS: Readonly<Record<JobState, string>> = {
  planned: "Planned",
  awaiting_approval: "Awaiting approval",
  running: "Running",
  paused: "Paused",
  stopped: "Stopped itself",
  cancelled: "Cancelled",
  finished: "Finished",
};

/** `sent` says that the effect has not been seen: it is no success. */
export const ITEM_STATE_LABELS: Readonly<Record<ItemState, string>> = {
  pending: "Waiting",
  sending: "Being sent",
  unclear: "Unclear whether it was taken",
  sent: "Sent, effect not seen yet",
  held: "Held for a person",
  verified: "Verified",
  failed: "Failed",
  skipped: "Skipped",
};

export interface CountPart {
  readonly name: Exclude<keyof ReplayCounts, "total">;
  readonly label: string;
  readonly count: number;
  /** 0 … 100 of the total. */
  readonly percent: number;
}

const PARTS: readonly (readonly [CountPart["name"], string])[] = [
  ["verified", "verified"],
  ["sent", "sent, effect not seen"],
  ["failed", "failed"],
  ["skipped", "skipped"],
  ["pending", "to go"],
];

/** The parts that stand in the bar, in its order; they add up to the total. Those of none are left out. */
export function countParts(counts: ReplayCounts): CountPart[] {
  const sum = PARTS.reduce((total, [name]) => total + counts[name], 0);
  if (sum !== counts.total) throw new Error(`the counts of a replay add up to ${sum}, not to its ${counts.total}`);
  return PARTS.flatMap(([name, label]) =>
    counts[name] === 0 ? [] : [{ name, label, count: counts[name], percent: (counts[name] / sum) * 100 }],
  );
}

/** "1, 5, 20, 100, then the rest"; only the steps that `items` fill. */
export function rampText(ramp: readonly number[], items: number): string {
  const steps: number[] = [];
  let left = items;
  for (const size of ramp) {
    if (left <= 0) break;
    steps.push(Math.min(size, left));
    left -= size;
  }
  const named = steps.map(countLabel);
  if (left > 0) return named.length === 0 ? "all at once" : `${named.join(", ")}, then the rest (${countLabel(left)})`;
  return named.join(", ");
}

/** "48 will replay, 2 are skipped"; says so when the plan is about the first of them only. */
export function planText({ willReplay, willSkip, matching, dryRun }: ReplayPlan): string {
  const goes = dryRun
    ? `${plural(willReplay, "message")} would go; nothing is sent`
    : `${plural(willReplay, "message")} will replay`;
  const skipped = willSkip === 0 ? "" : `, ${countLabel(willSkip)} ${willSkip === 1 ? "is" : "are"} skipped`;
  const taken = willReplay + willSkip;
  const cut = matching > taken ? `. ${countLabel(matching - taken)} more match and are not part of it` : "";
  return `${goes}${skipped}${cut}`;
}
