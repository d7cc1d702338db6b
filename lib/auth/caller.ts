/** Who calls the API: a person by their session cookie, or a program by its token. */
import type { Actor } from "@/lib/queries/audit";
import type { Services } from "@/lib/services";
import { type Permission, permissionsOfScopes } from "./permissions";
import { actorOf, personOfCookie, sessionCookieName } from "./session";
import { createTokenVerifier } from "./tokens";

export interface Caller {
  readonly actor: Actor;
  readonly permissions: readonly Permission[];
  /** The role or the scopes, for the answer 403 gives. */
  readonly standing: string;
}

export type Authentication =
  | { readonly caller: Caller }
  | { readonly caller: null; readonly reason: "none" | "bad-token" | "bad-session" };

/** A token that does not hold is refused even beside a good cookie: whoever sends a token means it. */
export async function authenticate(services: Services, request: Request): Promise<Authentication> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const verified = token === undefined ? null : await tokenVerifier(services)(token);
    if (!verified) return { caller: null, reason: "bad-token" };
    return {
      caller: {
        actor: { kind: "token", id: verified.id, name: verified.name },
        permissions: permissionsOfScopes(verified.scopes),
        standing: `token "${verified.name}" with scope ${verified.scopes.join(", ") || "(none)"}`,
      },
    };
  }
  const cookie = cookieValue(request.headers.get("cookie"), sessionCookieName(services.environment));
  if (cookie === undefined) return { caller: null, reason: "none" };
  const person = await personOfCookie(services, cookie);
  if (!person) return { caller: null, reason: "bad-session" };
  return { caller: { actor: actorOf(person), permissions: person.permissions, standing: `role ${person.role}` } };
}

/** The value of one cookie of a `Cookie` header; the session's characters need no decoding. */
export function cookieValue(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const cut = pair.indexOf("=");
    if (cut > 0 && pair.slice(0, cut).trim() === name) return pair.slice(cut + 1).trim();
  }
  return undefined;
}

const VERIFIER = Symbol.for("throughline.token-verifier");
type Verifier = ReturnType<typeof createTokenVerifier>;
type VerifierHolder = typeof globalThis & { [VERIFIER]?: Verifier };

function tokenVerifier(services: Services): Verifier {
  const holder = globalThis as VerifierHolder;
  const { store } = services;
  holder[VERIFIER] ??= createTokenVerifier({ query: (sql, parameters) => store.query(sql, parameters) }, Date.now);
  return holder[VERIFIER];
}
