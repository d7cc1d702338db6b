/**
 * One-time sign-in links. A link is good once, until it expires, and only while it is the newest of its person. Only the hash of its
 * token is stored. The first start makes one for the first administrator; there is no default password.
 *
 * Two visitors with one link: within a process uses of a link wait for each other. Across processes, each use is first written as a
 * claim and counts only when it then finds itself alone: of two at once, the one whose claim came later always sees the other. Both may
 * see each other and both fail; two can never both enter.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { addHours } from "date-fns";
import type { Store } from "@/lib/clickhouse/client";
import { recordAudit } from "@/lib/queries/audit";
import { createUser, hasAnyoneSignedIn, listUsers, readUser, type User } from "@/lib/queries/users";
import type { Role } from "./roles";

export const SIGN_IN_LINK_HOURS = 24;
const TOKEN_BYTES = 32;
/** The account that the first start makes. Fixed, so that two starts at once make one. */
const FIRST_ADMIN_ID = "first-administrator";

/** Who made a link that nobody e-mails: its page signs in by itself. A mail scanner that opened it would use up any other. */
const CONSOLE_MAKERS: readonly string[] = ["start", "command"];

export type LinkState =
  | { readonly state: "usable"; readonly user: User; readonly fromConsole: boolean }
  | { readonly state: "unknown" | "expired" | "used" | "replaced" | "disabled" };

interface LinkRow {
  token_hash: string;
  user_id: string;
  created_at: string;
  created_by: string;
  expires_at: string;
}

/**
 * A link for the first administrator while nobody has ever signed in, else null.
 * @param origin where the app answers, "http://localhost:3000"
 */
export async function createFirstSignInLink(
  store: Store,
  { origin, now = new Date() }: { readonly origin: string; readonly now?: Date },
): Promise<string | null> {
  if (await hasAnyoneSignedIn(store)) return null;
  const admin = await ensureAdmin(store, "start", now);
  return createSignInLink(store, { userId: admin.id, origin, createdBy: "start", now });
}

/** The way back in for whoever can run commands on the server: a link for an administrator, one made if there is none. */
export async function createConsoleSignInLink(
  store: Store,
  { origin, now = new Date() }: { readonly origin: string; readonly now?: Date },
): Promise<string> {
  const admin = await ensureAdmin(store, "command", now);
  await recordAudit(
    store,
    {
      actor: { kind: "system", id: "command", name: "npm run sign-in-link" },
      action: "sign_in_link.created",
      target: `user ${admin.id}`,
      details: { name: admin.name, role: admin.role },
    },
    now,
  );
  return createSignInLink(store, { userId: admin.id, origin, createdBy: "command", now });
}

async function ensureAdmin(store: Store, createdBy: string, now: Date): Promise<User> {
  const admin = (await listUsers(store)).find((user) => user.role === "admin" && !user.disabled);
  if (admin) return admin;
  const firstExists = (await readUser(store, FIRST_ADMIN_ID)) !== null;
  const role: Role = "admin";
  const account = { name: "Administrator", email: "", role, createdBy };
  return createUser(store, firstExists ? account : { ...account, id: FIRST_ADMIN_ID }, now);
}

/** Makes a link for a person; the ones made before stop working. */
export async function createSignInLink(
  store: Store,
  link: { readonly userId: string; readonly origin: string; readonly createdBy: string; readonly now: Date },
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  await store.insert("sign_in_links", [
    {
      token_hash: hashOf(token),
      user_id: link.userId,
      created_at: link.now.toISOString(),
      created_by: link.createdBy,
      expires_at: addHours(link.now, SIGN_IN_LINK_HOURS).toISOString(),
    },
  ]);
  return `${link.origin.replace(/\/+$/, "")}/sign-in/link?token=${token}`;
}

/** What a link is worth now. Does not use it up. */
export async function readLinkState(store: Store, token: string, now: Date): Promise<LinkState> {
  const hash = hashOf(token);
  const [link] = await store.query<LinkRow>(
    "SELECT token_hash, user_id, created_at, created_by, expires_at FROM sign_in_links FINAL WHERE token_hash = {hash:String}",
    { hash },
  );
  if (!link) return { state: "unknown" };
  if ((await claimsOf(store, hash)).length > 0) return { state: "used" };
  if (link.expires_at <= now.toISOString()) return { state: "expired" };
  const [newest] = await store.query<{ token_hash: string }>(
    "SELECT token_hash FROM sign_in_links FINAL WHERE user_id = {user:String} ORDER BY created_at DESC, token_hash DESC LIMIT 1",
    { user: link.user_id },
  );
  if (newest?.token_hash !== hash) return { state: "replaced" };
  const user = await readUser(store, link.user_id);
  if (!user || user.disabled) return { state: "disabled" };
  return { state: "usable", user, fromConsole: CONSOLE_MAKERS.includes(link.created_by) };
}

const usesUnderWay = new Map<string, Promise<unknown>>();

/** Uses the link up and says whose it is, or why not. */
export async function redeemSignInLink(store: Store, token: string, now: Date): Promise<LinkState> {
  const hash = hashOf(token);
  const before = usesUnderWay.get(hash) ?? Promise.resolve();
  const use = before.then(() => claimLink(store, token, hash, now));
  const settled = use.catch(() => undefined);
  usesUnderWay.set(hash, settled);
  try {
    return await use;
  } finally {
    if (usesUnderWay.get(hash) === settled) usesUnderWay.delete(hash);
  }
}

async function claimLink(store: Store, token: string, hash: string, now: Date): Promise<LinkState> {
  const link = await readLinkState(store, token, now);
  if (link.state !== "usable") return link;
  const claim = randomUUID();
  await store.insert("sign_in_link_claims", [{ token_hash: hash, claim_id: claim, claimed_at: now.toISOString() }]);
  const claims = await claimsOf(store, hash);
  return claims.length === 1 && claims[0] === claim ? link : { state: "used" };
}

async function claimsOf(store: Store, hash: string): Promise<string[]> {
  const rows = await store.query<{ claim_id: string }>(
    "SELECT DISTINCT claim_id FROM sign_in_link_claims WHERE token_hash = {hash:String}",
    { hash },
  );
  return rows.map((row) => row.claim_id);
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
