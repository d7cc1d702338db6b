/**
 * The session of a person: an encrypted cookie that names the person and the epoch of their account. The account itself is read
 * from the store on each request (at most USER_AGE_MS_MAX old), so a disabling or a changed role takes hold within seconds.
 */
import { decode } from "next-auth/jwt";
import type { Environment } from "@/lib/config/environment";
import type { Actor } from "@/lib/queries/audit";
import { readUser, type User } from "@/lib/queries/users";
import type { Services } from "@/lib/services";
import { type Permission, permissionsOfRole } from "./permissions";
import type { Role } from "./roles";
import { readOrCreateSecret } from "./secret-file";

/** A working day; then one signs in again. */
export const SESSION_SECONDS_MAX = 12 * 60 * 60;
/** How long an account is taken from memory, so that a page's many requests do not each read it. */
export const USER_AGE_MS_MAX = 2_000;
const CACHED_USERS_MAX = 10_000;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

/** From AUTH_SECRET, else `DATA_DIR/auth-secret`, made on first use. */
export const sessionSecret = (environment: Environment): string =>
  environment.auth.secret ?? readOrCreateSecret(environment.dataDir, "auth-secret");

/** Behind HTTPS the cookie is bound to it; AUTH_URL says so, because the app itself only ever sees its proxy. */
export const usesSecureCookies = (environment: Environment): boolean =>
  environment.auth.url?.startsWith("https://") ?? false;

export const sessionCookieName = (environment: Environment): string =>
  usesSecureCookies(environment) ? "__Secure-throughline.session" : "throughline.session";

/** The person whose session the cookie is, or null: none, forged, expired, ended, or disabled since. */
export async function personOfCookie(services: Services, cookie: string | undefined): Promise<Person | null> {
  if (!cookie) return null;
  const claims = await decodeClaims(cookie, sessionSecret(services.environment));
  if (!claims) return null;
  const user = await readUserRecently(services, claims.userId);
  if (!user || user.disabled || user.sessionEpoch !== claims.epoch) return null;
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    permissions: permissionsOfRole(user.role),
  };
}

export const actorOf = (person: Person): Actor => ({ kind: "person", id: person.id, name: person.name });

async function decodeClaims(cookie: string, secret: string): Promise<{ userId: string; epoch: number } | null> {
  try {
    const token = await decode({ token: cookie, secret });
    return typeof token?.sub === "string" && typeof token.epoch === "number"
      ? { userId: token.sub, epoch: token.epoch }
      : null;
  } catch {
    // Forged, expired, or made under another secret: no session. The library tells them apart only by message.
    return null;
  }
}

interface CachedUser {
  readonly user: User | null;
  readonly readAt: number;
}

const CACHE = Symbol.for("throughline.users");
type CacheHolder = typeof globalThis & { [CACHE]?: Map<string, CachedUser> };

function cachedUsers(): Map<string, CachedUser> {
  const holder = globalThis as CacheHolder;
  holder[CACHE] ??= new Map();
  return holder[CACHE];
}

async function readUserRecently(services: Services, id: string): Promise<User | null> {
  const cache = cachedUsers();
  const now = Date.now();
  const cached = cache.get(id);
  if (cached && now - cached.readAt < USER_AGE_MS_MAX) return cached.user;
  const user = await readUser(services.store, id);
  if (cache.size >= CACHED_USERS_MAX) cache.clear();
  cache.set(id, { user, readAt: now });
  return user;
}

/** After a change to an account: this process need not wait for its memory to age. */
export function forgetUser(id: string): void {
  cachedUsers().delete(id);
}
