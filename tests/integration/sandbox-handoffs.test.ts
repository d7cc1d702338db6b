import { describe, expect, it } from "vitest";
import type { Store } from "@/lib/clickhouse/client";
import { HANDOFF_STATES } from "@/lib/domain/handoffs/handoff";
import { deliveredEvents } from "@/sandbox/account";
import { type HandoffTruth, handoffsOf } from "@/sandbox/handoffs";
import { type HistoryOptions, periodOf, simulate, type Truth, tellHistory, worldOf } from "@/sandbox/simulation";
import { correlate } from "@/sandbox/truth";
import { startTestStore } from "./embedded-store";
import { openTestPipeline } from "./test-pipeline";

/** Nobody can tune on a seed that is drawn when the test runs. It is printed, to be run again with SANDBOX_SEED. */
const DRAWN = process.env.SANDBOX_SEED ?? String(Math.floor(Math.random() * 1e9));
const DAY_MS = 86_400_000;
/** By then everything that was pending at the feed's end is due. */
const MUCH_LATER_MS = 200 * DAY_MS;

/** Four months, so that payments fall due and five month's ends pass; and few orders with many faults, so that most shapes of break occur. */
const HISTORY = { orders: 600, days: 110, faults: 5, end: "2026-11-23T17:00:00.000Z" } as const;

/** One handoff, as both sides say it: states, and the difference with its numbers as numbers. */
interface Judged {
  readonly state: string;
  readonly difference: string;
}

interface Row {
  readonly rule: string;
  readonly key_type: string;
  readonly key_id: string;
  readonly state: string;
  readonly due_at: string | null;
  readonly state_when_due: string;
  readonly difference: string;
}

type Difference = Pick<HandoffTruth, "quantity" | "amount" | "period">;

const comparable = ({ quantity, amount, period }: Difference): string =>
  JSON.stringify({
    quantity: (quantity ?? []).map(({ sku, expected, actual }) => [sku, Number(expected), Number(actual)]),
    amount: amount && [Number(amount.expected), Number(amount.actual), amount.currency],
    period: period && [period.expected, period.actual],
  });

async function foundAt(store: Store, clock: number): Promise<Map<string, Judged>> {
  const rows = await store.query<Row>(
    `SELECT rule, key_type, key_id, state, toString(due_at) AS due_at, state_when_due, difference
     FROM (SELECT * REPLACE (if(state = 'pending' AND due_at <= {now:DateTime64(3, 'UTC')}, state_when_due, state) AS state) FROM handoffs FINAL)
     ORDER BY rule, key_type, key_id`,
    { now: new Date(clock).toISOString().replace("T", " ").replace("Z", "") },
  );
  return new Map(
    rows.map((row) => [
      `${row.rule} ${row.key_type} ${row.key_id}`,
      { state: row.state, difference: comparable(JSON.parse(row.difference) as Difference) },
    ]),
  );
}

function truthAt(options: HistoryOptions, clock: number): Map<string, Judged> {
  const { cutAt } = periodOf(options);
  const truth = new Map<string, Judged>();
  for (const { stories } of tellHistory(worldOf(options), options)) {
    for (const story of stories) {
      const events = deliveredEvents(story, cutAt);
      for (const { rule, key, state, ...difference } of handoffsOf(events, correlate(events), clock))
        truth.set(`${rule} ${key.type} ${key.id}`, { state, difference: comparable(difference) });
    }
  }
  return truth;
}

/** Counts of rule × state that is true × state that was found, and every handoff that is not as it should be. */
class Confusion {
  readonly wrong: string[] = [];
  private readonly counts = new Map<string, number>();

  constructor(truth: ReadonlyMap<string, Judged>, found: ReadonlyMap<string, Judged>) {
    for (const name of [...new Set([...truth.keys(), ...found.keys()])].sort()) {
      const [due, got] = [truth.get(name), found.get(name)];
      const cell = [name.split(" ")[0], due?.state ?? "none", got?.state ?? "none"].join(" ");
      this.counts.set(cell, (this.counts.get(cell) ?? 0) + 1);
      if (due?.state !== got?.state || due?.difference !== got?.difference)
        this.wrong.push(`${name}: true ${JSON.stringify(due)}, found ${JSON.stringify(got)}`);
    }
  }

  table(): string {
    const lines = new Map<string, Map<string, number>>();
    for (const [cell, count] of this.counts) {
      const [rule = "", due = "", got = ""] = cell.split(" ");
      const line = lines.get(`${rule} ${due}`) ?? new Map<string, number>();
      lines.set(`${rule} ${due}`, line.set(got, count));
    }
    const states = [...HANDOFF_STATES, "none"];
    const header = ["rule".padEnd(24), "true".padEnd(11), ...states.map((state) => state.padStart(11))].join("");
    const body = [...lines].map(([name, line]) => {
      const [rule = "", due = ""] = name.split(" ");
      return [
        rule.padEnd(24),
        due.padEnd(11),
        ...states.map((state) => String(line.get(state) ?? "·").padStart(11)),
      ].join("");
    });
    return [header, ...body].join("\n");
  }
}

/** What was planted, by kind, and how much of it stands at the feed's end and was found. */
function plantedTable(truth: Truth, found: ReadonlyMap<string, Judged>): string {
  const kinds = new Map<string, { faults: number; broken: Set<string>; seen: Set<string> }>();
  for (const { kind, expected } of truth.faults) {
    const entry = kinds.get(kind) ?? { faults: 0, broken: new Set<string>(), seen: new Set<string>() };
    kinds.set(kind, entry);
    entry.faults += 1;
    for (const { rule, key, state } of expected) {
      const name = `${rule} ${key.type} ${key.id}`;
      entry.broken.add(name);
      if (found.get(name)?.state === state) entry.seen.add(name);
    }
  }
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([kind, { faults, broken, seen }]) =>
        `${kind.padEnd(28)}${String(faults).padStart(5)} planted, ${String(broken.size).padStart(4)} handoffs broken, ${String(seen.size).padStart(4)} found`,
    )
    .join("\n");
}

describe("the simulated company's handoffs", () => {
  it.each(["finance", "auditor", DRAWN])(
    "at seed %s are found as its truth says, every rule and key, now and when all is due",
    { timeout: 600_000 },
    async (seed) => {
      const options: HistoryOptions = { ...HISTORY, seed };
      const { endAt } = periodOf(options);
      const { feed, truth } = simulate(options);
      const fresh = await startTestStore();
      try {
        const pipeline = await openTestPipeline(fresh.store);
        const stored = await pipeline.takeEvents(feed.map(({ event }) => event));
        expect(stored.deadLettered).toEqual([]);
        await pipeline.close();
        console.info(`seed ${seed}\n${plantedTable(truth, await foundAt(fresh.store, endAt))}`);
        for (const [when, clock] of [
          ["at the feed's end", endAt],
          ["when all is due", endAt + MUCH_LATER_MS],
        ] as const) {
          const confusion = new Confusion(truthAt(options, clock), await foundAt(fresh.store, clock));
          console.info(
            `seed ${seed}, ${when}: ${truth.handoffs.length} handoffs, ${confusion.wrong.length} wrong; rule, what is true, what was found\n${confusion.table()}`,
          );
          expect(confusion.wrong).toEqual([]);
        }
      } finally {
        await fresh.stop();
      }
    },
  );
});
