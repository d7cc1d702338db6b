/** Who sends, and may they: bearer tokens on the intake. */
import { timingSafeEqual } from "node:crypto";
import { ProblemError } from "@/ingest/intake/problem";
import { hashToken, type VerifiedToken } from "@/lib/auth/tokens";

export interface Sender {
  /** The token's id: what is counted and limited by. */
  readonly tokenId: string;
  /** The only source it may report for; null for any. */
  readonly source: string | null;
  /** The product itself, reporting what people did in it: it alone may use the source `throughline`. */
  readonly internal: boolean;
}

export interface AccessRules {
  readonly verify: (token: string) => Promise<VerifiedToken | null>;
  /** The secret shared with the app; null when there is none. */
  readonly internalToken: string | null;
  readonly isStoreAway: (error: unknown) => boolean;
}

const BEARER = /^Bearer +([^\s]+) *$/i;

/** @throws ProblemError 401, 403 or, when tokens cannot be looked up, 503. */
export async function authorise(authorization: string | undefined, rules: AccessRules): Promise<Sender> {
  const secret = BEARER.exec(authorization ?? "")?.[1];
  if (secret === undefined) {
    throw unauthorised(
      "Authorization: expected `Bearer TOKEN`; create a token with `npm run token -- create --name NAME --scopes ingest`.",
    );
  }
  if (rules.internalToken !== null && sameSecret(secret, rules.internalToken)) {
    return { tokenId: "internal", source: null, internal: true };
  }
  const token = await lookUp(secret, rules);
  if (!token)
    throw unauthorised(
      "Authorization: this token does not exist or was revoked; create one with `npm run token -- create`.",
    );
  if (!token.scopes.includes("ingest")) {
    throw new ProblemError({
      status: 403,
      detail: `This token has the scopes ${token.scopes.join(", ") || "(none)"}; reporting events needs the scope ingest.`,
    });
  }
  return { tokenId: token.id, source: token.source, internal: false };
}

async function lookUp(secret: string, rules: AccessRules): Promise<VerifiedToken | null> {
  try {
    return await rules.verify(secret);
  } catch (error) {
    if (!rules.isStoreAway(error)) throw error;
    throw new ProblemError({
      status: 503,
      detail: "The store is away, so tokens cannot be checked; send again later.",
      retryAfterSeconds: 5,
    });
  }
}

const unauthorised = (detail: string): ProblemError =>
  new ProblemError({ status: 401, detail, headers: { "www-authenticate": 'Bearer realm="throughline"' } });

// Hashes have one length, which timingSafeEqual needs.
const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(expected)));
