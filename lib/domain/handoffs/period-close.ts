/** Closing a period: what is still open, what a signature freezes, and how it is shown later that nothing of it changed. Pure. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import type { Money } from "./approval";
import { BREAK_STATES, type BreakState, type HandoffState, isBreak, type Resolution } from "./handoff";
import type { ListedHandoff } from "./listed-handoff";

export interface OpenMoney {
  readonly count: number;
  /** One sum per currency. */
  readonly stakes: readonly Money[];
}

export interface RuleChecklist {
  readonly rule: string;
  /** Handoffs in all. */
  readonly total: number;
  /** Breaks that nobody decided, by state. */
  readonly breaks: Readonly<Record<BreakState, OpenMoney>>;
  /** Not due yet. */
  readonly pending: OpenMoney;
  /** Decided, and waiting for a second person. */
  readonly awaiting: OpenMoney;
}

export interface SourceReach {
  readonly source: string;
  readonly name: string;
  readonly completeThrough: string | null;
  /** Whether it has reported past the end of the period. */
  readonly reachesEnd: boolean;
}

export interface CloseChecklist {
  readonly companyCode: string;
  readonly period: string;
  /** The first instant after the period by the company's calendar and cut-off. RFC 3339. */
  readonly endsAt: string;
  readonly hasEnded: boolean;
  /** By this clock. */
  readonly readAt: string;
  readonly rules: readonly RuleChecklist[];
  readonly sources: readonly SourceReach[];
}

/** What must be at zero, or be acknowledged with a note by whoever signs. `item` names it: "break goods-issue late", "source wms-east". */
export interface OpenItem {
  readonly item: string;
  readonly count: number;
}

export interface Acknowledgement extends OpenItem {
  readonly note: string;
}

/** A period's handoffs are counted under these names, in the checklist and when they are frozen. Null: nothing is open about it. */
export function itemOf(handoff: {
  readonly rule: string;
  readonly state: HandoffState;
  readonly resolution: Resolution["kind"] | null;
}): string | null {
  const { rule, state, resolution } = handoff;
  if (resolution === "awaiting_approval") return `awaiting ${rule}`;
  if (state === "pending") return `pending ${rule}`;
  return isBreak(state) && resolution === null ? `break ${rule} ${state}` : null;
}

export function openItemsOf({ rules, sources, hasEnded }: CloseChecklist): OpenItem[] {
  const ofRules = rules.flatMap(({ rule, breaks, awaiting, pending }) => [
    ...BREAK_STATES.map((state) => ({ item: `break ${rule} ${state}`, count: breaks[state].count })),
    { item: `awaiting ${rule}`, count: awaiting.count },
    { item: `pending ${rule}`, count: pending.count },
  ]);
  const behind = sources.filter(({ reachesEnd }) => !reachesEnd);
  return [
    ...ofRules.filter(({ count }) => count > 0),
    ...behind.map(({ source }) => ({ item: `source ${source}`, count: 1 })),
    ...(hasEnded ? [] : [{ item: "period has not ended", count: 1 }]),
  ];
}

/** Each fault says what is not acknowledged, or not as it now stands: somebody signs for the number they saw. */
export function faultsOfAcknowledgements(
  open: readonly OpenItem[],
  acknowledged: readonly Acknowledgement[],
): { readonly path: string; readonly message: string }[] {
  return open.flatMap(({ item, count }) => {
    const path = `acknowledgements.${item}`;
    const given = acknowledged.find((each) => each.item === item);
    if (!given) return [{ path, message: `is open (${count}); settle it, or acknowledge it with a note` }];
    if (given.note.trim().length < 3) return [{ path, message: "must be acknowledged with a note" }];
    if (given.count !== count) return [{ path, message: `is ${count} by now, not ${given.count}; look again` }];
    return [];
  });
}

/** What a close freezes of a handoff: what finance signs, and nothing about who looks after it or where it is shown. */
export type FrozenHandoff = Omit<
  ListedHandoff,
  "open" | "evidence" | "owner" | "severity" | "interface" | "roots" | "stateWhenDue"
>;

export function frozenOf(handoff: ListedHandoff): FrozenHandoff {
  const { open: _open, owner: _owner, severity: _severity, interface: _interface, ...rest } = handoff;
  const { evidence: _evidence, roots: _roots, stateWhenDue: _stateWhenDue, ...frozen } = rest;
  return frozen;
}

/** One line of canonical JSON (RFC 8785: members in order, no white space), without a line break. */
export const frozenLine = (frozen: FrozenHandoff): string => canonicalJson(frozen);

export const lineHash = (line: string): string => createHash("sha256").update(line).digest("hex");

/** SHA-256 over all lines in the order of their keys, each ended by a line feed. */
export function createContentHash(): { add(line: string): void; digest(): string } {
  const hash = createHash("sha256");
  return { add: (line) => void hash.update(line).update("\n"), digest: () => hash.digest("hex") };
}

/** A rule that was published again says the same about the same events: that alone is no change. */
export function isSameSubstance(a: FrozenHandoff, b: FrozenHandoff): boolean {
  return canonicalJson({ ...a, ruleVersion: 0 }) === canonicalJson({ ...b, ruleVersion: 0 });
}

/** By bytes of UTF-8, as the store sorts: rule, type of key, key. */
export const compareFrozenKeys = (a: FrozenKey, b: FrozenKey): number =>
  compareBytes(a.rule, b.rule) || compareBytes(a.key.type, b.key.type) || compareBytes(a.key.id, b.key.id);

const compareBytes = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

export interface FrozenKey {
  readonly rule: string;
  readonly key: ObjectRef;
}

/** A handoff as its canonical line, which is read only where it differs. */
export interface FrozenLine extends FrozenKey {
  readonly line: string;
}

export const lineOf = (frozen: FrozenHandoff): FrozenLine => ({
  rule: frozen.rule,
  key: frozen.key,
  line: frozenLine(frozen),
});

const readLine = ({ line }: FrozenLine): FrozenHandoff => JSON.parse(line) as FrozenHandoff;

export interface ChangeAfterClose extends FrozenKey {
  /** `missing`: it is no longer, or belongs to another period now. `new`: it was not there when the period was closed. */
  readonly kind: "changed" | "missing" | "new";
  readonly frozen: FrozenHandoff | null;
  readonly now: FrozenHandoff | null;
}

/** Walks both sides once, in the order of their keys; holds one of each. @throws when a side is out of order */
export async function* compareFrozen(
  frozen: AsyncIterable<FrozenLine>,
  current: AsyncIterable<FrozenLine>,
): AsyncGenerator<ChangeAfterClose, void, undefined> {
  const left = inOrder(frozen);
  const right = inOrder(current);
  try {
    let [a, b] = [await left.next(), await right.next()];
    while (!a.done || !b.done) {
      const order = a.done ? 1 : b.done ? -1 : compareFrozenKeys(a.value, b.value);
      const change = changeOf(order <= 0 && !a.done ? a.value : null, order >= 0 && !b.done ? b.value : null);
      if (change) yield change;
      if (order <= 0) a = await left.next();
      if (order >= 0) b = await right.next();
    }
  } finally {
    // Whoever stops reading early must not leave a query running.
    await Promise.all([left.return(undefined), right.return(undefined)]);
  }
}

/** Of one key: what it was, what it is. Null when that is the same. */
function changeOf(before: FrozenLine | null, after: FrozenLine | null): ChangeAfterClose | null {
  if (before?.line === after?.line) return null;
  const [frozen, now] = [before && readLine(before), after && readLine(after)];
  const named = frozen ?? now;
  if (named === null || (frozen && now && isSameSubstance(frozen, now))) return null;
  const kind = frozen === null ? "new" : now === null ? "missing" : "changed";
  return { rule: named.rule, key: named.key, kind, frozen, now };
}

async function* inOrder(lines: AsyncIterable<FrozenLine>): AsyncGenerator<FrozenLine, void, undefined> {
  let last: FrozenLine | null = null;
  for await (const line of lines) {
    if (last !== null && compareFrozenKeys(last, line) >= 0)
      throw new Error(`handoffs out of order: ${last.rule} ${objectKey(last.key)} before ${objectKey(line.key)}`);
    last = line;
    yield line;
  }
}
