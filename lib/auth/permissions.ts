/** Who may do what: a list of permissions per role (docs/security.md, "Roles"), and what an API token's scopes amount to. Pure. */
import type { Role } from "./roles";
import { isTokenScope, TOKEN_SCOPES, type TokenScope } from "./tokens";

export const PERMISSIONS = [
  /** See orders, journeys, search, and how far each source reaches. */
  "journey:view",
  /** See the message behind an event. Each view is audited. */
  "payload:view",
  /** See names, addresses and contact details inside payloads; without it they are masked. */
  "personal-data:view",
  /** Take back a link between two objects, or lift such a retraction. */
  "link:retract",
  "reconciliation:view",
  /** Accept a break, match by hand, take such a decision back. */
  "reconciliation:act",
  /** Say yes or no, as the second person, to what somebody else decided. */
  "reconciliation:approve",
  /** Let a standing acceptance decide from now on. */
  "reconciliation:accept-always",
  /** Try, publish and withdraw handoff rules. */
  "reconciliation:rules",
  /** Sign off a period, or open it again. */
  "reconciliation:close",
  "exceptions:view",
  "exceptions:act",
  /** Plan a replay, start it, and steer it. */
  "replay:start",
  /** Say yes, as the second person, to a replay that nobody could check afterwards. */
  "replay:approve",
  "kpis:view",
  "audit:view",
  "admin:users",
  "admin:tokens",
  "admin:sources",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const PERMISSIONS_OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  "customer-service": ["journey:view", "payload:view", "personal-data:view", "exceptions:view"],
  finance: [
    "journey:view",
    "payload:view",
    "reconciliation:view",
    "reconciliation:act",
    "reconciliation:approve",
    "reconciliation:accept-always",
    "reconciliation:rules",
    "reconciliation:close",
    "exceptions:view",
    "exceptions:act",
    "replay:approve",
    "kpis:view",
  ],
  operations: [
    "journey:view",
    "payload:view",
    "link:retract",
    "reconciliation:view",
    "exceptions:view",
    "exceptions:act",
    "replay:start",
    "kpis:view",
  ],
  executive: ["journey:view", "kpis:view"],
  admin: PERMISSIONS,
};

/**
 * A token never sees personal data, and never stands for the second person, for a rule or an acceptance that decides from now on, or under a closed period: no
 * scope for those exists, so none can be given by accident.
 */
const PERMISSIONS_OF_SCOPE: Readonly<Record<TokenScope, readonly Permission[]>> = {
  ingest: [],
  read: ["journey:view", "reconciliation:view", "exceptions:view", "kpis:view", "audit:view"],
  act: [
    "journey:view",
    "link:retract",
    "reconciliation:view",
    "reconciliation:act",
    "exceptions:view",
    "exceptions:act",
    "replay:start",
  ],
  payload: ["payload:view"],
};

export const permissionsOfRole = (role: Role): readonly Permission[] => PERMISSIONS_OF_ROLE[role];

/** Scopes nobody knows (a token made by a later version) allow nothing. */
export const permissionsOfScopes = (scopes: readonly string[]): readonly Permission[] => [
  ...new Set(scopes.filter(isTokenScope).flatMap((scope) => PERMISSIONS_OF_SCOPE[scope])),
];

/** Which scope a token lacks, for the answer 403 gives. */
export const scopesGiving = (permission: Permission): readonly TokenScope[] =>
  TOKEN_SCOPES.filter((scope) => PERMISSIONS_OF_SCOPE[scope].includes(permission));

/** Where a person of this role starts: at the page of its own question, else, until that page exists, at Orders. */
export function landingPage(role: Role): string {
  if (role === "finance") return "/reconciliation";
  return role === "operations" ? "/exceptions" : "/orders";
}
