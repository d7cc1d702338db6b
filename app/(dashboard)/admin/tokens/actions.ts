"use server";
import { revalidatePath } from "next/cache";
import { addToken, withdrawToken } from "@/lib/auth/accounts";
import { requirePermission } from "@/lib/auth/require-permission";
import { services } from "@/lib/services";

/** What the page shows after an act. `token` is shown once. */
export type TokenActState = {
  readonly made?: { readonly name: string; readonly token: string };
  readonly problem?: string;
  /** What was typed, when it was refused: the form is emptied by every answer, and nobody should type it again. */
  readonly typed?: { readonly name: string; readonly scopes: readonly string[]; readonly source: string };
};

export async function addTokenAction(_before: TokenActState, form: FormData): Promise<TokenActState> {
  const by = await requirePermission("admin:tokens");
  const wanted = {
    name: String(form.get("name") ?? ""),
    scopes: form.getAll("scope").map(String),
    source: String(form.get("source") ?? ""),
  };
  const outcome = await addToken({ services: services(), by, now: new Date() }, wanted);
  revalidatePath("/admin/tokens");
  return outcome.state === "done"
    ? { made: { name: outcome.name, token: outcome.token } }
    : { problem: outcome.reason, typed: wanted };
}

export async function revokeTokenAction(_before: TokenActState, form: FormData): Promise<TokenActState> {
  const by = await requirePermission("admin:tokens");
  const outcome = await withdrawToken({ services: services(), by, now: new Date() }, String(form.get("token") ?? ""));
  revalidatePath("/admin/tokens");
  return outcome.state === "done" ? {} : { problem: outcome.reason };
}
