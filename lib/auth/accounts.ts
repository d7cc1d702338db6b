/** What administrators do with accounts and tokens, each with its entry in the audit log. */
import { recordAudit } from "@/lib/queries/audit";
import { registerSource } from "@/lib/queries/sources";
import { changeUser, countActiveAdmins, createUser, readUser, type User, type UserChange } from "@/lib/queries/users";
import type { Services } from "@/lib/services";
import { isRole, ROLE_LABELS, type Role } from "./roles";
import { actorOf, forgetUser, type Person } from "./session";
import { createSignInLink } from "./sign-in-links";
import { createToken, isTokenScope, listTokens, revokeToken, type TokenScope } from "./tokens";

const NAME_CHARS_MAX = 200;
const EMAIL_CHARS_MAX = 320;
// Every source name that intake takes, and no control characters in a page or a log.
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What became of an act: a value for the page, never an exception for what people may get wrong. */
export type Outcome<Done extends object = object> =
  | ({ readonly state: "done" } & Done)
  | { readonly state: "refused"; readonly reason: string };

const refused = (reason: string): { readonly state: "refused"; readonly reason: string } => ({
  state: "refused",
  reason,
});

export interface Act {
  readonly services: Pick<Services, "store">;
  readonly by: Person;
  readonly now: Date;
}

/** Makes an account and its first link. */
export async function addPerson(
  { services, by, now }: Act,
  wanted: { readonly name: string; readonly email: string; readonly role: string; readonly origin: string },
): Promise<Outcome<{ user: User; link: string }>> {
  const name = wanted.name.trim();
  const email = wanted.email.trim();
  if (name === "" || name.length > NAME_CHARS_MAX) return refused(`A name needs 1 to ${NAME_CHARS_MAX} characters.`);
  if (email.length > EMAIL_CHARS_MAX || (email !== "" && !email.includes("@")))
    return refused("This is no e-mail address.");
  if (!isRole(wanted.role)) return refused("Choose a role.");
  const user = await createUser(services.store, { name, email, role: wanted.role, createdBy: by.id }, now);
  await audit({ services, by, now }, "user.created", user, { role: user.role });
  return { state: "done", user, link: await makeLink({ services, by, now }, user, wanted.origin) };
}

/** A new one-time link; the person's earlier links stop working. */
export async function renewLink(
  act: Act,
  userId: string,
  origin: string,
): Promise<Outcome<{ user: User; link: string }>> {
  const user = await readUser(act.services.store, userId);
  if (!user) return refused("This account does not exist.");
  if (user.disabled) return refused(`${user.name} is disabled. Enable the account first.`);
  return { state: "done", user, link: await makeLink(act, user, origin) };
}

export async function changeRole(act: Act, userId: string, role: string): Promise<Outcome<{ user: User }>> {
  if (!isRole(role)) return refused("Choose a role.");
  return change(act, userId, { role }, "user.role_changed");
}

export async function setDisabled(act: Act, userId: string, disabled: boolean): Promise<Outcome<{ user: User }>> {
  return change(act, userId, { disabled }, disabled ? "user.disabled" : "user.enabled");
}

// The check for the last administrator and the change it allows are one step: two administrators must not disable each other.
let lastAct: Promise<unknown> = Promise.resolve();

function change(act: Act, userId: string, wanted: UserChange, action: string): Promise<Outcome<{ user: User }>> {
  const acting = lastAct.then(async (): Promise<Outcome<{ user: User }>> => {
    const { store } = act.services;
    const user = await readUser(store, userId);
    if (!user) return refused("This account does not exist.");
    if (await leavesNoAdmin(act, user, wanted)) {
      return refused(`${user.name} is the only administrator who can sign in. Make another administrator first.`);
    }
    const changed = await changeUser(store, userId, wanted, act.now);
    if (!changed) return refused("This account does not exist.");
    forgetUser(userId);
    await audit(act, action, changed.after, detailsOf(changed.before.role, wanted));
    return { state: "done", user: changed.after };
  });
  lastAct = acting.catch(() => undefined);
  return acting;
}

async function leavesNoAdmin({ services }: Act, user: User, wanted: UserChange): Promise<boolean> {
  const isActiveAdmin = user.role === "admin" && !user.disabled;
  const staysOne = (wanted.role ?? "admin") === "admin" && wanted.disabled !== true;
  return isActiveAdmin && !staysOne && (await countActiveAdmins(services.store)) <= 1;
}

const detailsOf = (before: Role, wanted: UserChange): Record<string, string> =>
  wanted.role === undefined ? {} : { from: before, to: wanted.role };

async function makeLink(act: Act, user: User, origin: string): Promise<string> {
  const link = await createSignInLink(act.services.store, {
    userId: user.id,
    origin,
    createdBy: act.by.id,
    now: act.now,
  });
  await audit(act, "sign_in_link.created", user, { role: user.role });
  return link;
}

async function audit(
  { services, by, now }: Act,
  action: string,
  user: User,
  details: Record<string, string>,
): Promise<void> {
  const entry = { actor: actorOf(by), action, target: `user ${user.id}`, details: { name: user.name, ...details } };
  await recordAudit(services.store, entry, now);
}

/** The token is in the outcome once and nowhere else. */
export async function addToken(
  { services, by, now }: Act,
  wanted: { readonly name: string; readonly scopes: readonly string[]; readonly source: string },
): Promise<Outcome<{ name: string; token: string }>> {
  const name = wanted.name.trim();
  const source = wanted.source.trim();
  if (name === "" || name.length > NAME_CHARS_MAX) return refused(`A name needs 1 to ${NAME_CHARS_MAX} characters.`);
  const scopes: readonly TokenScope[] = wanted.scopes.filter(isTokenScope);
  if (scopes.length === 0 || scopes.length !== wanted.scopes.length) return refused("Choose at least one scope.");
  if (source !== "" && !SOURCE.test(source))
    return refused("A source is named with letters, digits, points and dashes, like wms-east.");
  if (source !== "" && !scopes.includes("ingest"))
    return refused("Only a token with the scope ingest reports for a source.");
  if (source !== "") await registerSource(services.store, source, by.name, now);
  const { id, token } = await createToken(services.store, { name, scopes, source: source || null }, now);
  const details = { name, scopes, source: source || null };
  await recordAudit(
    services.store,
    { actor: actorOf(by), action: "token.created", target: `token ${id}`, details },
    now,
  );
  return { state: "done", name, token };
}

export async function withdrawToken({ services, by, now }: Act, id: string): Promise<Outcome> {
  const known = (await listTokens(services.store)).find((token) => token.id === id);
  if (!known || (await revokeToken(services.store, id, now)) === "unknown")
    return refused("This token does not exist.");
  const entry = { actor: actorOf(by), action: "token.revoked", target: `token ${id}`, details: { name: known.name } };
  await recordAudit(services.store, entry, now);
  return { state: "done" };
}

/** "Kim (Administrator)", for confirmations. */
export const describeUser = (user: User): string => `${user.name} (${ROLE_LABELS[user.role]})`;
