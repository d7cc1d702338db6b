/** `npm run rebuild [-- --from T]`: derives journeys and handoffs again from the facts, beside a running product or without one. */
import pino from "pino";
import { readArguments, runCommand, UsageError } from "@/ingest/command";
import { keyOf, leavingOutRefused } from "@/ingest/project/derived-rows";
import { type RebuildProgress, type RebuildStore, rebuild } from "@/ingest/project/rebuild";
import { openStore } from "@/ingest/store-access";
import { loadWorkerRules } from "@/ingest/worker";
import { loadEnvironment } from "@/lib/config/environment";
import { loadFinance } from "@/lib/config/finance";
import { readRulesInForce } from "@/lib/queries/rules-in-force";

const USAGE = `Usage: npm run rebuild [-- --from TIME]

Correlates every stored event again under the configuration of today, and projects every journey and handoff again.
  --from TIME   only what was received since, an RFC 3339 time like 2026-11-23T00:00:00Z`;

const WORDS: Readonly<Record<RebuildProgress["step"], readonly [string, string]>> = {
  correlate: ["events correlated", "of them differently than before"],
  project: ["objects projected", "rows written"],
};

async function main(): Promise<number> {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    from: { type: "string" },
    help: { type: "boolean" },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`Not understood: ${positionals.join(" ")}.`);
  const from = values.from === undefined ? null : timeOf(values.from);
  const environment = loadEnvironment();
  const rules = loadWorkerRules(environment, pino({ level: environment.logLevel }, pino.destination(2)));
  const { store, close } = await openStore(environment);
  try {
    let last: RebuildProgress | null = null;
    const inForce = await readRulesInForce(store, loadFinance(environment.configDir));
    const insert = leavingOutRefused(
      (table, rows) => store.insert(table, rows),
      (table, refusals) => {
        for (const { row, reason } of refusals)
          console.error(`Left out of ${table}: ${JSON.stringify(keyOf(row))}: ${reason}`);
      },
    );
    const tables: RebuildStore = {
      ...store,
      insert: (table, rows) => (rows instanceof Uint8Array ? store.insert(table, rows) : insert(table, rows)),
    };
    await rebuild(tables, rules, inForce, from, (progress) => {
      if (last && last.step !== progress.step) report(last, "\n");
      last = progress;
      if (process.stdout.isTTY) report(progress, "\r");
    });
    if (last) report(last, "\n");
    console.log("Rebuilt.");
  } finally {
    await close();
  }
  return 0;
}

function report({ step, done, changed }: RebuildProgress, end: string): void {
  const [what, which] = WORDS[step];
  process.stdout.write(`${done.toLocaleString("en")} ${what}, ${changed.toLocaleString("en")} ${which}.${end}`);
}

function timeOf(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError("--from: expected an RFC 3339 time like 2026-11-23T00:00:00Z.");
  return new Date(time).toISOString();
}

runCommand(main, USAGE);
