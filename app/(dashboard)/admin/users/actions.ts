"use server";
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { addPerson, changeRole, describeUser, type Outcome, renewLink, setDisabled } from "@/lib/auth/accounts";
import { appOrigin } from "@/lib/auth/app-origin";
import { requirePermission } from "@/lib/auth/require-permission";
import { services } from "@/lib/services";

/** What the page shows after an act. `link` is shown once. */
export type UserActState = {
  readonly link?: { readonly url: string; readonly person: string };
  readonly problem?: string;
  /** What was typed, when it was refused: the form is emptied by every answer, and nobody should type it again. */
  readonly typed?: { readonly name: string; readonly email: string; readonly role: string };
};

export async function addPersonAction(_before: UserActState, form: FormData): Promise<UserActState> {
  const by = await requirePermission("admin:users");
  const wanted = {
    name: text(form, "name"),
    email: text(form, "email"),
    role: text(form, "role"),
    origin: await origin(),
  };
  const answer = linkShown(await addPerson({ services: services(), by, now: new Date() }, wanted));
  const { name, email, role } = wanted;
  return answer.problem ? { ...answer, typed: { name, email, role } } : answer;
}

export async function renewLinkAction(_before: UserActState, form: FormData): Promise<UserActState> {
  const by = await requirePermission("admin:users");
  return linkShown(await renewLink({ services: services(), by, now: new Date() }, text(form, "user"), await origin()));
}

export async function changeRoleAction(_before: UserActState, form: FormData): Promise<UserActState> {
  const by = await requirePermission("admin:users");
  return shown(await changeRole({ services: services(), by, now: new Date() }, text(form, "user"), text(form, "role")));
}

export async function setDisabledAction(_before: UserActState, form: FormData): Promise<UserActState> {
  const by = await requirePermission("admin:users");
  const disabled = text(form, "disabled") === "yes";
  return shown(await setDisabled({ services: services(), by, now: new Date() }, text(form, "user"), disabled));
}

function shown(outcome: Outcome): UserActState {
  revalidatePath("/admin/users");
  return outcome.state === "done" ? {} : { problem: outcome.reason };
}

function linkShown(outcome: Awaited<ReturnType<typeof addPerson>>): UserActState {
  revalidatePath("/admin/users");
  if (outcome.state !== "done") return { problem: outcome.reason };
  return { link: { url: outcome.link, person: describeUser(outcome.user) } };
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

async function origin(): Promise<string> {
  return appOrigin(await headers(), services().environment.auth.url);
}
