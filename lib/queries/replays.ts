/** Replays: plans and commands as the app appends them, and what has become of them. Tables replay_* (0008_exceptions.sql). `now` is RFC 3339. */
import { z } from "zod";
import type { Store } from "@/lib/clickhouse/client";
import { timestamp } from "@/lib/domain/event";
import { OPEN_STATES } from "@/lib/domain/exceptions/exception";
import type { ItemState } from "@/lib/domain/replay/entry";
import type { JobState, ReplayCommand, ReplayCounts, ReplayItem, ReplayPlan } from "@/lib/domain/replay/job";
import { commandsInOrder, countsOf, jobStateOf, stepEnds } from "@/lib/domain/replay/job-state";
import type { Skipped } from "@/lib/domain/replay/plan";
import { exceptionFilter } from "./exception-filter";
import { countExceptions } from "./exceptions";
import type { FactReader } from "./fact-reader";
import { decodeCursor, encodeCursor } from "./place-cursor";

/** The items first: a job that can be seen is whole. */
export async function storeReplayPlan(
  store: Pick<Store, "insert">,
  plan: ReplayPlan,
  items: readonly ReplayItem[],
  skipped: readonly Skipped[],
): Promise<void> {
  const rows = [
    ...items.map((item) => ({
      job_id: plan.id,
      position: item.position,
      exception_id: item.exceptionId,
      disposition: "replay",
      skip_reason: "",
      item: JSON.stringify(item),
    })),
    ...skipped.map(({ exceptionId, reason }, index) => ({
      job_id: plan.id,
      position: items.length + index,
      exception_id: exceptionId,
      disposition: "skip",
      skip_reason: reason,
      item: "",
    })),
  ];
  if (rows.length > 0) await store.insert("replay_items", rows);
  const { id, plannedAt, plannedBy, plannedById, name } = plan;
  await store.insert("replay_jobs", [
    {
      job_id: id,
      planned_at: plannedAt,
      planned_by: plannedBy,
      planned_by_id: plannedById,
      name,
      plan: JSON.stringify(plan),
    },
  ]);
}

export async function storeReplayCommand(store: Pick<Store, "insert">, command: ReplayCommand): Promise<void> {
  await store.insert("replay_commands", [
    {
      job_id: command.jobId,
      given_at: command.givenAt,
      command_id: command.id,
      command: command.command,
      given_by: command.givenBy,
      given_by_id: command.givenById,
      exception_id: command.exceptionId,
      reason: command.reason,
    },
  ]);
}

export async function readReplayPlan(reader: FactReader, id: string): Promise<ReplayPlan | null> {
  const [row] = await reader.query<{ plan: string }>(
    "SELECT plan FROM replay_jobs WHERE job_id = {id:String} LIMIT 1",
    { id },
  );
  return row ? (JSON.parse(row.plan) as ReplayPlan) : null;
}

/** In order, each once. */
export async function readReplayCommands(reader: FactReader, jobIds: readonly string[]): Promise<ReplayCommand[]> {
  const rows = await reader.query<{
    job_id: string;
    given_at: string;
    command_id: string;
    command: ReplayCommand["command"];
    given_by: string;
    given_by_id: string;
    exception_id: string;
    reason: string;
  }>(
    `SELECT job_id, given_at, command_id, command, given_by, given_by_id, exception_id, reason
     FROM replay_commands FINAL WHERE job_id IN {ids:Array(String)}`,
    { ids: jobIds },
  );
  return commandsInOrder(
    rows.map((row) => ({
      jobId: row.job_id,
      id: row.command_id,
      command: row.command,
      givenAt: row.given_at,
      givenBy: row.given_by,
      givenById: row.given_by_id,
      exceptionId: row.exception_id,
      reason: row.reason,
    })),
  );
}

export interface ReplaySummary {
  readonly plan: ReplayPlan;
  readonly state: JobState;
  readonly counts: ReplayCounts;
  /** Names; null while nobody has. */
  readonly startedBy: string | null;
  readonly approvedBy: string | null;
}

export interface Replay extends ReplaySummary {
  /** The step of the ramp that the job is in, from 0; `done` of its `size` have come to an end, `failed` of them badly. */
  readonly step: { readonly index: number; readonly size: number; readonly done: number; readonly failed: number };
  /** Exceptions of the same filter, else of the same interfaces, that failed since the plan was made and are not in it. */
  readonly failuresMeanwhile: number;
  readonly commands: readonly ReplayCommand[];
}

/** Null when there is no such job. */
export async function readReplay(
  reader: FactReader,
  id: string,
  { now }: { readonly now: string },
): Promise<Replay | null> {
  const plan = await readReplayPlan(reader, id);
  if (!plan) return null;
  const [[summary], step, failuresMeanwhile, commands] = await Promise.all([
    summarise(reader, [plan]),
    readStep(reader, plan),
    countMeanwhile(reader, plan, now),
    readReplayCommands(reader, [id]),
  ]);
  return summary ? { ...summary, step, failuresMeanwhile, commands } : null;
}

async function summarise(reader: FactReader, plans: readonly ReplayPlan[]): Promise<ReplaySummary[]> {
  const ids = plans.map(({ id }) => id);
  const [commands, states] = await Promise.all([readReplayCommands(reader, ids), readItemStates(reader, ids)]);
  return plans.map((plan) => {
    const own = commands.filter(({ jobId }) => jobId === plan.id);
    const byName = (name: string) => own.find(({ command }) => command === name)?.givenBy ?? null;
    return {
      plan,
      state: jobStateOf(own, plan.approvalReasons.length > 0),
      counts: countsOf(plan.willReplay + plan.willSkip, plan.willSkip, states.get(plan.id) ?? {}),
      startedBy: byName("start"),
      approvedBy: byName("approve"),
    };
  });
}

/** The state of each item that has begun: that of its last entry. */
const ITEM_STATES_SQL = `SELECT job_id, exception_id, argMax(state, (entry_no, entry_id)) AS item_state
  FROM replay_attempts WHERE job_id IN {ids:Array(String)} GROUP BY job_id, exception_id`;

type CountByState = Partial<Record<ItemState, number>>;

async function readItemStates(reader: FactReader, ids: readonly string[]): Promise<Map<string, CountByState>> {
  const rows = await reader.query<{ job_id: string; item_state: ItemState; count: string }>(
    `SELECT job_id, item_state, count() AS count FROM (${ITEM_STATES_SQL}) GROUP BY job_id, item_state`,
    { ids },
  );
  const states = new Map<string, CountByState>();
  for (const { job_id, item_state, count } of rows)
    states.set(job_id, { ...states.get(job_id), [item_state]: Number(count) });
  return states;
}

async function readStep(reader: FactReader, { id, ramp, willReplay }: ReplayPlan): Promise<Replay["step"]> {
  const ends = stepEnds(ramp, willReplay);
  const rows = await reader.query<{ step: number; done: string; failed: string }>(
    `SELECT toUInt32(arrayFirstIndex(end -> items.position < end, {ends:Array(UInt32)})) AS step,
       countIf(states.item_state IN ('verified', 'sent', 'failed', 'skipped', 'held')) AS done,
       countIf(states.item_state = 'failed') AS failed
     FROM (SELECT position, exception_id FROM replay_items FINAL WHERE job_id = {id:String} AND disposition = 'replay') AS items
     LEFT JOIN (${ITEM_STATES_SQL}) AS states ON states.exception_id = items.exception_id
     GROUP BY step ORDER BY step`,
    { id, ids: [id], ends },
  );
  const steps = ends.map((end, index) => {
    const row = rows.find(({ step }) => step === index + 1);
    return {
      index,
      size: end - (ends[index - 1] ?? 0),
      done: Number(row?.done ?? 0),
      failed: Number(row?.failed ?? 0),
    };
  });
  return steps.find(({ size, done }) => done < size) ?? steps.at(-1) ?? { index: 0, size: 0, done: 0, failed: 0 };
}

async function countMeanwhile(reader: FactReader, plan: ReplayPlan, now: string): Promise<number> {
  const { id, asked, plannedAt } = plan;
  if ("filter" in asked) {
    const filter = exceptionFilter.parse(asked.filter);
    return countExceptions(reader, { ...filter, from: plannedAt, to: undefined }, now, id);
  }
  const rows = await reader.query<{ interface: string }>(
    `SELECT DISTINCT JSONExtractString(item, 'interface') AS interface FROM replay_items
     WHERE job_id = {id:String} AND disposition = 'replay'`,
    { id },
  );
  if (rows.length === 0) return 0;
  const interfaces = rows.map((row) => row.interface);
  return countExceptions(reader, { states: OPEN_STATES, interface: interfaces, from: plannedAt }, now, id);
}

export interface ReplayList {
  readonly items: readonly ReplaySummary[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Newest first. @throws InvalidCursor */
export async function listReplays(
  reader: FactReader,
  { limit = 50, cursor }: { readonly limit?: number; readonly cursor?: string | null } = {},
): Promise<ReplayList> {
  const after = cursor ? decodeCursor(jobPlace, cursor) : null;
  const count = Math.min(Math.max(limit, 1), 500);
  const [rows, [counted]] = await Promise.all([
    reader.query<{ plan: string }>(
      `SELECT plan FROM replay_jobs FINAL
       ${after ? "WHERE (planned_at, job_id) < (parseDateTime64BestEffort({afterAt:String}, 3, 'UTC'), {afterId:String})" : ""}
       ORDER BY planned_at DESC, job_id DESC LIMIT {limit:UInt32}`,
      { limit: count + 1, ...(after ? { afterAt: after.at, afterId: after.id } : {}) },
    ),
    reader.query<{ total: string }>("SELECT uniqExact(job_id) AS total FROM replay_jobs"),
  ]);
  const plans = rows.slice(0, count).map((row) => JSON.parse(row.plan) as ReplayPlan);
  const last = plans.at(-1);
  return {
    items: await summarise(reader, plans),
    nextCursor: rows.length > count && last ? encodeCursor({ at: last.plannedAt, id: last.id }) : null,
    total: Number(counted?.total ?? 0),
  };
}

const jobPlace = z.strictObject({ at: timestamp, id: z.string() });

/** By job: another text whenever something was commanded or done. What is no job has none. */
export async function readReplayVersions(
  reader: FactReader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.query<{ job_id: string; version: string }>(
    `SELECT job_id, concat(toString(sum(commands)), '-', toString(sum(entries))) AS version
     FROM (
       SELECT job_id, 0 AS commands, 0 AS entries FROM replay_jobs WHERE job_id IN {ids:Array(String)}
       UNION ALL SELECT job_id, 1, 0 FROM replay_commands WHERE job_id IN {ids:Array(String)}
       UNION ALL SELECT job_id, 0, 1 FROM replay_attempts WHERE job_id IN {ids:Array(String)})
     GROUP BY job_id`,
    { ids },
  );
  return new Map(rows.map(({ job_id, version }) => [job_id, version]));
}
