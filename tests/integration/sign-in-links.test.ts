import { addHours, addMilliseconds } from "date-fns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createConsoleSignInLink,
  createFirstSignInLink,
  createSignInLink,
  readLinkState,
  redeemSignInLink,
  SIGN_IN_LINK_HOURS,
} from "@/lib/auth/sign-in-links";
import { changeUser, createUser, hasAnyoneSignedIn, listUsers, readUser, recordSignIn } from "@/lib/queries/users";
import { startTestStore, type TestStore } from "./embedded-store";

const NOW = new Date("2026-11-24T10:00:00.000Z");
const origin = "http://localhost:3000";
let test: TestStore;

beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.stop());

const tokenOf = (link: string | null): string => new URL(link ?? "").searchParams.get("token") ?? "";

async function newLink(at = NOW): Promise<{ token: string; userId: string }> {
  const user = await createUser(test.store, { name: "Kim", email: "", role: "finance", createdBy: "test" }, at);
  const link = await createSignInLink(test.store, { userId: user.id, origin, createdBy: "someone", now: at });
  return { token: tokenOf(link), userId: user.id };
}

describe("the first sign-in link", () => {
  it("is made at every start until somebody signs in, always for the same administrator, and never after", async () => {
    const first = await createFirstSignInLink(test.store, { origin, now: NOW });
    expect(first).toMatch(/^http:\/\/localhost:3000\/sign-in\/link\?token=[\w-]{43}$/);
    const second = await createFirstSignInLink(test.store, { origin, now: addMilliseconds(NOW, 1) });
    expect(await listUsers(test.store)).toHaveLength(1);

    expect(await readLinkState(test.store, tokenOf(first), NOW)).toEqual({ state: "replaced" });
    const entered = await redeemSignInLink(test.store, tokenOf(second), NOW);
    expect(entered).toMatchObject({ state: "usable", user: { role: "admin" }, fromConsole: true });

    expect(await hasAnyoneSignedIn(test.store)).toBe(false);
    if (entered.state === "usable") await recordSignIn(test.store, entered.user.id, "link", NOW);
    expect(await createFirstSignInLink(test.store, { origin, now: NOW })).toBeNull();
  });

  it("can be had again on the server, for an administrator who is not disabled", async () => {
    const before = await readLinkState(
      test.store,
      tokenOf(await createConsoleSignInLink(test.store, { origin })),
      new Date(),
    );
    const firstAdmin = before.state === "usable" ? before.user.id : "";
    await changeUser(test.store, firstAdmin, { disabled: true }, NOW);
    const after = await readLinkState(
      test.store,
      tokenOf(await createConsoleSignInLink(test.store, { origin })),
      new Date(),
    );
    expect(after).toMatchObject({ state: "usable", user: { role: "admin", disabled: false } });
    expect(after.state === "usable" && after.user.id).not.toBe(firstAdmin);
  });
});

describe("a sign-in link", () => {
  it("is good once", async () => {
    const { token, userId } = await newLink();
    expect(await redeemSignInLink(test.store, token, NOW)).toMatchObject({ state: "usable", user: { id: userId } });
    expect(await redeemSignInLink(test.store, token, NOW)).toEqual({ state: "used" });
    expect(await readLinkState(test.store, token, NOW)).toEqual({ state: "used" });
  });

  it("lets exactly one of many visitors at once in", async () => {
    const { token } = await newLink();
    const visits = await Promise.all(Array.from({ length: 8 }, () => redeemSignInLink(test.store, token, NOW)));
    expect(visits.filter((visit) => visit.state === "usable")).toHaveLength(1);
  });

  it("lets nobody in twice when another process has claimed it between our look and our claim", async () => {
    const { token } = await newLink();
    const { store } = test;
    const rival: typeof store = {
      ...store,
      async insert(table, rows, options) {
        if (table === "sign_in_link_claims") {
          await store.insert(
            table,
            (rows as object[]).map((row) => ({ ...row, claim_id: "the other process" })),
          );
        }
        await store.insert(table, rows, options);
      },
    };
    expect(await redeemSignInLink(rival, token, NOW)).toEqual({ state: "used" });
  });

  it("expires, and looking at it does not use it up", async () => {
    const { token } = await newLink();
    const lastMoment = addMilliseconds(addHours(NOW, SIGN_IN_LINK_HOURS), -1);
    expect(await readLinkState(test.store, token, lastMoment)).toMatchObject({ state: "usable", fromConsole: false });
    expect(await redeemSignInLink(test.store, token, addHours(NOW, SIGN_IN_LINK_HOURS))).toEqual({ state: "expired" });
    expect(await redeemSignInLink(test.store, token, lastMoment)).toMatchObject({ state: "usable" });
  });

  it("stops working when a newer one is made or the account is disabled", async () => {
    const { token, userId } = await newLink();
    const newer = tokenOf(
      await createSignInLink(test.store, { userId, origin, createdBy: "someone", now: addMilliseconds(NOW, 1) }),
    );
    expect(await redeemSignInLink(test.store, token, NOW)).toEqual({ state: "replaced" });
    await changeUser(test.store, userId, { disabled: true }, NOW);
    expect(await redeemSignInLink(test.store, newer, NOW)).toEqual({ state: "disabled" });
    await changeUser(test.store, userId, { disabled: false }, NOW);
    expect(await redeemSignInLink(test.store, newer, NOW)).toMatchObject({ state: "usable" });
  });

  it("is stored as a hash only, and what is not one of ours is unknown", async () => {
    const { token } = await newLink();
    const rows = await test.store.query("SELECT * FROM sign_in_links");
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const stranger of ["", "x", `${token}x`, "' OR 1=1 --", "\u0000", "ü".repeat(5000)]) {
      expect(await redeemSignInLink(test.store, stranger, NOW)).toEqual({ state: "unknown" });
    }
  });
});

describe("an account", () => {
  it("ends its sessions when the role changes or it is disabled, and only then", async () => {
    const user = await createUser(test.store, { name: "Kim", email: "", role: "finance", createdBy: "test" }, NOW);
    const epochAfter = async (change: Parameters<typeof changeUser>[2]) =>
      (await changeUser(test.store, user.id, change, NOW))?.after.sessionEpoch;
    expect(await epochAfter({ name: "Kim B." })).toBe(user.sessionEpoch);
    expect(await epochAfter({ role: "finance" })).toBe(user.sessionEpoch);
    expect(await epochAfter({ role: "operations" })).toBe(user.sessionEpoch + 1);
    expect(await epochAfter({ disabled: true })).toBe(user.sessionEpoch + 2);
    expect(await epochAfter({ disabled: true })).toBe(user.sessionEpoch + 2);
    expect(await epochAfter({ disabled: false })).toBe(user.sessionEpoch + 2);
  });

  it("keeps every one of several changes made at once, also when the clock stands still", async () => {
    const user = await createUser(test.store, { name: "Kim", email: "", role: "finance", createdBy: "test" }, NOW);
    await Promise.all([
      changeUser(test.store, user.id, { disabled: true }, NOW),
      changeUser(test.store, user.id, { role: "executive" }, NOW),
      changeUser(test.store, user.id, { email: "kim@example.com" }, NOW),
    ]);
    expect(await readUser(test.store, user.id)).toMatchObject({
      disabled: true,
      role: "executive",
      email: "kim@example.com",
      name: "Kim",
    });
  });

  it("that does not exist cannot be changed", async () => {
    expect(await changeUser(test.store, "nobody", { disabled: true }, NOW)).toBeNull();
  });
});
