/** People: who they are, their role, and when they last signed in. Tables users and user_sign_ins (0005_access.sql). */
import { randomUUID } from "node:crypto";
import { isRole, type Role } from "@/lib/auth/roles";
import type { Store } from "@/lib/clickhouse/client";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly disabled: boolean;
  /** A session made under a smaller epoch is over. */
  readonly sessionEpoch: number;
  /** "issuer subject" of single sign-on; empty for people who enter by link. */
  readonly identity: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface ListedUser extends User {
  readonly lastSignedInAt: string | null;
}

interface UserRow {
  user_id: string;
  name: string;
  email: string;
  role: string;
  disabled: number;
  session_epoch: number;
  identity: string;
  created_at: string;
  created_by: string;
  version: string | number;
}

const COLUMNS =
  "user_id, name, email, role, disabled, session_epoch, identity, created_at, created_by, toString(version) AS version";

export async function readUser(store: Store, id: string): Promise<User | null> {
  const row = await readRow(store, id);
  return row ? userOf(row) : null;
}

/** Most recently signed in first, then by name. There are as many rows as employees with access; all are read. */
export async function listUsers(store: Store): Promise<ListedUser[]> {
  const rows = await store.query<UserRow>(`SELECT ${COLUMNS} FROM users FINAL`, {});
  const signIns = await store.query<{ user_id: string; last_signed_in_at: string }>(
    "SELECT user_id, max(signed_in_at) AS last_signed_in_at FROM user_sign_ins GROUP BY user_id",
    {},
  );
  const lastOf = new Map(signIns.map((row) => [row.user_id, row.last_signed_in_at]));
  return rows
    .map((row) => ({ ...userOf(row), lastSignedInAt: lastOf.get(row.user_id) ?? null }))
    .sort((a, b) => (b.lastSignedInAt ?? "").localeCompare(a.lastSignedInAt ?? "") || a.name.localeCompare(b.name));
}

export async function findUserByIdentity(store: Store, identity: string): Promise<User | null> {
  const [row] = await store.query<UserRow>(
    `SELECT ${COLUMNS} FROM users FINAL WHERE identity = {identity:String} ORDER BY created_at, user_id LIMIT 1`,
    { identity },
  );
  return row ? userOf(row) : null;
}

export async function hasAnyoneSignedIn(store: Store): Promise<boolean> {
  const rows = await store.query<{ found: number }>("SELECT 1 AS found FROM user_sign_ins LIMIT 1", {});
  return rows.length > 0;
}

export async function countActiveAdmins(store: Store): Promise<number> {
  const [row] = await store.query<{ count: string | number }>(
    "SELECT count() AS count FROM users FINAL WHERE role = 'admin' AND disabled = 0",
    {},
  );
  return Number(row?.count ?? 0);
}

export interface NewUser {
  readonly id?: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly identity?: string;
  /** Who made the account: a user's id, "start", "command" or "oidc". */
  readonly createdBy: string;
}

export async function createUser(store: Store, user: NewUser, now: Date): Promise<User> {
  const made: User = {
    id: user.id ?? randomUUID(),
    name: user.name,
    email: user.email,
    role: user.role,
    disabled: false,
    sessionEpoch: 1,
    identity: user.identity ?? "",
    createdAt: now.toISOString(),
    createdBy: user.createdBy,
  };
  await writeUser(store, made, String(now.getTime()));
  return made;
}

export interface UserChange {
  readonly role?: Role;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly email?: string;
}

// One change at a time in this process: a change reads the row and writes it whole, and two at once could undo each other.
let lastChange: Promise<unknown> = Promise.resolve();

/**
 * Changes a person's row; a changed role and a disabling end that person's sessions. Returns the row before and after, or null when
 * there is no such person.
 */
export function changeUser(
  store: Store,
  id: string,
  change: UserChange,
  now: Date,
): Promise<{ before: User; after: User } | null> {
  const changing = lastChange.then(async () => {
    const row = await readRow(store, id);
    if (!row) return null;
    const before = userOf(row);
    const changed = { ...before, ...change };
    const endsSessions = changed.role !== before.role || (changed.disabled && !before.disabled);
    const after: User = { ...changed, sessionEpoch: before.sessionEpoch + (endsSessions ? 1 : 0) };
    // A clock that stepped back must not make the change lose against the row it changes.
    const next = BigInt(row.version) + 1n;
    const version = BigInt(now.getTime()) > next ? BigInt(now.getTime()) : next;
    await writeUser(store, after, version.toString());
    return { before, after };
  });
  lastChange = changing.catch(() => undefined);
  return changing;
}

export async function recordSignIn(store: Store, userId: string, way: "link" | "oidc", now: Date): Promise<void> {
  await store.insert("user_sign_ins", [{ user_id: userId, signed_in_at: now.toISOString(), way }]);
}

async function readRow(store: Store, id: string): Promise<UserRow | null> {
  const [row] = await store.query<UserRow>(`SELECT ${COLUMNS} FROM users FINAL WHERE user_id = {id:String}`, { id });
  return row ?? null;
}

async function writeUser(store: Store, user: User, version: string): Promise<void> {
  const row: UserRow = {
    user_id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    disabled: user.disabled ? 1 : 0,
    session_epoch: user.sessionEpoch,
    identity: user.identity,
    created_at: user.createdAt,
    created_by: user.createdBy,
    version,
  };
  await store.insert("users", [row]);
}

function userOf(row: UserRow): User {
  // A role that this version does not know must not become one that it does.
  if (!isRole(row.role))
    throw new Error(`User ${row.user_id} has the unknown role "${row.role}"; set it again under Admin → Users.`);
  return {
    id: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    disabled: Number(row.disabled) === 1,
    sessionEpoch: Number(row.session_epoch),
    identity: row.identity,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
