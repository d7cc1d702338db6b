/**
 * `npm run bench -- NAME`. Each benchmark measures a peer or a limit beside the product in the same run and prints the ratio,
 * because a rate or a time alone says as much about the machine as about the code.
 *
 * Exit codes: 0 measured (an aim that is missed is printed, it is no error), 1 broken, 2 a wrong name or option.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchExceptions } from "./exceptions";
import { benchHub } from "./hub";
import { benchIngest } from "./ingest";
import { benchJourney } from "./journey";
import { benchReconcile } from "./reconcile";
import { type Report, reportText } from "./report";

interface Benchmark {
  readonly about: string;
  /** Sizes in events (reconcile: in handoffs, exceptions: in exceptions), as --events gives them. */
  readonly defaultEvents: readonly number[];
  run(events: readonly number[]): Promise<Report>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  ingest: {
    about: "whole intake path against a raw insert of the same rows; peak memory",
    defaultEvents: [200_000],
    run: ([events = 200_000]) => benchIngest(events),
  },
  journey: {
    about: "reading one journey, p50 and p95, at each size; growth from the first to the last",
    defaultEvents: [1_000_000, 10_000_000],
    run: benchJourney,
  },
  hub: {
    about: "an order that shares a document with 9,999 others against a plain order: reading and projecting",
    defaultEvents: [500_000],
    run: ([events = 500_000]) => benchHub(events),
  },
  reconcile: {
    about: "matrix and list of breaks of so many handoffs, beside PostgreSQL where it is installed; the sweep",
    defaultEvents: [5_000_000],
    run: ([handoffs = 5_000_000]) => benchReconcile(handoffs),
  },
  exceptions: {
    about:
      "queue and groups of so many exceptions, whole, filtered and searched, beside PostgreSQL where it is installed",
    defaultEvents: [1_000_000],
    run: ([exceptions = 1_000_000]) => benchExceptions(exceptions),
  },
};

const USAGE = `Usage: npm run bench -- NAME [--json] [--events N[,N…]]

${Object.entries(BENCHMARKS)
  .map(([name, { about, defaultEvents }]) => `  ${name.padEnd(10)} ${about} (--events ${defaultEvents.join(",")})`)
  .join("\n")}

  --json      one JSON document instead of text
  --events    how many events (reconcile: handoffs; exceptions: exceptions), instead of the above
  --help      print this, and stop
`;

function readArguments(): { benchmark: Benchmark; events: readonly number[]; json: boolean } | number {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "boolean" }, events: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const [name = "", ...rest] = positionals;
    const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
    if (!benchmark || rest.length > 0) throw new Error(`expected one of ${Object.keys(BENCHMARKS).join(", ")}`);
    const events = values.events === undefined ? benchmark.defaultEvents : values.events.split(",").map(eventCount);
    return { benchmark, events, json: values.json === true };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
}

function eventCount(text: string): number {
  const count = Number(text.replaceAll("_", ""));
  if (!Number.isInteger(count) || count < 1_000)
    throw new Error(`--events: expected whole numbers from 1000, got "${text}"`);
  return count;
}

async function main(): Promise<number> {
  const chosen = readArguments();
  if (typeof chosen === "number") return chosen;
  const loadBefore = loadavg()[0] ?? 0;
  const report = await chosen.benchmark.run(chosen.events);
  const conditions = { ...report.conditions, "load average before": loadBefore.toFixed(1) };
  const whole = { ...report, conditions };
  process.stdout.write(chosen.json ? `${JSON.stringify(whole)}\n` : reportText(whole));
  return 0;
}

process.exitCode = await main();
