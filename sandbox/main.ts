import { parseArgs } from "node:util";
import { z } from "zod";
import { type Progress, writeHistory } from "./files";
import { frequencyTable } from "./frequencies";
import { aboutOf, type HistoryOptions } from "./simulation";

/** `npm run sandbox`: a history of the simulated enterprise, and its truth, to files. */

const USAGE = `Usage: npm run sandbox -- --orders N --days D --seed S --out feed.ndjson [--truth truth.json]

Writes the events of a simulated enterprise as CloudEvents, one JSON document a line, in the order they would reach you.

  --orders N       customer orders, 1 to 2,000,000            (default 1000)
  --days D         length of the history in days, 1 to 366    (default 14)
  --seed S         any text; the same seed gives the same bytes (default 1)
  --out FILE       the feed, NDJSON                           (required)
  --truth FILE     which event belongs to which order, every fault, every order's figures
  --end TIME       last moment of the history, RFC 3339       (default 2026-11-23T17:00:00Z)
  --start TIME     first moment of it, instead of --end
  --complete       tell every order to its end, past the end of the history
  --variant V      native: each event names what its system knows (default)
                   full: each event also names its order
  --faults X       postings and payments go wrong X times as often, 0 to 20 (default 1)
  --frequencies    print the table of shapes and faults with their rates, and stop
  --help           print this, and stop

Exit code 0 when the files are written, 2 when an option is wrong, 1 when writing fails.
`;

const time = z.string().refine((text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)), {
  error: "expected a time such as 2026-11-23T17:00:00Z",
});

function wholeNumber(most: number) {
  const error = `expected a whole number from 1 to ${most.toLocaleString("en")}`;
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(most, { error });
}

const Options = z
  .object({
    orders: wholeNumber(2_000_000).default(1000),
    days: wholeNumber(366).default(14),
    seed: z.string().min(1).default("1"),
    out: z.string({ error: "expected a file name for the feed" }).min(1),
    truth: z.string().min(1).optional(),
    end: time.optional(),
    start: time.optional(),
    complete: z.boolean().default(false),
    faults: z.coerce.number().min(0).max(20).default(1),
    variant: z.enum(["native", "full"], { error: "expected native or full" }).default("native"),
  })
  .refine((options) => options.start === undefined || options.end === undefined, {
    error: "give either --start or --end, not both",
    path: ["start"],
  })
  .refine((options) => options.truth === undefined || options.truth !== options.out, {
    error: "expected another file than --out",
    path: ["truth"],
  });

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === "number") return args;
  const { out, truth, ...rest } = args;
  const options: HistoryOptions = { ...rest };
  const startedAt = performance.now();
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
  process.once("SIGTERM", () => interruption.abort(new Error("interrupted")));
  const written = await writeHistory(options, out, truth, showProgress(options.orders), interruption.signal);
  if (process.stderr.isTTY) process.stderr.write(`\r${"".padEnd(60)}\r`);
  const about = aboutOf(options);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { counts } = written;
  console.log(
    `${out}: ${counts.deliveries} deliveries of ${counts.events} events, ${options.orders} orders from ${about.start} to ${about.end}, in ${seconds} s`,
  );
  if (truth !== undefined) console.log(`${truth}: ${counts.roots} journeys, ${written.faults} faults`);
  return 0;
}

function showProgress(orders: number): (progress: Progress) => void {
  return ({ phase, done }) => {
    if (!process.stderr.isTTY) return;
    const text = phase === "telling" ? `${done} of ${orders} orders told` : `${done} events written`;
    process.stderr.write(`\r${text.padEnd(60)}`);
  };
}

/** The options, or the exit code when there is nothing more to do. */
function readArguments(): z.infer<typeof Options> | number {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      options: {
        orders: text,
        days: text,
        seed: text,
        out: text,
        truth: text,
        end: text,
        start: text,
        variant: text,
        faults: text,
        complete: flag,
        frequencies: flag,
        help: flag,
      },
    }));
  } catch (error) {
    return refuse([error instanceof Error ? error.message : String(error)]);
  }
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (values.frequencies === true) {
    console.log(frequencyTable());
    return 0;
  }
  const parsed = Options.safeParse(values);
  if (parsed.success) return parsed.data;
  return refuse(parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`));
}

function refuse(reasons: readonly string[]): number {
  for (const reason of reasons) console.error(reason);
  console.error("Run with --help to see all options.");
  return 2;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`The feed could not be written: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
