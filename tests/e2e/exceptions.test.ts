import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exceptionRow } from "../integration/exception-rows";
import { seriousIn, type Visitor } from "./browser";
import { type RunningApp, startApp } from "./running-app";

let app: RunningApp;
let operations: Visitor;

/** As the projection would write them: the pages read rows, whoever wrote them. */
beforeAll(async () => {
  app = await startApp();
  const closed = {
    fingerprint: "fp-closed",
    cause: "Posting period is closed",
    class: "business",
    category: "business",
  };
  const rows = [
    exceptionRow("101"),
    exceptionRow("102", { state: "regressed", regressions: 1 }),
    exceptionRow("201", { ...closed, message: "Posting period 10/2026 is closed" }),
    exceptionRow("301", { state: "resolved", resolution: "verified", resolved_at: "2026-11-21T10:00:00.000Z" }),
  ];
  await app.test.store.insert("exceptions", rows);
  operations = await app.signIn("operations");
});
afterAll(async () => {
  expect(operations?.complaints).toEqual([]);
  await app?.stop();
});

describe("the queue of exceptions", () => {
  it("is where operations lands: causes first, then what needs somebody", async () => {
    const { page } = operations;
    await page.waitForURL(/\/exceptions$/);
    const causes = page.getByRole("table", { name: "Causes" });
    await causes.getByRole("link", { name: "Service unavailable" }).waitFor();
    await causes.getByRole("link", { name: "Posting period is closed" }).waitFor();
    const items = page.getByRole("table", { name: "Exceptions" });
    await items.getByRole("link", { name: "Service unavailable for 102" }).waitFor();
    expect(await items.getByRole("link", { name: "Service unavailable for 301" }).count()).toBe(0);
  });

  it("opens the exceptions of one cause, and what is resolved by its tab", async () => {
    const { page } = operations;
    await page.goto(`${app.origin}/exceptions?group=fp-closed`);
    const items = page.getByRole("table", { name: "Exceptions" });
    await items.getByRole("link", { name: "Posting period 10/2026 is closed" }).waitFor();
    expect(await items.getByRole("link", { name: /Service unavailable/ }).count()).toBe(0);
    await page.goto(`${app.origin}/exceptions?tab=resolved`);
    await items.getByText("Resolved effect verified").filter({ visible: true }).waitFor();
  });

  it("opens one exception, which leads to its order", async () => {
    const { page } = operations;
    await page.goto(`${app.origin}/exceptions`);
    await page
      .getByRole("table", { name: "Exceptions" })
      .getByRole("link", { name: "Service unavailable for 101" })
      .click();
    await page.getByRole("heading", { name: "Service unavailable for 101" }).waitFor();
    expect(await page.getByRole("link", { name: "SO-101" }).getAttribute("href")).toBe("/orders/SO-101");
    expect((await page.goto(`${app.origin}/exceptions/ex_nobody`))?.status()).toBe(404);
  });

  it("says what it cannot read in an address", async () => {
    const { page } = operations;
    await page.goto(`${app.origin}/exceptions?class=nonsense`);
    await page.getByRole("heading", { name: "This filter cannot be read" }).waitFor();
  });

  it.each(["light", "dark"] as const)(
    "is without serious faults of accessibility in %s, wide and narrow",
    async (theme) => {
      const { page } = operations;
      await page.emulateMedia({ colorScheme: theme });
      for (const width of [1280, 375]) {
        await page.setViewportSize({ width, height: 800 });
        for (const path of ["/exceptions", "/exceptions/101"]) {
          await page.goto(`${app.origin}${path}`);
          await page.getByText("Service unavailable for 101").filter({ visible: true }).first().waitFor();
          expect(await seriousIn(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          if (process.env.SHOTS)
            await page.screenshot({ path: `${process.env.SHOTS}/${theme}-${width}-${path.split("/").length}.png` });
        }
      }
    },
  );
});
