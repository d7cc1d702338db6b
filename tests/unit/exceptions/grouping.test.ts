import { describe, expect, test } from "vitest";
import { classify } from "@/lib/domain/exceptions/classify";
import { fingerprintOf } from "@/lib/domain/exceptions/fingerprint";
import { HELD_OUT_CAUSES } from "./held-out-causes";
import { PLANTED_CAUSES } from "./planted-causes";
import { drawFrom, type PlantedCause, vary } from "./variation";

const FAILURES = 10_000;

interface Grouped {
  readonly cause: number;
  readonly fingerprint: string;
  readonly said: string;
  readonly message: string;
}

/** Failures of all causes in turn, so that each has its share; which numbers stand in them is drawn. */
function failuresOf(causes: readonly PlantedCause[], seed: number): Grouped[] {
  const draw = vary(drawFrom(seed));
  return Array.from({ length: FAILURES }, (_, index) => {
    const cause = index % causes.length;
    const planted = causes[cause];
    if (planted === undefined) throw new Error("no causes");
    const order = draw.order();
    const shipment = draw.shipment();
    const message = planted.message(draw, order, shipment);
    const { class: found } = classify({ errorClass: "", errorCode: planted.code, message, outcome: "failed" });
    const named = { interface: planted.interface, class: found, errorCode: planted.code, message };
    const { fingerprint, cause: said } = fingerprintOf({ ...named, identifiers: [order, shipment] });
    return { cause, fingerprint, said, message };
  });
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
function faultsOf(causes: readonly PlantedCause[], failures: readonly Grouped[]): string[] {
  const faults: string[] = [];
  causes.forEach(({ name }, index) => {
    const parts = new Map(
      failures.filter(({ cause }) => cause === index).map((failure) => [failure.fingerprint, failure]),
    );
    if (parts.size > 1)
      faults.push(
        `"${name}" fell into ${parts.size}: ${[...parts.values()].slice(0, 4).map(({ said, message }) => `\n   ${said}   <-   ${message.slice(0, 200)}`)}`,
      );
  });
  const owners = new Map<string, Set<number>>();
  for (const { fingerprint, cause } of failures)
    owners.set(fingerprint, (owners.get(fingerprint) ?? new Set()).add(cause));
  for (const together of owners.values())
    if (together.size > 1)
      faults.push(`one group for: ${[...together].map((index) => causes[index]?.name).join(", ")}`);
  return faults;
}

describe.each([
  ["thirty planted causes", PLANTED_CAUSES],
  ["thirty causes written after the normaliser was done", HELD_OUT_CAUSES],
])("ten thousand failures of %s", (name, causes) => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const failures = failuresOf(causes, seed);

  test("fall into one group per cause, and no group has two", () => {
    const score = scoreOf(failures);
    process.stdout.write(
      `${name}, seed ${seed}: ${FAILURES} failures, ${score.groups} groups, pairwise precision ${score.precision.toFixed(4)}, recall ${score.recall.toFixed(4)}\n`,
    );
    expect(causes).toHaveLength(30);
    expect(faultsOf(causes, failures), `seed ${seed}`).toEqual([]);
    expect(score).toEqual({ groups: causes.length, precision: 1, recall: 1 });
  });

  test("differ in nearly every message, so that it is not the raw text that groups them", () => {
    const texts = causes.map(
      (_, index) => new Set(failures.filter(({ cause }) => cause === index).map(({ message }) => message)).size,
    );
    // A period has few months; everything else differs all the time.
    expect(Math.min(...texts)).toBeGreaterThan(20);
    expect(texts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0.8 * FAILURES);
  });
});
