import { readFile } from "node:fs/promises";
import ExcelJS from "exceljs";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHandoff } from "@/lib/queries/handoffs";
import { ingestToken, startWorker, until, type WorkerProcess } from "../integration/worker-process";
import { seriousIn, type Visitor } from "./browser";
import { freePort, type RunningApp, startApp } from "./running-app";

const INTERNAL_TOKEN = "internal-token-of-this-test-0123456789";

let app: RunningApp;
let worker: WorkerProcess;
let finance: Visitor;

beforeAll(async () => {
  const port = await freePort();
  const env = { THROUGHLINE_INTERNAL_TOKEN: INTERNAL_TOKEN };
  app = await startApp({ ...env, INGEST_URL: `http://127.0.0.1:${port}` });
  worker = await startWorker({ clickhouseUrl: app.test.url, env: { ...env, INGEST_PORT: String(port) } });
  const token = await ingestToken(app.test.store);
  const response = await fetch(`${worker.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: events()
      .map((event) => JSON.stringify(event))
      .join("\n"),
  });
  expect(await response.json()).toMatchObject({ deadLettered: [] });
  await until(
    () => handoffOf("SH-1009"),
    (handoff) => handoff?.state === "mismatched",
  );
  finance = await app.signIn("finance");
});
afterAll(async () => {
  await worker?.stop();
  await app?.stop();
});

/** What each shipment is for: expected units and amount, and what was posted for it, under which number. */
const SHIPMENTS: readonly (readonly [id: string, amount: string, posted: string | null, as?: string])[] = [
  ["SH-1001", "20.00", "18.00"], // matched by hand
  ["SH-1002", "30.00", "28.00"], // matched with a note and a file
  ["SH-1003", "40.00", "38.00"], // accepted once, reopened
  ["SH-1004", "50.00", "49.00"], // accepted always
  ["SH-1005", "25000.00", "10000.00"], // large: needs a second person
  ["SH-1006", "70.00", "70.00", "1006"], // posted without its prefix
  ["SH-1007", "80.00", null], // late
  ["SH-1008", "90.00", "90.00"], // right
  ["SH-1009", "95.00", "94.50"],
];

const events = () =>
  SHIPMENTS.flatMap(([id, amount, posted, as = id]) => {
    const lines = (of: string) => [{ sku: "A-1", quantity: "2", uom: "EA", amount: of, currency: "USD" }];
    const shipment = { type: "shipment", id };
    const order = { type: "order", id: id.replace("SH", "SO") };
    const cause = {
      id: `c-${id}`,
      source: "wms-east",
      type: "shipment.confirmed",
      time: "2026-10-20T10:00:00.000Z",
      data: {
        objects: [{ ...shipment, qualifier: "subject" }, order, { type: "location", id: "DC-EAST" }],
        lines: lines(amount),
      },
    };
    const posting = {
      id: `p-${id}`,
      source: "erp",
      type: "goods_issue.posted",
      time: "2026-10-20T10:10:00.000Z",
      data: {
        kind: "posting",
        objects: [
          { type: "erp_document", id: `49-${id}`, qualifier: "subject" },
          { type: "shipment", id: as },
        ],
        lines: lines(posted ?? ""),
        posting: { companyCode: "1000", period: "2026-10" },
      },
    };
    return posted === null ? [cause] : [cause, posting];
  });

const handoffOf = (id: string) =>
  readHandoff(app.test.store, "goods-issue", { type: "shipment", id }, new Date().toISOString());

const resolutionOf = async (id: string) => {
  const handoff = await handoffOf(id);
  return `${handoff?.state} ${handoff?.resolution?.kind ?? "-"}`;
};

const pageOf = (id: string) => `${app.origin}/reconciliation/handoffs/goods-issue/shipment/${id}`;

async function open(page: Page, id: string): Promise<void> {
  await page.goto(pageOf(id));
  await page.getByRole("heading", { level: 1 }).waitFor();
}

async function decide(
  page: Page,
  button: string,
  reason: string,
  more?: (dialog: ReturnType<Page["getByRole"]>) => Promise<void>,
) {
  await page.getByRole("button", { name: button, exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason", exact: true }).fill(reason);
  await more?.(dialog);
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
}

describe("the workbench", () => {
  it("leads from the matrix to the breaks of a rule and a state, and from a break to its journey", async () => {
    const { page, complaints } = finance;
    await page.goto(`${app.origin}/reconciliation`);
    const matrix = page.getByRole("table").first();
    expect(await matrix.textContent()).toContain("Shipment → goods issue");
    await matrix
      .getByRole("row", { name: /goods issue/ })
      .getByRole("link")
      .first()
      .click();
    await page.waitForURL((url) => url.searchParams.get("rule") === "goods-issue");
    await page.getByText("SH-1007").first().waitFor();
    await open(page, "SH-1007");
    await page.getByRole("link", { name: /Journey of SO-1007/ }).click();
    await page.waitForURL((url) => url.pathname === "/orders/SO-1007");
    await page
      .getByText(/ERP has not posted the goods issue, .* late/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it("matches by hand, with a reason, and shows it settled", async () => {
    const { page } = finance;
    await open(page, "SH-1001");
    await decide(page, "Match", "a discount agreed by phone");
    await until(
      () => resolutionOf("SH-1001"),
      (now) => now === "matched matched",
    );
    await open(page, "SH-1001");
    await page.getByText("a discount agreed by phone").first().waitFor();
  });

  it("matches with a note and a file, which can be had again", async () => {
    const { page } = finance;
    await open(page, "SH-1002");
    await decide(page, "Match with note…", "see the carrier's mail", async (dialog) => {
      await dialog.getByRole("textbox", { name: "Note", exact: true }).fill("two dollars were refunded in cash");
      await dialog.locator("input[type=file]").setInputFiles({
        name: "mail.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("refunded"),
      });
    });
    await until(
      () => resolutionOf("SH-1002"),
      (now) => now === "matched matched",
    );
    await open(page, "SH-1002");
    await page.getByText("two dollars were refunded in cash").first().waitFor();
    const download = page.waitForEvent("download");
    await page
      .getByRole("link", { name: /mail\.txt/ })
      .first()
      .click();
    expect(await readFile((await (await download).path()) ?? "", "utf8")).toBe("refunded");
  });

  it("accepts a break once, and opens it again", async () => {
    const { page } = finance;
    await open(page, "SH-1003");
    await decide(page, "Accept once", "not worth the postage");
    await until(
      () => resolutionOf("SH-1003"),
      (now) => now === "mismatched accepted",
    );
    await open(page, "SH-1003");
    await decide(page, "Reopen", "it is, after all");
    await until(
      () => resolutionOf("SH-1003"),
      (now) => now === "mismatched -",
    );
  });

  it("accepts a kind of break always, up to a limit and for a time", async () => {
    const { page } = finance;
    await open(page, "SH-1004");
    await page.getByRole("button", { name: "Accept always…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: /Up to this amount/ }).fill("1.00");
    await dialog.getByRole("textbox", { name: "Reason", exact: true }).fill("the ERP rounds its prices");
    await dialog.getByRole("button", { name: "What would it accept?" }).click();
    await dialog.getByText(/It would accept 2 open breaks now/).waitFor();
    await dialog.locator("button[type=submit]").click();
    await dialog.waitFor({ state: "hidden" });
    await until(
      () => resolutionOf("SH-1004"),
      (now) => now === "mismatched standing",
    );
    expect(await resolutionOf("SH-1003")).toBe("mismatched -");
    await page.goto(`${app.origin}/reconciliation/acceptances`);
    await page.getByText("the ERP rounds its prices").first().waitFor();
  });

  it("asks a second person above the limit, who may not be the first", async () => {
    const { page } = finance;
    await open(page, "SH-1005");
    await decide(page, "Match", "billed on another order");
    await until(
      () => resolutionOf("SH-1005"),
      (now) => now === "mismatched awaiting_approval",
    );
    await page.goto(`${app.origin}/reconciliation/approvals`);
    await page.getByText("You decided this; a second person answers.").waitFor();
    const second = await app.signIn("finance");
    await second.page.goto(`${app.origin}/reconciliation/approvals`);
    await second.page.getByRole("button", { name: "Approve…" }).click();
    await second.page.getByRole("dialog").locator("button[type=submit]").click();
    await until(
      () => resolutionOf("SH-1005"),
      (now) => now === "matched matched",
    );
  });

  it("suggests what a mistyped number was meant for, and matches it only when told to", async () => {
    const { page } = finance;
    expect(await resolutionOf("SH-1006")).toBe("late -");
    await page.goto(`${app.origin}/reconciliation/suggestions`);
    await page.getByText("one number lacks the prefix SH").first().waitFor();
    await page.getByRole("button", { name: "Match SH-1006 with 1006" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Reason", exact: true }).fill("typed without its prefix");
    await dialog.locator("button[type=submit]").click();
    await until(
      () => resolutionOf("SH-1006"),
      (now) => now === "matched matched",
    );
    expect(await resolutionOf("1006")).toBe("matched matched");
  });

  it("exports what is filtered, with the filter and how far the sources reach above it", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}/reconciliation?rule=goods-issue&state=mismatched`);
    await page.getByText("SH-1009").first().waitFor();
    const download = page.waitForEvent("download");
    await page
      .getByRole("link", { name: "XLSX" })
      .or(page.getByRole("button", { name: "XLSX" }))
      .first()
      .click();
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile((await (await download).path()) ?? "");
    const rows: string[][] = [];
    workbook.worksheets[0]?.eachRow((row) =>
      rows.push((row.values as unknown[]).slice(1).map((cell) => String(cell ?? ""))),
    );
    const text = rows.map((row) => row.join("|")).join("\n");
    expect(text).toMatch(/goods-issue/);
    expect(text).toMatch(/[Cc]omplete through/);
    const found = rows.filter((row) => row.some((cell) => cell.includes("SH-1009")));
    expect(found).toHaveLength(1);
    expect(found[0]?.join("|")).toContain("94.5");
    expect(text).not.toContain("SH-1008");
  });

  it("closes a period by name, with a word on what stays open, and proves what was frozen", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}/reconciliation/close?companyCode=1000&period=2026-10`);
    await page.getByRole("heading", { name: "Period close" }).waitFor();
    // The signature comes last on the form: while it streams in, its parts are there twice, and hidden once.
    await page.getByRole("textbox", { name: /Your name, as signature/ }).fill("Test finance");
    const notes = page.locator("input[data-note]").filter({ visible: true });
    for (const note of await notes.all()) await note.fill("known, and small");
    await page.getByRole("button", { name: /^Close 2026-10/ }).click();
    await page
      .getByRole("button", { name: /Verify/ })
      .first()
      .click();
    await page
      .getByText(/Intact: [0-9,]+ handoffs give the same hash\./)
      .first()
      .waitFor();
  });

  it.each(["light", "dark"])("has no serious fault for assistive technology in %s, and fits a phone", async (theme) => {
    const { page } = finance;
    await page.context().addCookies([{ name: "throughline-theme", value: theme, url: app.origin }]);
    for (const path of [
      "",
      "/approvals",
      "/suggestions",
      "/acceptances",
      "/close",
      "/handoffs/goods-issue/shipment/SH-1009",
    ]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${app.origin}/reconciliation${path}`);
      await page.getByRole("navigation").first().waitFor();
      expect({ path, faults: await seriousIn(page) }).toEqual({ path, faults: [] });
      await page.setViewportSize({ width: 375, height: 800 });
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({
        path,
        width: 375,
      });
    }
  });
});
