import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, addToken, changeRole, renewLink, setDisabled, withdrawToken } from "@/lib/auth/accounts";
import { userOfOidc } from "@/lib/auth/oidc";
import { permissionsOfRole } from "@/lib/auth/permissions";
import type { Person } from "@/lib/auth/session";
import { readLinkState, redeemSignInLink } from "@/lib/auth/sign-in-links";
import { verifyToken } from "@/lib/auth/tokens";
import { listAudit } from "@/lib/queries/audit";
import { createUser, listUsers, readUser } from "@/lib/queries/users";
import { startTestStore, type TestStore } from "./embedded-store";

const NOW = new Date("2026-11-24T10:00:00.000Z");
const origin = "https://throughline.example";
let test: TestStore;
let admin: Person;

beforeAll(async () => {
  test = await startTestStore();
  const user = await createUser(test.store, { name: "Alex", email: "", role: "admin", createdBy: "start" }, NOW);
  admin = { id: user.id, name: user.name, email: "", role: "admin", permissions: permissionsOfRole("admin") };
});
afterAll(() => test.stop());

const act = () => ({ services: { store: test.store }, by: admin, now: NOW });
const auditOf = async (action: string, target: string) =>
  (await listAudit(test.store, { action, target }, { limit: 50, after: null })).items;
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";

async function newPerson(role: string): Promise<string> {
  const added = await addPerson(act(), { name: "Kim", email: "", role, origin });
  if (added.state !== "done") throw new Error(added.reason);
  return added.user.id;
}

describe("an administrator", () => {
  it("adds a person, whose link lets them in with that role, and both are audited", async () => {
    const added = await addPerson(act(), { name: " Kim ", email: "kim@example.com", role: "finance", origin });
    if (added.state !== "done") throw new Error(added.reason);
    expect(added.link.startsWith(`${origin}/sign-in/link?token=`)).toBe(true);
    expect(await readLinkState(test.store, tokenOf(added.link), NOW)).toMatchObject({ fromConsole: false });
    expect(await redeemSignInLink(test.store, tokenOf(added.link), NOW)).toMatchObject({
      state: "usable",
      user: { name: "Kim", role: "finance" },
    });
    expect(await auditOf("user.created", added.user.id)).toMatchObject([
      { actor: { id: admin.id }, details: { role: "finance" } },
    ]);
    const [linked] = await auditOf("sign_in_link.created", added.user.id);
    expect(JSON.stringify(linked)).not.toContain(tokenOf(added.link));
  });

  it("is refused a person without name, with a broken address or an unknown role", async () => {
    const before = (await listUsers(test.store)).length;
    const wrong = [
      { name: "  ", email: "", role: "finance" },
      { name: "x".repeat(201), email: "", role: "finance" },
      { name: "Kim", email: "not an address", role: "finance" },
      { name: "Kim", email: "", role: "root" },
    ];
    for (const wanted of wrong)
      expect(await addPerson(act(), { ...wanted, origin })).toMatchObject({ state: "refused" });
    expect(await listUsers(test.store)).toHaveLength(before);
  });

  it("changes a role, and the log says from what to what", async () => {
    const id = await newPerson("finance");
    expect(await changeRole(act(), id, "operations")).toMatchObject({ state: "done", user: { role: "operations" } });
    expect(await auditOf("user.role_changed", id)).toMatchObject([{ details: { from: "finance", to: "operations" } }]);
    expect(await changeRole(act(), id, "root")).toMatchObject({ state: "refused" });
    expect(await changeRole(act(), "nobody", "finance")).toMatchObject({ state: "refused" });
  });

  it("makes no link for a disabled account", async () => {
    const id = await newPerson("finance");
    await setDisabled(act(), id, true);
    expect(await renewLink(act(), id, origin)).toMatchObject({ state: "refused" });
    await setDisabled(act(), id, false);
    expect(await renewLink(act(), id, origin)).toMatchObject({ state: "done" });
    expect((await auditOf("user", id)).map((entry) => entry.action)).toEqual(
      expect.arrayContaining(["user.disabled", "user.enabled"]),
    );
  });

  it("cannot leave the house without an administrator, also when two act at once", async () => {
    expect(await setDisabled(act(), admin.id, true)).toMatchObject({ state: "refused" });
    expect(await changeRole(act(), admin.id, "finance")).toMatchObject({ state: "refused" });
    const second = await newPerson("admin");
    const outcomes = await Promise.all([setDisabled(act(), admin.id, true), setDisabled(act(), second, true)]);
    expect(outcomes.map((outcome) => outcome.state).sort()).toEqual(["done", "refused"]);
    const left = (await listUsers(test.store)).filter((user) => user.role === "admin" && !user.disabled);
    expect(left).toHaveLength(1);
    await setDisabled(act(), admin.id, false);
  });

  it("makes a token that works until it is revoked, registers its source, and the log holds no secret", async () => {
    const made = await addToken(act(), { name: "WMS", scopes: ["ingest"], source: "wms-north" });
    if (made.state !== "done") throw new Error(made.reason);
    const verified = await verifyToken(test.store, made.token);
    expect(verified).toMatchObject({ name: "WMS", scopes: ["ingest"], source: "wms-north" });
    expect(await test.store.query("SELECT source FROM registered_sources")).toEqual([{ source: "wms-north" }]);
    expect(await withdrawToken(act(), verified?.id ?? "")).toEqual({ state: "done" });
    expect(await verifyToken(test.store, made.token)).toBeNull();
    const entries = await auditOf("token", verified?.id ?? "");
    expect(entries.map((entry) => entry.action).sort()).toEqual(["token.created", "token.revoked"]);
    expect(JSON.stringify(entries)).not.toContain(made.token);
  });

  it("is refused a token without scope, with an unknown one, or for a source it could not report for", async () => {
    for (const wanted of [
      { name: "x", scopes: [], source: "" },
      { name: "x", scopes: ["read", "root"], source: "" },
      { name: "", scopes: ["read"], source: "" },
      { name: "x", scopes: ["read"], source: "wms" },
      { name: "x", scopes: ["ingest"], source: "wms\nnorth" },
    ]) {
      expect(await addToken(act(), wanted)).toMatchObject({ state: "refused" });
    }
    expect(await withdrawToken(act(), "nothing")).toMatchObject({ state: "refused" });
  });
});

describe("single sign-on", () => {
  const settings = {
    issuer: "https://id.example",
    clientId: "c",
    clientSecret: "s",
    roleClaim: "roles",
    roleMap: new Map<string, string>(),
  };
  const profile = { sub: "u1", name: "Robin", email: "robin@example.com", roles: ["finance"] };

  it("makes an account on first entry, finds it again, and follows the role of the claim", async () => {
    const first = await userOfOidc(test.store, profile, settings, NOW);
    expect(first).toMatchObject({
      before: null,
      user: { name: "Robin", role: "finance", identity: "https://id.example u1" },
    });
    const again = await userOfOidc(test.store, profile, settings, NOW);
    expect(again?.user).toEqual(first?.user);
    const moved = await userOfOidc(test.store, { ...profile, roles: ["operations"] }, settings, NOW);
    expect(moved?.user).toMatchObject({ id: first?.user.id, role: "operations", sessionEpoch: 2 });
  });

  it("goes by issuer and subject, never by e-mail", async () => {
    const known = await userOfOidc(test.store, profile, settings, NOW);
    const sameMail = await userOfOidc(test.store, { ...profile, sub: "u2" }, settings, NOW);
    const otherIssuer = await userOfOidc(test.store, profile, { ...settings, issuer: "https://other.example" }, NOW);
    expect(new Set([known?.user.id, sameMail?.user.id, otherIssuer?.user.id]).size).toBe(3);
  });

  it("lets nobody in without a role, and keeps the role of an account when the claim is silent", async () => {
    expect(await userOfOidc(test.store, { ...profile, sub: "u3", roles: [] }, settings, NOW)).toBeNull();
    const known = await userOfOidc(test.store, { ...profile, sub: "u4" }, settings, NOW);
    const silent = await userOfOidc(
      test.store,
      { sub: "u4", name: "Robin", email: "robin@example.com" },
      settings,
      NOW,
    );
    expect(silent?.user).toEqual(known?.user);
  });

  it("does not enable an account that is disabled", async () => {
    const known = await userOfOidc(test.store, { ...profile, sub: "u5" }, settings, NOW);
    await setDisabled(act(), known?.user.id ?? "", true);
    const again = await userOfOidc(test.store, { ...profile, sub: "u5", roles: ["admin"] }, settings, NOW);
    expect(again?.user).toMatchObject({ id: known?.user.id, disabled: true });
    expect(await readUser(test.store, known?.user.id ?? "")).toMatchObject({ disabled: true });
  });
});
