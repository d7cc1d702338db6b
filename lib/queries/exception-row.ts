/** A row of `exceptions` as SELECT gives it, and as what the rest of the product knows; the state by the reader's clock. */
import type {
  ExceptionCategory,
  ExceptionClass,
  ExceptionKind,
  ExceptionResolution,
  ExceptionState,
  ListedException,
} from "@/lib/domain/exceptions/exception";
import type { ObjectRef } from "@/lib/domain/object";

/** The clock of the query: `{now:String}`, RFC 3339, is bound by every query that uses what follows. */
export const CLOCK = "parseDateTime64BestEffort({now:String}, 3, 'UTC')";
/** A handoff that is not due yet is no exception yet. */
export const HAS_OPENED = `opens_at <= ${CLOCK}`;
const SILENCE_IS_OVER = `(state = 'ignored' AND ifNull(ignored_until <= ${CLOCK}, 0))`;
/** What was ignored until a time is open again from then on. */
export const EFFECTIVE_STATE = `if(${SILENCE_IS_OVER}, 'open', toString(state))`;

/** `states` is SQL for an array or tuple of states. Without making the state for every row. */
export const stateIn = (states: string): string =>
  `((state IN ${states} AND NOT ${SILENCE_IS_OVER}) OR ('open' IN ${states} AND ${SILENCE_IS_OVER}))`;

/** Over `exceptions FINAL`, with `now` bound. */
export const EXCEPTION_COLUMNS = `exception_id, kind, category, class, ${EFFECTIVE_STATE} AS shown_state, resolution, interface, step, source, target,
  fingerprint, cause, message, error_code, subject_type, subject_id, message_key, failed_source, failed_event_id, has_message, roots, severity, owner,
  assignee, tags, opens_at, first_failed_at, last_failed_at, due_at, ignored_until, resolved_at, resolved_by, occurrences, attempts, regressions, acts,
  toString(value) AS value_text, currency, promised_at`;

export interface ExceptionListRow {
  exception_id: string;
  kind: ExceptionKind;
  category: ExceptionCategory;
  class: ExceptionClass;
  shown_state: ExceptionState;
  resolution: ExceptionResolution | "";
  interface: string;
  step: string;
  source: string;
  target: string;
  fingerprint: string;
  cause: string;
  message: string;
  error_code: string;
  subject_type: string;
  subject_id: string;
  message_key: string;
  failed_source: string;
  failed_event_id: string;
  has_message: number;
  roots: ObjectRef[];
  severity: string;
  owner: string;
  assignee: string;
  tags: string[];
  opens_at: string;
  first_failed_at: string;
  last_failed_at: string;
  due_at: string | null;
  ignored_until: string | null;
  resolved_at: string | null;
  resolved_by: string;
  occurrences: number;
  attempts: number;
  regressions: number;
  acts: number;
  value_text: string | null;
  currency: string;
  promised_at: string | null;
}

export function exceptionOf(row: ExceptionListRow): ListedException {
  return {
    id: row.exception_id,
    kind: row.kind,
    category: row.category,
    class: row.class,
    state: row.shown_state,
    resolution: row.resolution === "" ? null : row.resolution,
    interface: row.interface,
    step: row.step,
    source: row.source,
    target: row.target,
    fingerprint: row.fingerprint,
    cause: row.cause,
    message: row.message,
    errorCode: row.error_code,
    subject: { type: row.subject_type, id: row.subject_id },
    messageKey: row.message_key,
    failedEvent:
      row.has_message === 1 && row.failed_event_id !== ""
        ? { source: row.failed_source, id: row.failed_event_id }
        : null,
    roots: row.roots,
    severity: row.severity,
    owner: row.owner,
    assignee: row.assignee,
    tags: row.tags,
    opensAt: row.opens_at,
    firstFailedAt: row.first_failed_at,
    lastFailedAt: row.last_failed_at,
    dueAt: row.due_at,
    ignoredUntil: row.ignored_until,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    occurrences: row.occurrences,
    attempts: row.attempts,
    regressions: row.regressions,
    acts: row.acts,
    value: row.value_text === null ? null : { amount: row.value_text, currency: row.currency },
    promisedAt: row.promised_at,
  };
}
