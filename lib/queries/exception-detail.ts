/** One exception with all that belongs to it: its failures, what people and replays did, the breaks it causes or what causes it. `now` is RFC 3339. */
import { z } from "zod";
import { exceptionAct, isExceptionAct, type StoredExceptionAct } from "@/lib/domain/exceptions/act";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { EventRef } from "@/lib/domain/journey";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import type { ItemState, ReplayEntry } from "@/lib/domain/replay/entry";
import { readExceptions } from "./exceptions";
import type { FactReader } from "./fact-reader";
import { readHandoff, readHandoffsOfRoot } from "./handoffs";

export interface ExceptionFailure {
  readonly event: EventRef;
  readonly kind: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly interface: string;
  readonly outcome: string;
  readonly error: { readonly class: string; readonly code: string; readonly message: string };
  readonly attempt: number;
  readonly objects: readonly { readonly type: string; readonly id: string; readonly qualifier: string }[];
  readonly messageKey: string;
  /** It carries its message, so a replay can send it. */
  readonly hasMessage: boolean;
}

/** What one replay did about the exception. */
export interface ExceptionReplay {
  readonly jobId: string;
  readonly name: string;
  readonly state: ItemState;
  readonly entries: readonly { readonly at: string; readonly state: ItemState; readonly entry: ReplayEntry }[];
}

export interface ExceptionDetail {
  readonly exception: ListedException;
  /** The latest FAILURES_MAX, oldest first. */
  readonly failures: readonly ExceptionFailure[];
  readonly acts: readonly StoredExceptionAct[];
  readonly replays: readonly ExceptionReplay[];
  /** Of a failed delivery: the handoffs that wait for it. Of a break: itself. */
  readonly breaks: readonly ListedHandoff[];
  /** Of a break: the failed deliveries that explain it. */
  readonly causes: readonly ListedException[];
}

export const FAILURES_MAX = 500;
const ENTRIES_MAX = 2_000;
const ROOTS_MAX = 20;

/** Null when there is no such exception. */
export async function readException(
  reader: FactReader,
  id: string,
  { now }: { readonly now: string },
): Promise<ExceptionDetail | null> {
  const [exception] = await readExceptions(reader, [id], now);
  if (!exception) return null;
  const [failures, acts, replays] = await Promise.all([
    readFailures(reader, id),
    readExceptionActs(reader, id),
    readReplaysOf(reader, id),
  ]);
  const isBreak = exception.kind === "handoff";
  const [breaks, causes] = await Promise.all([
    isBreak ? readOwnBreak(reader, exception, now) : readBreaks(reader, exception, failures, now),
    isBreak ? readCauses(reader, exception, now) : [],
  ]);
  return { exception, failures, acts, replays, breaks, causes };
}

interface FailureRow {
  source: string;
  event_id: string;
  kind: string;
  type: string;
  occurred_at: string;
  received_at: string;
  interface: string;
  outcome: string;
  error_class: string;
  error_code: string;
  error_message: string;
  attempt: number;
  objects: { type: string; id: string; qualifier: string }[];
  message_key: string;
  has_message: number;
}

async function readFailures(reader: FactReader, id: string): Promise<ExceptionFailure[]> {
  const rows = await reader.query<FailureRow>(
    `SELECT source, event_id, kind, type, occurred_at, received_at, interface, outcome, error_class, error_code, error_message, attempt, objects,
       message_key, has_message
     FROM failures FINAL WHERE exception_id = {id:String}
     ORDER BY occurred_at DESC, source, event_id LIMIT ${FAILURES_MAX}`,
    { id },
  );
  return rows.reverse().map((row) => ({
    event: { source: row.source, id: row.event_id },
    kind: row.kind,
    type: row.type,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    interface: row.interface,
    outcome: row.outcome,
    error: { class: row.error_class, code: row.error_code, message: row.error_message },
    attempt: row.attempt,
    objects: row.objects,
    messageKey: row.message_key,
    hasMessage: row.has_message === 1,
  }));
}

/** The trail, oldest first. */
export async function readExceptionActs(reader: FactReader, id: string): Promise<StoredExceptionAct[]> {
  const rows = await reader.query<{ event_id: string; action: string; occurred_at: string; attributes: string }>(
    `SELECT event_id, action, occurred_at, attributes FROM exception_actions FINAL WHERE exception_id = {id:String}
     ORDER BY occurred_at, event_id`,
    { id },
  );
  return rows.flatMap(({ event_id, action, occurred_at, attributes }) => {
    const parsed = actOf(attributes);
    return parsed && isExceptionAct(action)
      ? [{ id: event_id, type: action, occurredAt: occurred_at, act: parsed }]
      : [];
  });
}

/** Null for what is no act of ours: the intake takes any attributes. */
function actOf(attributes: string) {
  const json = z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  });
  return json.pipe(exceptionAct).safeParse(attributes).data ?? null;
}

async function readReplaysOf(reader: FactReader, id: string): Promise<ExceptionReplay[]> {
  const rows = await reader.query<{
    job_id: string;
    name: string;
    at: string;
    state: ItemState;
    entry: string;
    detail: string;
  }>(
    `SELECT entries.job_id AS job_id, jobs.name AS name, entries.at AS at, entries.state AS state, entries.entry AS entry, entries.detail AS detail
     FROM (SELECT * FROM replay_attempts_by_exception FINAL WHERE exception_id = {id:String}) AS entries
     LEFT JOIN (SELECT job_id, name FROM replay_jobs FINAL WHERE job_id IN (
         SELECT job_id FROM replay_attempts_by_exception WHERE exception_id = {id:String})) AS jobs ON jobs.job_id = entries.job_id
     ORDER BY at, job_id, entries.entry_no LIMIT ${ENTRIES_MAX}`,
    { id },
  );
  const jobs = new Map<string, ExceptionReplay & { entries: ExceptionReplay["entries"][number][] }>();
  for (const { job_id: jobId, name, at, state, entry, detail } of rows) {
    const entries = jobs.get(jobId)?.entries ?? [];
    entries.push({ at, state, entry: { ...(JSON.parse(detail || "{}") as object), entry } as ReplayEntry });
    jobs.set(jobId, { jobId, name, state, entries });
  }
  return [...jobs.values()];
}

async function readOwnBreak(reader: FactReader, { step, subject }: ListedException, now: string) {
  const handoff = await readHandoff(reader, step, subject, now);
  return handoff ? [handoff] : [];
}

/** Handoffs over the failed interface about an object that the failures name; where none is, about one of the exception's roots. */
async function readBreaks(
  reader: FactReader,
  exception: ListedException,
  failures: readonly ExceptionFailure[],
  now: string,
): Promise<ListedHandoff[]> {
  if (exception.interface === "") return [];
  const roots = exception.roots.slice(0, ROOTS_MAX);
  const found = await Promise.all(roots.map((root) => readHandoffsOfRoot(reader, root, now)));
  const ofInterface = new Map(
    found
      .flat()
      .filter((handoff) => handoff.interface === exception.interface && handoff.state !== "void")
      .map((handoff) => [`${handoff.rule} ${objectKey(handoff.key)}`, handoff]),
  );
  const handoffs = [...ofInterface.values()];
  const named = new Set([exception.subject, ...failures.flatMap(({ objects }) => objects)].map(objectKey));
  const rootKeys = new Set(roots.map(objectKey));
  const isNamed = ({ key }: { readonly key: ObjectRef }) => named.has(objectKey(key)) && !rootKeys.has(objectKey(key));
  const about = handoffs.filter(isNamed);
  return about.length > 0 ? about : handoffs.filter(({ key }) => rootKeys.has(objectKey(key)));
}

/** Failed deliveries over the break's interface in the same journeys, those about the same object first. */
async function readCauses(reader: FactReader, exception: ListedException, now: string): Promise<ListedException[]> {
  if (exception.interface === "" || exception.roots.length === 0) return [];
  const roots = exception.roots.slice(0, ROOTS_MAX);
  const rows = await reader.query<{ exception_id: string }>(
    `SELECT DISTINCT exception_id FROM exceptions_by_root
     WHERE (root_type, root_id) IN (SELECT arrayJoin(arrayZip({types:Array(String)}, {ids:Array(String)})))
     ORDER BY exception_id LIMIT 500`,
    { types: roots.map(({ type }) => type), ids: roots.map(({ id }) => id) },
  );
  const candidates = await readExceptions(
    reader,
    rows.map((row) => row.exception_id),
    now,
  );
  const same = objectKey(exception.subject);
  const failed = candidates.filter((each) => each.kind === "delivery" && each.interface === exception.interface);
  const about = failed.filter((each) => objectKey(each.subject) === same);
  return about.length > 0 ? about : failed;
}
