/** The audit log: who did what to what, and when. Table audit_log (0005_access.sql). */
import { randomUUID } from "node:crypto";
import type { Store } from "@/lib/clickhouse/client";

export interface Actor {
  readonly kind: "person" | "token" | "system";
  readonly id: string;
  readonly name: string;
}

export interface AuditEntry {
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly actor: Actor;
  /** "payload.viewed", "user.role_changed", … */
  readonly action: string;
  /** What it was done to: "event wms-east/9b1f". */
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type NewAuditEntry = Pick<AuditEntry, "actor" | "action" | "target"> & {
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Resolves once the entry is stored. Whoever shows or does something audited awaits this first. */
export async function recordAudit(store: Store, entry: NewAuditEntry, now: Date): Promise<void> {
  await store.insert("audit_log", [
    {
      acted_at: now.toISOString(),
      audit_id: randomUUID(),
      actor_kind: entry.actor.kind,
      actor_id: entry.actor.id,
      actor_name: entry.actor.name,
      action: entry.action,
      target: entry.target,
      details: JSON.stringify(entry.details ?? {}),
    },
  ]);
}

export interface AuditFilter {
  /** Id or name of the actor, whole. */
  readonly actor?: string | undefined;
  /** Exact, or a family by its first part: "user" finds "user.role_changed". */
  readonly action?: string | undefined;
  /** Any part of the target, in any case. */
  readonly target?: string | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  readonly next: AuditPosition | null;
  readonly total: number;
}

/** The last row of a page; the next page starts behind it, whatever was added meanwhile. */
export interface AuditPosition {
  readonly at: string;
  readonly id: string;
}

interface AuditRow {
  acted_at: string;
  audit_id: string;
  actor_kind: Actor["kind"];
  actor_id: string;
  actor_name: string;
  action: string;
  target: string;
  details: string;
}

/** Newest first. `limit` rows at most. */
export async function listAudit(
  store: Store,
  filter: AuditFilter,
  page: { readonly limit: number; readonly after: AuditPosition | null },
): Promise<AuditPage> {
  const { where, parameters } = conditionsOf(filter);
  const after = page.after
    ? "AND (acted_at, audit_id) < (parseDateTime64BestEffort({afterAt:String}, 3, 'UTC'), {afterId:String})"
    : "";
  const rows = await store.query<AuditRow>(
    `SELECT acted_at, audit_id, actor_kind, actor_id, actor_name, action, target, details
     FROM audit_log FINAL WHERE ${where} ${after}
     ORDER BY acted_at DESC, audit_id DESC LIMIT {limit:UInt32}`,
    {
      ...parameters,
      limit: page.limit + 1,
      ...(page.after ? { afterAt: page.after.at, afterId: page.after.id } : {}),
    },
  );
  const [counted] = await store.query<{ count: string | number }>(
    `SELECT uniqExact(audit_id) AS count FROM audit_log WHERE ${where}`,
    parameters,
  );
  const items = rows.slice(0, page.limit).map(entryOf);
  const last = items.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return { items, next: hasMore ? { at: last.at, id: last.id } : null, total: Number(counted?.count ?? 0) };
}

/** What occurs in the log, for the filter's choices. */
export async function listAuditActions(store: Store): Promise<string[]> {
  const rows = await store.query<{ action: string }>(
    "SELECT DISTINCT action FROM audit_log ORDER BY action LIMIT 200",
    {},
  );
  return rows.map((row) => row.action);
}

function conditionsOf(filter: AuditFilter): { where: string; parameters: Record<string, string> } {
  const conditions = ["1"];
  const parameters: Record<string, string> = {};
  const add = (name: string, value: string | undefined, sql: string) => {
    if (value === undefined || value === "") return;
    conditions.push(sql);
    parameters[name] = value;
  };
  add("actor", filter.actor, "(actor_id = {actor:String} OR actor_name = {actor:String})");
  add("action", filter.action, "(action = {action:String} OR startsWith(action, concat({action:String}, '.')))");
  add("target", filter.target, "positionCaseInsensitiveUTF8(target, {target:String}) > 0");
  add("from", filter.from, "acted_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')");
  add("to", filter.to, "acted_at < parseDateTime64BestEffort({to:String}, 3, 'UTC')");
  return { where: conditions.join(" AND "), parameters };
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.audit_id,
    at: row.acted_at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: row.target,
    details: JSON.parse(row.details) as Record<string, unknown>,
  };
}
