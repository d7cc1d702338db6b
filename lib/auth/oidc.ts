/** Single sign-on by OpenID Connect: the provider's settings, and which role its claims give. */
import type { OAuthConfig } from "next-auth/providers/oauth";
import type { Store } from "@/lib/clickhouse/client";
import type { Environment } from "@/lib/config/environment";
import { changeUser, createUser, findUserByIdentity, type User } from "@/lib/queries/users";
import { isRole, type Role } from "./roles";

type OidcSettings = NonNullable<Environment["auth"]["oidc"]>;
export type OidcProfile = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Who holds several roles gets the first of these. */
const ROLE_ORDER: readonly Role[] = ["admin", "operations", "finance", "customer-service", "executive"];

export function oidcProvider(settings: OidcSettings): OAuthConfig<OidcProfile> {
  return {
    id: "oidc",
    name: "Single sign-on",
    type: "oauth",
    wellKnown: `${settings.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    authorization: { params: { scope: "openid profile email" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    profile: (profile) => ({ id: profile.sub, name: nameOf(profile), email: textOf(profile.email) }),
  };
}

/**
 * The role that the claim gives, or null when it gives none. The claim is a name, or a list of names, at the top of the token
 * ("roles", "https://example.com/roles") or at a path ("realm_access.roles"). A name is a role, or is translated by `roleMap`.
 */
export function roleOfClaims(
  profile: Readonly<Record<string, unknown>>,
  { roleClaim, roleMap }: Pick<OidcSettings, "roleClaim" | "roleMap">,
): Role | null {
  const claim = Object.hasOwn(profile, roleClaim) ? profile[roleClaim] : valueAt(profile, roleClaim.split("."));
  const names = (Array.isArray(claim) ? claim : [claim]).filter((name) => typeof name === "string");
  const roles = new Set(names.map((name) => roleMap.get(name) ?? name).filter(isRole));
  return ROLE_ORDER.find((role) => roles.has(role)) ?? null;
}

/**
 * The account of whoever the provider vouches for: found by issuer and subject (an e-mail address can change hands), made on first
 * entry, brought to the role of the claim. Without a role in the claim the account keeps the one it has; null when there is no account either.
 */
export async function userOfOidc(
  store: Store,
  profile: OidcProfile,
  settings: OidcSettings,
  now: Date,
): Promise<{ user: User; before: User | null } | null> {
  const identity = `${settings.issuer} ${profile.sub}`;
  const role = roleOfClaims(profile, settings);
  const known = await findUserByIdentity(store, identity);
  const name = nameOf(profile);
  const email = textOf(profile.email);
  if (!known) {
    if (!role) return null;
    return { user: await createUser(store, { name, email, role, identity, createdBy: "oidc" }, now), before: null };
  }
  const isUnchanged = known.name === name && known.email === email && (role ?? known.role) === known.role;
  if (isUnchanged) return { user: known, before: known };
  const changed = await changeUser(store, known.id, { name, email, role: role ?? known.role }, now);
  return changed && { user: changed.after, before: changed.before };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const nameOf = (profile: OidcProfile): string =>
  textOf(profile.name) || textOf(profile.preferred_username) || textOf(profile.email) || profile.sub;
