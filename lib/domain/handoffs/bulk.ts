/** One decision about many handoffs: which acts it comes to, and what is left out and why. Pure; the plan is made once and then carried out as it is. */
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import { type Money, sumByCurrency } from "./approval";
import { checkDecidable, type Decidable, type DecidingAction, OBSTACLE_TEXTS, type Obstacle } from "./decidable";
import { evidenceHash } from "./evidence";
import type { Finance } from "./finance";

/** As many as a person can still answer for; the rest is another plan. */
export const BULK_KEYS_MAX = 5_000;

export type SkipReason = Obstacle | "unknown" | "no-right" | "needs-approval";

export const SKIP_TEXTS: Readonly<Record<SkipReason, string>> = {
  ...OBSTACLE_TEXTS,
  unknown: "There is no such handoff.",
  "no-right": "You may not decide about handoffs.",
  "needs-approval": "Its amount needs a second person; decide it by itself.",
};

export interface AskedHandoff {
  readonly rule: string;
  readonly key: ObjectRef;
  /** `evidenceHash` of it alone, as it was seen. */
  readonly evidence?: string | undefined;
}

/** One group of handoffs, decided together. */
export interface PlannedAct {
  readonly rule: string;
  /** Those asked for, then the rest of their group. */
  readonly keys: readonly ObjectRef[];
  /** How many of the keys were asked for. */
  readonly asked: number;
  readonly evidence: string;
  readonly stakes: readonly Money[];
}

export interface SkippedHandoff {
  readonly rule: string;
  readonly key: ObjectRef;
  readonly reason: SkipReason;
}

/** Each handoff that was asked for is in exactly one act or skipped: `total` is the sum of `asked` and the number of the skipped. */
export interface BulkPlan {
  readonly action: DecidingAction;
  readonly total: number;
  readonly acts: readonly PlannedAct[];
  readonly skipped: readonly SkippedHandoff[];
  /** Of all acts, one sum per currency. */
  readonly stakes: readonly Money[];
}

export interface BulkCircumstances {
  readonly finance: Finance;
  /** "2026-11-25" */
  readonly date: string;
  readonly mayAct: boolean;
}

/** `handoffs`: what was asked for, as it stands, in whole groups. A handoff asked for twice counts once. */
export function planBulk(
  action: DecidingAction,
  asked: readonly AskedHandoff[],
  handoffs: readonly Decidable[],
  circumstances: BulkCircumstances,
): BulkPlan {
  const once = new Map(asked.map((each) => [nameOf(each), each]));
  const standing = new Map(handoffs.map((handoff) => [nameOf(handoff), handoff]));
  const groups = groupsOf(handoffs);
  const acts: PlannedAct[] = [];
  const skipped: SkippedHandoff[] = [];
  const skip = (all: readonly AskedHandoff[], reason: SkipReason) =>
    skipped.push(...all.map(({ rule, key }) => ({ rule, key, reason })));
  const askedOfGroup = new Map<string, AskedHandoff[]>();
  for (const [name, each] of once) {
    const handoff = standing.get(name);
    if (!circumstances.mayAct) skip([each], "no-right");
    else if (!handoff) skip([each], "unknown");
    else if (each.evidence !== undefined && each.evidence !== evidenceHash([handoff])) skip([each], "changed");
    else askedOfGroup.set(groupName(handoff), [...(askedOfGroup.get(groupName(handoff)) ?? []), each]);
  }
  for (const [group, all] of askedOfGroup) {
    const planned = planGroup(action, all, groups.get(group) ?? [], circumstances);
    if (typeof planned === "string") skip(all, planned);
    else acts.push(planned);
  }
  return { action, total: once.size, acts, skipped, stakes: sumByCurrency(acts.flatMap(({ stakes }) => stakes)) };
}

function planGroup(
  action: DecidingAction,
  asked: readonly AskedHandoff[],
  group: readonly Decidable[],
  { finance, date }: BulkCircumstances,
): PlannedAct | SkipReason {
  const checked = checkDecidable(action, group, { named: group, finance, date });
  if (!checked.possible) return checked.obstacle;
  if (checked.approval === "required") return "needs-approval";
  const keys = new Map([...asked, ...group].map(({ key }) => [objectKey(key), key]));
  return {
    rule: group[0]?.rule ?? "",
    keys: [...keys.values()],
    asked: asked.length,
    evidence: checked.evidence,
    stakes: checked.stakes,
  };
}

/** Whether a planned act may still be carried out: the same group of keys, on the same evidence, and nobody decided it meanwhile. */
export function obstacleToPlanned(
  { action }: Pick<BulkPlan, "action">,
  act: PlannedAct,
  handoffs: readonly Decidable[],
  { finance, date }: BulkCircumstances,
): SkipReason | null {
  const names = new Set(act.keys.map(objectKey));
  const now = handoffs.filter(({ rule, key }) => rule === act.rule && names.has(objectKey(key)));
  const groups = new Set(now.map(groupName));
  const isWhole = handoffs.filter((handoff) => groups.has(groupName(handoff))).length === now.length;
  if (now.length !== names.size || !isWhole || evidenceHash(now) !== act.evidence) return "changed";
  const checked = checkDecidable(action, now, { named: now, finance, date });
  if (!checked.possible) return checked.obstacle;
  return checked.approval === "required" ? "needs-approval" : null;
}

const nameOf = ({ rule, key }: { readonly rule: string; readonly key: ObjectRef }): string =>
  `${rule}\u0000${objectKey(key)}`;

const groupName = ({ rule, group }: Decidable): string => `${rule}\u0000${group}`;

function groupsOf(handoffs: readonly Decidable[]): Map<string, Decidable[]> {
  const groups = new Map<string, Decidable[]>();
  for (const handoff of handoffs) {
    const known = groups.get(groupName(handoff));
    if (known) known.push(handoff);
    else groups.set(groupName(handoff), [handoff]);
  }
  return groups;
}
