/** API tokens: who may report to us and read from us without a session (docs/security.md, "Tokens and secrets"). */
import { createHash, randomBytes, randomUUID } from "node:crypto";

export const TOKEN_SCOPES = ["ingest", "read", "act", "payload"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const isTokenScope = (scope: string): scope is TokenScope => (TOKEN_SCOPES as readonly string[]).includes(scope);

/** A token that holds: what it may do. */
export interface VerifiedToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** The only source it may report for; null for any. */
  readonly source: string | null;
}

export interface ListedToken extends VerifiedToken {
  readonly lastFour: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface TokenTable {
  query<Row>(sql: string, params: Record<string, unknown>): Promise<Row[]>;
  insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void>;
}

interface TokenRow {
  readonly token_id: string;
  readonly name: string;
  readonly token_hash: string;
  readonly last_four: string;
  readonly scopes: TokenScope[];
  readonly source: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

const TOKEN_COLUMNS = "token_id, name, token_hash, last_four, scopes, source, created_at, revoked_at";

/** 256 random bits; the prefix lets secret scanners and people recognise a leaked one. */
const newToken = (): string => `tl_${randomBytes(32).toString("base64url")}`;

const TOKEN_SHAPE = /^tl_[A-Za-z0-9_-]{43}$/;

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly source: string | null;
}

/** Creates a token and returns it; it cannot be shown again. */
export async function createToken(
  table: TokenTable,
  { name, scopes, source }: NewToken,
  at: Date,
): Promise<{ id: string; token: string }> {
  const token = newToken();
  const id = randomUUID();
  await table.insert("api_tokens", [
    {
      token_id: id,
      name,
      token_hash: hashToken(token),
      last_four: token.slice(-4),
      scopes: [...new Set(scopes)],
      source: source ?? "",
      created_at: at.toISOString(),
      revoked_at: null,
      version: at.getTime(),
    },
  ]);
  return { id, token };
}

/** All tokens ever created, newest first. */
export async function listTokens(table: Pick<TokenTable, "query">): Promise<ListedToken[]> {
  const rows = await table.query<TokenRow>(
    `SELECT ${TOKEN_COLUMNS} FROM api_tokens FINAL ORDER BY created_at DESC, token_id`,
    {},
  );
  return rows.map((row) => ({
    ...verifiedOf(row),
    lastFour: row.last_four,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }));
}

/** Revokes for good. "revoked" also when it already was; "unknown" when no token has this id. */
export async function revokeToken(table: TokenTable, id: string, at: Date): Promise<"revoked" | "unknown"> {
  const [row] = await table.query<TokenRow>(
    `SELECT ${TOKEN_COLUMNS} FROM api_tokens FINAL WHERE token_id = {id:String}`,
    { id },
  );
  if (!row) return "unknown";
  if (row.revoked_at !== null) return "revoked";
  const version = Math.max(at.getTime(), Date.parse(row.created_at) + 1);
  await table.insert("api_tokens", [{ ...row, revoked_at: at.toISOString(), version }]);
  return "revoked";
}

/** The token's rights, or null when it does not exist, is revoked, or has no token's shape. */
export async function verifyToken(table: Pick<TokenTable, "query">, token: string): Promise<VerifiedToken | null> {
  if (!TOKEN_SHAPE.test(token)) return null;
  const [row] = await table.query<TokenRow>(
    `SELECT ${TOKEN_COLUMNS} FROM api_tokens FINAL WHERE token_hash = {hash:String} LIMIT 1`,
    { hash: hashToken(token) },
  );
  return row && row.revoked_at === null ? verifiedOf(row) : null;
}

const verifiedOf = (row: TokenRow): VerifiedToken => ({
  id: row.token_id,
  name: row.name,
  scopes: row.scopes,
  source: row.source === "" ? null : row.source,
});

/** A revoked token stops working this long after, at most. */
export const TOKEN_CACHE_MS = 2_000;
// Strangers who try tokens fill the cache with misses; past this it starts anew.
const TOKEN_CACHE_ENTRIES_MAX = 10_000;

/** verifyToken with answers kept for TOKEN_CACHE_MS, so that a busy sender does not cost a query a request. */
export function createTokenVerifier(
  table: Pick<TokenTable, "query">,
  nowMs: () => number,
): (token: string) => Promise<VerifiedToken | null> {
  const cache = new Map<string, { readonly answer: Promise<VerifiedToken | null>; readonly untilMs: number }>();
  return (token) => {
    if (!TOKEN_SHAPE.test(token)) return Promise.resolve(null);
    const hash = hashToken(token);
    const cached = cache.get(hash);
    if (cached && cached.untilMs > nowMs()) return cached.answer;
    if (cache.size >= TOKEN_CACHE_ENTRIES_MAX) cache.clear();
    const answer = verifyToken(table, token);
    cache.set(hash, { answer, untilMs: nowMs() + TOKEN_CACHE_MS });
    // An error is not an answer: the next request asks again.
    answer.catch(() => cache.delete(hash));
    return answer;
  };
}
