import exceljs from "exceljs";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousIn, type Visitor } from "./browser";
import { goodsIssue, type ReconcilingApp, shipment, startReconcilingApp } from "./reconciling-app";

const LIST = "/reconciliation?rule=goods-issue&period=2025-03";
const CLOSE = "/reconciliation/close?companyCode=1000&period=2025-02";
const breakPath = (id: string) => `/reconciliation/handoffs/goods-issue/shipment/${id}`;

let app: ReconcilingApp;
let finance: Visitor;

const FEBRUARY = { units: 5, amount: "50.00", day: "2025-02-10" };
const WORLD = [
  shipment("SH-MATCHED", { units: 12, amount: "120.00" }),
  goodsIssue("SH-MATCHED", { units: 12, amount: "120.00" }),
  shipment("SH-SHORT", { units: 12, amount: "120.00" }),
  goodsIssue("SH-SHORT", { units: 10, amount: "100.00" }),
  shipment("SH-BULK-A", { units: 2, amount: "20.00" }),
  goodsIssue("SH-BULK-A", { units: 1, amount: "10.00" }),
  shipment("SH-BULK-B", { units: 2, amount: "20.00" }),
  goodsIssue("SH-BULK-B", { units: 1, amount: "10.00" }),
  shipment("SH-ONCE", { units: 6, amount: "60.00" }),
  shipment("SH-LARGE", { units: 100, amount: "25000.00" }),
  shipment("SH-JOURNEY", { units: 3, amount: "33.00" }),
  shipment("SH-WEST-A", { units: 1, amount: "9.00", site: "DC-WEST" }),
  shipment("SH-WEST-B", { units: 1, amount: "10.00", site: "DC-WEST" }),
  shipment("SH-WEST-C", { units: 1, amount: "99.00", site: "DC-WEST" }),
  shipment("SH-700123", { units: 4, amount: "44.00" }),
  goodsIssue("SH-700132", { units: 4, amount: "44.00" }),
  shipment("SH-FEB-OPEN", FEBRUARY),
  shipment("SH-FEB-MATCHED", FEBRUARY),
  goodsIssue("SH-FEB-MATCHED", FEBRUARY),
];

beforeAll(async () => {
  app = await startReconcilingApp();
  await app.send(WORLD);
  await app.handoffWhen("SH-FEB-MATCHED", ({ state }) => state === "matched");
  await app.handoffWhen("SH-700132", ({ state }) => state === "orphan");
  await app.handoffWhen("SH-SHORT", ({ state }) => state === "mismatched");
  await app.handoffWhen("SH-WEST-C", ({ state }) => state === "late");
  finance = await app.signIn("finance");
});
afterAll(() => app?.stop());

const resolved = (id: string, kind: string) => app.handoffWhen(id, ({ resolution }) => resolution?.kind === kind);

/** While a page streams in, a second copy of a part may stand hidden outside of it. */
const shownIn = (page: Page): Locator => page.locator("#main");

const rowOf = (page: Page, id: string): Locator =>
  page.getByRole("row").filter({ has: page.getByText(id, { exact: true }) });

/** Scripts of a page run a while after it is there, and there is no event for that: what is done is done again until it has its effect. */
async function doUntil(act: () => Promise<void>, effect: Locator): Promise<void> {
  await expect
    .poll(
      async () => {
        if (!(await effect.isVisible())) await act();
        return effect.isVisible();
      },
      { timeout: 15_000 },
    )
    .toBe(true);
}

/** The list, marked so that a reload would show, with these selected. */
async function select(page: Page, ids: readonly string[], path = LIST): Promise<void> {
  await page.goto(`${app.origin}${path}`);
  const [first = "", ...rest] = ids;
  const box = (id: string) => page.getByRole("checkbox", { name: `Select goods-issue/shipment/${id}` });
  await doUntil(async () => {
    await box(first).uncheck();
    await box(first).check();
  }, shownIn(page).getByText("1 handoff selected"));
  for (const id of rest) await box(id).check();
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
}
const isSameDocument = (page: Page) =>
  page.evaluate(() => (globalThis as { sameDocument?: boolean }).sameDocument === true);

/** Presses a button and gives the dialog that it opens. */
async function dialogOf(page: Page, button: string, title: string): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: title });
  await doUntil(() => page.getByRole("button", { name: button, exact: true }).first().click(), dialog);
  return dialog;
}

describe("the list of breaks", () => {
  it("sums the selection on both sides, and settles what is matched without a reload", async () => {
    const { page, complaints } = finance;
    await select(page, ["SH-SHORT", "SH-ONCE"]);
    expect(await page.getByRole("status").filter({ hasText: "selected" }).textContent()).toBe("2 handoffs selected");
    // 120 and 60 were shipped; 100 was posted, and nothing.
    expect(await shownIn(page).getByText("Expected 180.00").locator("..").textContent()).toMatch(
      /Actual 100\.00Variance −80\.00USD/,
    );
    await page.getByRole("checkbox", { name: "Select goods-issue/shipment/SH-ONCE" }).uncheck();
    const dialog = await dialogOf(page, "Match", "Match by hand");
    expect(await dialog.textContent()).toMatch(/Expected 120\.00.*Actual 100\.00.*Variance −20\.00/);
    expect(await dialog.getByLabel("Kind of reason").inputValue()).toBe("quantity-difference");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("two were samples");
    await dialog.getByRole("button", { name: "Match by hand" }).click();
    await rowOf(page, "SH-SHORT").waitFor({ state: "detached" });
    expect(await isSameDocument(page)).toBe(true);
    expect((await app.handoffOf("SH-SHORT"))?.resolution).toMatchObject({
      kind: "matched",
      reason: "two were samples",
    });
    expect(complaints).toEqual([]);
  });

  it("is walked, selected and opened by keys", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}${LIST}`);
    await doUntil(() => page.keyboard.press("j"), page.locator("tr[data-index='0']:focus"));
    await page.keyboard.press("x");
    await shownIn(page).getByText("1 handoff selected").waitFor();
    await page.keyboard.press("Enter");
    // The most at stake comes first.
    await page.waitForURL((url) => url.pathname === breakPath("SH-LARGE"));
  });

  it("plans what is decided about many before it does it, and says what was done", async () => {
    const { page, complaints } = finance;
    await select(page, ["SH-BULK-A", "SH-BULK-B"]);
    const dialog = await dialogOf(page, "Accept once", "Accept once");
    await dialog.getByText(/All \d+ that match the filter/).waitFor();
    await dialog.getByRole("radio", { name: /These 2, each by itself/ }).check();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("known rounding of pallets");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByText("2 handoffs will be accepted, 20.00 USD at stake.").waitFor();
    await dialog.getByRole("button", { name: "Carry out 2" }).click();
    await dialog.getByText("2 done, 0 left out, 0 failed.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await resolved("SH-BULK-A", "accepted");
    await resolved("SH-BULK-B", "accepted");
    expect(complaints).toEqual([]);
  });

  it("saves what it shows as a spreadsheet that says of what, as of when and how far", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}${LIST}&state=matched&q=SH-MATCHED`);
    const link = page.getByRole("link", { name: "Save all 1 handoff as XLSX" });
    const saved = await page.request.get(`${app.origin}${await link.getAttribute("href")}`);
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load((await saved.body()) as unknown as ArrayBuffer);
    const sheet = workbook.worksheets[0];
    const lines: string[][] = [];
    sheet?.eachRow({ includeEmpty: true }, (row) => void lines.push((row.values as string[]).slice(1)));
    const head = Object.fromEntries(lines.slice(0, 6).map(([name, value]) => [name, value]));
    expect(head).toMatchObject({ Throughline: "Handoffs", Handoffs: "1" });
    expect(head.Filter).toBe("q: SH-MATCHED; rule: goods-issue; state: matched; period: 2025-03");
    expect(head["Business date"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(head["Complete through"]).toMatch(/WMS East 2025-03-10T15:00:00/);
    const [columns = [], ...rows] = lines.slice(7);
    expect(rows).toHaveLength(1);
    const cells = Object.fromEntries(columns.map((column, index) => [column, rows[0]?.[index]]));
    expect(cells).toMatchObject({
      "Rule name": "Shipment → goods issue",
      Key: "SH-MATCHED",
      State: "matched",
      "Expected quantity": "12",
      "Actual quantity": "12",
      Variance: "0.00",
      Currency: "USD",
      Period: "2025-03",
      Orders: "SO-SH-MATCHED",
      "Events expected": "wms-east/sc-SH-MATCHED",
      "Events found": "erp/gi-SH-MATCHED",
    });
    expect([cells["Expected amount"], cells["Actual amount"]].map(Number)).toEqual([120, 120]);
  });

  it("says what is wrong with a filter that cannot be read", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}/reconciliation?stakeMin=lots`);
    await shownIn(page).getByText("This filter cannot be read").waitFor();
    await page.getByRole("link", { name: "Start without a filter" }).click();
    await rowOf(page, "SH-LARGE").waitFor();
  });
});

describe("one break", () => {
  it("is accepted once, and opened again with what was said kept", async () => {
    const { page, complaints } = finance;
    await page.goto(`${app.origin}${breakPath("SH-ONCE")}`);
    const accept = await dialogOf(page, "Accept once", "Accept once");
    await accept.getByRole("textbox", { name: "Reason" }).fill("it follows tomorrow");
    await accept.getByRole("button", { name: "Accept once" }).click();
    const reopen = page.getByRole("button", { name: "Reopen" });
    await reopen.waitFor();
    await reopen.click();
    const dialog = page.getByRole("dialog", { name: "Reopen" });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("it did not follow");
    await dialog.getByRole("button", { name: "Reopen" }).click();
    await page.getByRole("button", { name: "Match", exact: true }).waitFor();
    const decisions = await page.getByRole("region", { name: "Decisions" }).textContent();
    expect(decisions).toMatch(/Reopened.*it did not follow.*no longer holds.*it follows tomorrow/);
    expect((await app.handoffOf("SH-ONCE"))?.open).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe("breaks of a kind", () => {
  it("are accepted always up to an amount, after a look at which, until somebody withdraws it", async () => {
    const { page, complaints } = finance;
    await select(page, ["SH-WEST-B"]);
    const dialog = await dialogOf(page, "Accept always…", "Accept always");
    expect(await dialog.getByLabel("Warehouse").inputValue()).toBe("DC-WEST");
    expect(await dialog.getByLabel("Up to this amount each").inputValue()).toBe("10.00");
    expect(await dialog.getByRole("button", { name: "Accept always" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "Reason" }).fill("west posts weekly");
    await dialog.getByRole("button", { name: "What would it accept?" }).click();
    await dialog.getByText("It would accept 2 open breaks now, 19.00 USD at stake.").waitFor();
    await dialog.getByRole("button", { name: "Accept always" }).click();
    await resolved("SH-WEST-A", "standing");
    await resolved("SH-WEST-B", "standing");
    expect((await app.handoffOf("SH-WEST-C"))?.resolution).toBeNull();
    await page.goto(`${app.origin}/reconciliation/acceptances`);
    const withdraw = await dialogOf(page, "Withdraw…", "Withdraw");
    await withdraw.getByRole("textbox", { name: "Reason" }).fill("west posts daily now");
    await withdraw.getByRole("button", { name: "Withdraw" }).click();
    await shownIn(page).getByText("withdrawn by Test finance").waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("closing a period", () => {
  it("asks for a word about what is open, freezes under a name, verifies, and shows what came after", async () => {
    const { page, complaints } = finance;
    await page.goto(`${app.origin}${CLOSE}`);
    const sign = page.getByRole("region", { name: "Sign off" });
    await sign.getByLabel("1 late: Shipment → goods issue").fill("the carrier confirms in March");
    const signature = sign.getByLabel("Your name, as signature: Test finance");
    await doUntil(async () => {
      await signature.fill("Somebody Else");
      await sign.getByRole("button", { name: "Close 2025-02 of 1000" }).click();
    }, sign.getByText("Sign with your name as it stands in your account: Test finance."));
    await sign.getByLabel("1 late: Shipment → goods issue").fill("the carrier confirms in March");
    await signature.fill("Test finance");
    await sign.getByRole("button", { name: "Close 2025-02 of 1000" }).click();
    const closed = page.getByRole("region", { name: "Closed" });
    await closed.getByText("Nothing has changed since it was signed.").waitFor();
    expect(await closed.textContent()).toMatch(/2025-02 of 1000 was closed by Test finance.*2 frozen handoffs/);
    expect(await closed.locator("code").textContent()).toMatch(/^[0-9a-f]{64}$/);
    await closed.getByRole("button", { name: "Verify the hash" }).click();
    await closed.getByText("Intact: 2 handoffs give the same hash.").waitFor();
    await app.send([goodsIssue("SH-FEB-OPEN", FEBRUARY)]);
    await app.handoffWhen("SH-FEB-OPEN", ({ state }) => state === "matched");
    await page.reload();
    await closed.getByText("After close: 1 changed, 0 new, 0 no longer there").waitFor();
    expect(await closed.textContent()).toContain("SH-FEB-OPENwas late, is matched");
    const dialog = await dialogOf(page, "Open again…", "Open the period again");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("one posting came late");
    await dialog.getByRole("button", { name: "Open again" }).click();
    await shownIn(page).getByText("Nothing is open. The period can be signed.").waitFor();
    expect(await page.getByRole("region", { name: "Signed and opened" }).textContent()).toContain(
      "one posting came late",
    );
    expect(complaints).toEqual([]);
  });
});

describe("a journey with a break", () => {
  it("names it in its sentence, draws what is missing, and leads to it and back", async () => {
    const { page, complaints } = finance;
    await page.goto(`${app.origin}/orders/SO-SH-JOURNEY`);
    await shownIn(page)
      .getByText(/ERP has not posted the goods issue, .* late/)
      .waitFor();
    await page
      .getByRole("img", { name: /Handoff Shipment → goods issue, broken, expected from ERP, .* late/ })
      .waitFor();
    await page.getByRole("link", { name: "Shipment → goods issue, SH-JOURNEY" }).click();
    await page.waitForURL((url) => url.pathname === breakPath("SH-JOURNEY"));
    await page.getByRole("link", { name: "Journey of SO-SH-JOURNEY" }).click();
    await page.waitForURL((url) => url.pathname === "/orders/SO-SH-JOURNEY");
    await page.goto(`${app.origin}/orders/SO-SH-MATCHED`);
    await page.getByRole("img", { name: "Handoff Shipment → goods issue, settled", exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("pages with a break", () => {
  const PATHS = [
    breakPath("SH-WEST-C"),
    breakPath("SH-700132"),
    "/reconciliation/close?companyCode=1000&period=2025-03",
    "/orders/SO-SH-JOURNEY",
    "/orders/SO-SH-JOURNEY?tab=handoffs",
  ];

  it.each(["light", "dark"])("has no serious fault for assistive technology in %s", async (theme) => {
    const { page, complaints } = finance;
    await page.context().addCookies([{ name: "throughline-theme", value: theme, url: app.origin }]);
    for (const path of PATHS) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect({ path, faults: await seriousIn(page) }).toEqual({ path, faults: [] });
    }
    expect(complaints).toEqual([]);
  });

  it("fits a narrow screen without scrolling sideways", async () => {
    const { page } = finance;
    await page.setViewportSize({ width: 375, height: 800 });
    for (const path of PATHS) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, width }).toEqual({ path, width: 375 });
    }
  });

  it("is closed to whoever may not reconcile, and only to be read by whoever may not decide", async () => {
    const operations = await app.signIn("operations");
    await operations.page.goto(`${app.origin}${breakPath("SH-WEST-C")}`);
    await shownIn(operations.page).getByText("Your role may look, not decide.").waitFor();
    await operations.page.goto(`${app.origin}/reconciliation/close?companyCode=1000&period=2025-03`);
    await shownIn(operations.page).getByText("Your role may look at the checklist, not close the period.").waitFor();
    const service = await app.signIn("customer-service");
    await service.page.goto(`${app.origin}${LIST}`);
    await shownIn(service.page).getByText("You do not have the right to see this").waitFor();
    expect(await service.page.getByText("SH-WEST-C").count()).toBe(0);
  });
});
