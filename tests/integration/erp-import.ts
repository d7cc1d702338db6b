/** What the tests of real ERP extracts share: the import as a person runs it, with a configuration of its own, and the handoffs as they then stand. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { loadWorkerRules, type WorkerRules } from "@/ingest/worker";
import type { Store } from "@/lib/clickhouse/client";
import { loadEnvironment } from "@/lib/config/environment";

export const SAMPLES = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "erp");

export interface ErpWorkspace {
  readonly folder: string;
  readonly configDir: string;
  readonly rules: WorkerRules;
}

/** The configuration that ships, with an example's files over it, in a folder of its own. The caller removes the folder. */
export async function openWorkspace(example: string): Promise<ErpWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), "throughline-erp-"));
  const configDir = join(folder, "config");
  await cp("config", configDir, { recursive: true });
  await cp(join("config/examples", example), configDir, { recursive: true });
  const environment = loadEnvironment({ NODE_ENV: "test", CONFIG_DIR: configDir });
  return { folder, configDir, rules: loadWorkerRules(environment, pino({ level: "silent" })) };
}

export interface ImportRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run import -- …` */
export async function runImport(
  url: string,
  { folder, configDir }: ErpWorkspace,
  args: readonly string[],
): Promise<ImportRun> {
  const child = spawn(process.execPath, ["--import", "tsx", "ingest/import-command.ts", ...args], {
    env: { ...process.env, CLICKHOUSE_URL: url, DATA_DIR: join(folder, "data"), CONFIG_DIR: configDir },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code: code as number | null, stdout, stderr };
}

export interface StandingHandoff {
  readonly key: string;
  readonly state: string;
  /** Event ids. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly expectedQuantity: string | null;
  readonly actualQuantity: string | null;
  readonly expectedAmount: string | null;
  readonly actualAmount: string | null;
  readonly companyCode: string;
  readonly difference: Record<string, unknown>;
}

/** The handoffs of a rule by the clock `now`, by key. */
export async function handoffsOf(store: Store, rule: string, now: string): Promise<Map<string, StandingHandoff>> {
  const rows = await store.query<Omit<StandingHandoff, "difference"> & { difference: string }>(
    `SELECT key_id AS key, if(state = 'pending' AND due_at <= parseDateTime64BestEffort({now:String}, 3), state_when_due, state) AS state,
            from_events.id AS from, to_events.id AS to, toString(expected_quantity) AS expectedQuantity, toString(actual_quantity) AS actualQuantity,
            toString(expected_amount) AS expectedAmount, toString(actual_amount) AS actualAmount, company_code AS companyCode, difference
     FROM handoffs FINAL WHERE rule = {rule:String} ORDER BY key_id`,
    { rule, now },
  );
  return new Map(
    rows.map((row) => [row.key, { ...row, difference: JSON.parse(row.difference) as Record<string, unknown> }]),
  );
}

export const keysIn = (handoffs: ReadonlyMap<string, StandingHandoff>, state: string): string[] =>
  [...handoffs.values()]
    .filter((handoff) => handoff.state === state)
    .map(({ key }) => key)
    .sort();

/** How many stand in each state. */
export function countByState(handoffs: ReadonlyMap<string, StandingHandoff>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of handoffs.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
