import { describe, expect, test } from "vitest";
import { classify } from "@/lib/domain/exceptions/classify";
import { fingerprintOf } from "@/lib/domain/exceptions/fingerprint";
import { FIRST_CAUSES } from "./causes-first";
import { SECOND_CAUSES } from "./causes-second";
import { HELD_OUT_CAUSES } from "./held-out-causes";
import { PLANTED_CAUSES } from "./planted-causes";
import { drawFrom, type PlantedCause, vary } from "./variation";
import { type Cause, randomOf, vary as varyOtherwise } from "./varied";

const FAILURES = 10_000;

interface Grouped {
  readonly cause: number;
  readonly fingerprint: string;
  readonly said: string;
  readonly message: string;
}

/** What one failure says, and which numbers its event names. */
interface Said {
  readonly interface: string;
  readonly code: string;
  readonly message: string;
  readonly identifiers: readonly string[];
}

/** Failures of all causes in turn, so that each has its share; which numbers stand in them is drawn. */
function failuresOf(causes: number, say: (cause: number) => Said): Grouped[] {
  return Array.from({ length: FAILURES }, (_, index) => {
    const cause = index % causes;
    const { interface: over, code, message, identifiers } = say(cause);
    const { class: found } = classify({ errorClass: "", errorCode: code, message, outcome: "failed" });
    const grouped = fingerprintOf({ interface: over, class: found, errorCode: code, message, identifiers });
    return { cause, fingerprint: grouped.fingerprint, said: grouped.cause, message };
  });
}

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error("there are fewer causes");
  return found;
};

/** The event names its order and its shipment. */
function planted(causes: readonly PlantedCause[], seed: number): (cause: number) => Said {
  const draw = vary(drawFrom(seed));
  return (cause) => {
    const order = draw.order();
    const shipment = draw.shipment();
    const { interface: over, code, message } = at(causes, cause);
    return { interface: over, code, message: message(draw, order, shipment), identifiers: [order, shipment] };
  };
}

/** All over one interface. Half of the events name what they are about, half only a trace: a batch that failed as a whole. */
function overOne(causes: readonly Cause[], seed: number): (cause: number) => Said {
  const random = randomOf(seed);
  return (cause) => {
    const varied = varyOtherwise(random);
    const named = random() < 0.5 ? [varied.order, varied.delivery, varied.shipment, varied.sku] : [varied.uuid];
    return { interface: "a-to-b", ...at(causes, cause)(varied), identifiers: named };
  };
}

const pairsOf = (count: number) => (count * (count - 1)) / 2;

function countBy<T>(items: readonly T[], key: (item: T) => string): number[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts.values()];
}

/** Of all pairs of failures: of those put together, how many belong together; and of those that belong together, how many are. */
function scoreOf(failures: readonly Grouped[]): { groups: number; precision: number; recall: number } {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + pairsOf(count), 0);
  const grouped = countBy(failures, ({ fingerprint }) => fingerprint);
  const together = sum(grouped);
  const belonging = sum(countBy(failures, ({ cause }) => String(cause)));
  const both = sum(countBy(failures, ({ cause, fingerprint }) => `${cause} ${fingerprint}`));
  return { groups: grouped.length, precision: both / together, recall: both / belonging };
}

/** Which causes fell apart or together, with a message of each part, so that a failing run says why. */
function faultsOf(failures: readonly Grouped[]): string[] {
  const faults: string[] = [];
  const byCause = new Map<number, Map<string, Grouped>>();
  const byGroup = new Map<string, Map<number, Grouped>>();
  for (const failure of failures) {
    const { cause, fingerprint } = failure;
    byCause.set(cause, (byCause.get(cause) ?? new Map()).set(fingerprint, failure));
    byGroup.set(fingerprint, (byGroup.get(fingerprint) ?? new Map()).set(cause, failure));
  }
  const shown = (parts: Map<unknown, Grouped>) =>
    [...parts.values()].slice(0, 4).map(({ said, message }) => `\n   ${said}   <-   ${message.slice(0, 200)}`);
  for (const parts of byCause.values()) if (parts.size > 1) faults.push(`${parts.size} groups: ${shown(parts)}`);
  for (const parts of byGroup.values()) if (parts.size > 1) faults.push(`one group: ${shown(parts)}`);
  return faults;
}

const SETS: readonly (readonly [string, number, (seed: number) => (cause: number) => Said])[] = [
  ["of ERPs, databases, HTTP, EDI and shops", PLANTED_CAUSES.length, (seed) => planted(PLANTED_CAUSES, seed)],
  ["written after the normaliser was done", HELD_OUT_CAUSES.length, (seed) => planted(HELD_OUT_CAUSES, seed)],
  ["written by somebody else, over one interface", FIRST_CAUSES.length, (seed) => overOne(FIRST_CAUSES, seed)],
  ["more by somebody else, over one interface", SECOND_CAUSES.length, (seed) => overOne(SECOND_CAUSES, seed)],
];

describe.each(SETS)("ten thousand failures of thirty causes %s", (name, causes, sayingOf) => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const failures = failuresOf(causes, sayingOf(seed));

  test("fall into one group per cause, and no group has two", () => {
    const score = scoreOf(failures);
    process.stdout.write(
      `thirty causes ${name}, seed ${seed}: ${FAILURES} failures, ${score.groups} groups, pairwise precision ${score.precision.toFixed(4)}, recall ${score.recall.toFixed(4)}\n`,
    );
    expect(causes).toBe(30);
    expect(faultsOf(failures), `seed ${seed}`).toEqual([]);
    expect(score).toEqual({ groups: causes, precision: 1, recall: 1 });
  });

  test("differ in nearly every message, so that it is not the raw text that groups them", () => {
    const texts = Array.from({ length: causes }, () => new Set<string>());
    for (const { cause, message } of failures) texts[cause]?.add(message);
    expect(texts.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(0.8 * FAILURES);
  });
});
