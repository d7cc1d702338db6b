import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFirstSignInLink } from "@/lib/auth/sign-in-links";
import { listAudit } from "@/lib/queries/audit";
import { seriousIn } from "./browser";
import { type RunningApp, startApp } from "./running-app";

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const mainOf = (page: Page) => page.locator("main").first();

describe("signing in", () => {
  it("sends whoever is not signed in to the sign-in page, and back afterwards", async () => {
    const { page } = await app.visitor();
    await page.goto(`${app.origin}/admin/audit?action=user`);
    const address = new URL(page.url());
    expect([address.pathname, address.searchParams.get("callbackUrl")]).toEqual([
      "/sign-in",
      "/admin/audit?action=user",
    ]);
    expect(await seriousIn(page)).toEqual([]);
  });

  it("the first link signs in by itself, once; the second time it says what to do", async () => {
    const link = (await createFirstSignInLink(app.test.store, { origin: app.origin })) ?? "";
    const first = await app.visitor();
    await first.page.goto(link);
    await first.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    expect((await first.page.request.get(`${app.origin}/api/v1/audit`)).status()).toBe(200);
    const second = await app.visitor();
    await second.page.goto(link);
    expect(await mainOf(second.page).textContent()).toContain("npm run sign-in-link");
    expect((await second.page.request.get(`${app.origin}/api/v1/audit`)).status()).toBe(401);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });

  it("a role that does not include a page gets 403 and an explanation, not the page", async () => {
    const { page, complaints } = await app.signIn("executive");
    for (const path of ["/admin/users", "/admin/tokens", "/admin/sources", "/admin/audit"]) {
      const response = await page.goto(`${app.origin}${path}`);
      expect(response?.status()).toBe(403);
      expect(await mainOf(page).textContent()).toContain("do not have the right");
    }
    expect(complaints).toEqual([]);
  });
});

describe("administration", () => {
  it("adds a person whose link works, disables them, and the session ends within seconds", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/admin/users`);
    await page.getByLabel("Name", { exact: true }).fill("Kim <b>Byron</b>");
    await page.getByRole("button", { name: "Add and make a link" }).click();
    const link = await page.locator("code").textContent();
    expect(await seriousIn(page)).toEqual([]);

    const kim = await app.visitor();
    await kim.page.goto(link ?? "");
    expect(await mainOf(kim.page).textContent()).toContain("Kim <b>Byron</b>");
    await kim.page.getByRole("button", { name: "Sign in" }).click();
    await kim.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    const statusOfKim = async () => (await kim.page.request.get(`${app.origin}/api/v1/orders`)).status();
    expect(await statusOfKim()).toBe(200);

    await page.getByRole("button", { name: /^Disable Kim/ }).click();
    await page.getByRole("button", { name: /^Enable Kim/ }).waitFor();
    await expect.poll(statusOfKim, { timeout: 5_000 }).toBe(401);
    expect([...complaints, ...kim.complaints]).toEqual([]);
  });

  it("keeps what was typed when it refuses it", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/admin/tokens`);
    await page.getByLabel("Name: which program").fill("Dock");
    await page.getByLabel(/^Only for this source/).fill("no such name!");
    await page.getByLabel(/^read/).check();
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("alert").filter({ hasText: "A source is named with" }).waitFor();
    expect(await page.getByLabel("Name: which program").inputValue()).toBe("Dock");
    expect(await page.getByLabel(/^Only for this source/).inputValue()).toBe("no such name!");
    expect([await page.getByLabel(/^ingest/).isChecked(), await page.getByLabel(/^read/).isChecked()]).toEqual([
      true,
      true,
    ]);
    expect(complaints).toEqual([]);
  });

  it("makes a token that is shown once and works until it is revoked", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/admin/tokens`);
    await page.getByLabel("Name: which program").fill("Reporting");
    await page.getByLabel(/^ingest/).uncheck();
    await page.getByLabel(/^read/).check();
    await page.getByRole("button", { name: "Create token" }).click();
    const token = (await page.locator("code").textContent()) ?? "";
    expect(await seriousIn(page)).toEqual([]);
    const statusOfToken = async () =>
      (await fetch(`${app.origin}/api/v1/orders`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await statusOfToken()).toBe(200);
    await page.reload();
    expect(await page.content()).not.toContain(token);
    await page.getByRole("button", { name: "Revoke Reporting" }).click();
    await page.getByRole("button", { name: "Revoke Reporting for good" }).click();
    await page.getByText("Revoked", { exact: true }).waitFor();
    await expect.poll(statusOfToken, { timeout: 10_000 }).toBe(401);
    expect(complaints).toEqual([]);
  });

  it("shows the audit log, filters it by address, and exports what it shows", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/admin/audit?action=user.created`);
    expect(await mainOf(page).textContent()).toContain("Kim <b>Byron</b>");
    expect(await seriousIn(page)).toEqual([]);
    const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
    const csv = await (await page.request.get(`${app.origin}${href}`)).text();
    expect(csv).toContain("user.created");
    expect(csv).not.toContain("person.signed_in");
    const { total } = await listAudit(app.test.store, { action: "audit.exported" }, { limit: 1, after: null });
    expect(total).toBe(1);
    await page.goto(`${app.origin}/admin/audit?from=yesterday`);
    expect(await mainOf(page).textContent()).toContain("from: must be an RFC 3339 time");
    expect(complaints).toEqual([]);
  });

  it("shows how far the sources reach", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/admin/sources`);
    expect(await mainOf(page).textContent()).toContain("declared sources have not reported yet");
    expect(await seriousIn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the browser's protection", () => {
  it("runs no script that the page did not send, and stands in no frame", async () => {
    const { page } = await app.visitor();
    const response = await page.goto(`${app.origin}/sign-in`);
    const headers = response?.headers() ?? {};
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    const blocked = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
          Object.assign(window, { intrude: () => resolve("it ran") });
          document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="intrude()">');
        }),
    );
    expect(blocked).toBe("script-src-attr");
  });

  it("answers an address that is not UTF-8: a program with 400, a person with a page", async () => {
    expect((await fetch(`${app.origin}/api/v1/journeys/order/%FF`)).status).toBe(400);
    const { page } = await app.visitor();
    expect((await page.goto(`${app.origin}/orders/%FF`))?.status()).toBe(404);
    expect(await mainOf(page).textContent()).toContain("There is no such page");
  });

  it("answers an address that does not exist with a way on, also to whoever is not signed in", async () => {
    const { page } = await app.visitor();
    expect((await page.goto(`${app.origin}/no/such/page`))?.status()).toBe(404);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("link", { name: "Go on to Throughline" }).click();
    await page.waitForURL(/\/sign-in/);
  });
});
