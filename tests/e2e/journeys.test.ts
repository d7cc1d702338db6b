import { randomUUID } from "node:crypto";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestToken, startWorker, type WorkerProcess } from "../integration/worker-process";
import { seriousIn } from "./browser";
import { type RunningApp, startApp } from "./running-app";

/** What a browser would run or a database would obey, were it not text. */
const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'; DROP TABLE events; --`;

let app: RunningApp;
let worker: WorkerProcess;
let token: string;

beforeAll(async () => {
  app = await startApp();
  worker = await startWorker({ clickhouseUrl: app.test.url });
  token = await ingestToken(app.test.store);
  await send(STORY);
});
afterAll(async () => {
  await worker?.stop();
  await app?.stop();
});

const object = (type: string, id: string) => ({ type, id });
const event = (id: string, source: string, type: string, minute: number, objects: object[], more: object = {}) => ({
  specversion: "1.0",
  id,
  source,
  type,
  time: `2026-11-20T10:${String(minute).padStart(2, "0")}:00.000Z`,
  data: { objects, ...more },
});

// SO-501 is split over two warehouses; SH-9002 is consolidated with SO-502; the ERP posts under its own zero-padded numbers.
const STORY = [
  event("o1", "oms", "order.created", 0, [object("order", "SO-501"), object("customer", HOSTILE)], {
    amount: "240.00",
    currency: "USD",
    promisedAt: "2026-11-25T00:00:00Z",
    lines: [{ sku: "A-1", quantity: "2", uom: "EA" }],
  }),
  event("o2", "oms", "order.created", 1, [object("order", "SO-502")], { amount: "90.00", currency: "USD" }),
  event("g1", "gateway", "api.called", 2, [object("trace", "t-1"), object("order", "SO-501")], {
    kind: "api_call",
    outcome: "failed",
    attempt: 1,
    interface: "oms-to-wms",
    error: { class: "technical", code: "503", message: HOSTILE },
  }),
  event("w1", "wms-east", "shipment.confirmed", 10, [object("shipment", "SH-9001"), object("order", "SO-501")], {
    lines: [{ sku: "A-1", quantity: "1", uom: "EA" }],
    attributes: { note: HOSTILE },
  }),
  event("w2", "wms-west", "shipment.confirmed", 12, [
    object("shipment", "SH-9002"),
    object("order", "SO-501"),
    object("order", "SO-502"),
  ]),
  event("c1", "carrier-ups", "carrier.accepted", 20, [
    object("tracking", "1Z999AA10123456784"),
    object("shipment", "SH-9001"),
  ]),
  event("e1", "erp", "goods_issue.posted", 30, [object("erp_document", "0049007001"), object("shipment", "SH-9001")], {
    kind: "posting",
  }),
  event("e2", "erp", "invoice.posted", 40, [object("invoice", "INV-7788"), object("order", "SO-501")], {
    kind: "posting",
  }),
];

async function send(events: readonly object[]): Promise<void> {
  const response = await fetch(`${worker.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: events.map((one) => JSON.stringify(one)).join("\n"),
  });
  expect(await response.json()).toMatchObject({ deadLettered: [] });
}

/** A page answers keys once its scripts run; there is no event for that, so the key is pressed until it has its effect. */
async function pressUntil(page: Page, key: string, done: () => boolean): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.press(key);
        return page.evaluate(done);
      },
      { timeout: 15_000 },
    )
    .toBe(true);
}

describe("search", () => {
  it("leads to the order from any of its numbers, in any writing", async () => {
    const { page, complaints } = await app.signIn("customer-service");
    const typed = {
      order: "SO-501",
      "order in lower case with blanks": " so 501 ",
      shipment: "SH-9001",
      tracking: "1z 999 aa1 0123456784",
      document: "49007001",
      "document with its zeros": "0049007001",
      invoice: "inv-7788",
    };
    for (const [what, number] of Object.entries(typed)) {
      await page.goto(`${app.origin}/orders`);
      await page.getByRole("searchbox", { name: "Any number of an order" }).fill(number);
      await page.getByRole("button", { name: "Search" }).click();
      await page
        .waitForURL((url) => url.pathname === "/orders/SO-501")
        .catch(() => {
          throw new Error(`The ${what} number "${number}" led to ${page.url()}`);
        });
    }
    expect(complaints).toEqual([]);
  });

  it("asks which order when a number belongs to several, and says so when nothing is known by it", async () => {
    const { page } = await app.signIn("customer-service");
    await page.goto(`${app.origin}/orders/SH-9002`);
    await page.getByRole("heading", { name: "Which order?" }).waitFor();
    expect(await page.getByRole("link", { name: /SO-50[12]/ }).count()).toBe(2);
    const response = await page.goto(`${app.origin}/orders/SO-999999`);
    expect(response?.status()).toBe(404);
    await page.getByText("No event has named this number").waitFor();
    await page.goto(`${app.origin}/orders/SH-9001`);
    expect(new URL(page.url()).pathname).toBe("/orders/SO-501");
  });

  it("is reached with / and from there with Enter, and ? shows the keys", async () => {
    const { page } = await app.signIn("operations");
    await page.goto(`${app.origin}/orders?state=all`);
    await pressUntil(page, "/", () => document.activeElement?.getAttribute("name") === "q");
    await page.keyboard.type("SH-9001");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/orders/SO-501");
    await page.locator("body").press("?");
    await page.getByRole("heading", { name: "Keys and help" }).waitFor();
    await page.keyboard.press("Escape");
    await page.goto(`${app.origin}/orders?state=all`);
    await page.locator("tbody tr").first().waitFor();
    await pressUntil(page, "j", () => document.activeElement?.tagName === "TR");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname.startsWith("/orders/"));
  });
});

describe("a journey", () => {
  it("shows a split and consolidated order in three ways, with hostile strings as text", async () => {
    const { page, complaints } = await app.signIn("admin");
    await page.goto(`${app.origin}/orders/SO-501`);
    await page.getByRole("heading", { name: /SO-501/ }).waitFor();
    await page.getByText("Systems disagree").or(page.getByText("Invoiced").first()).first().waitFor();
    expect(await page.getByRole("list", { name: "What each system believes" }).textContent()).toContain("WMS West");
    await page.getByRole("tab", { name: /Swimlanes/ }).press("ArrowRight");
    await page.waitForURL((url) => url.searchParams.get("tab") === "documents");
    const documents = await page.getByRole("table").textContent();
    for (const number of ["SH-9001", "SH-9002", "1Z999AA10123456784", "49007001", "INV-7788"])
      expect(documents).toContain(number);
    expect(documents).toContain("also belongs to Order SO-502");
    await page.getByRole("tab", { name: "Document flow" }).press("ArrowRight");
    await page.waitForURL((url) => url.searchParams.get("tab") === "handoffs");
    await page.getByRole("tab", { name: "Handoffs" }).press("ArrowRight");
    await page.waitForURL((url) => url.searchParams.get("tab") === "history");
    await page.getByText("also in 1 other order").waitFor();
    await page.getByRole("button", { name: /Goods issue posted/ }).click();
    const details = page.getByRole("region", { name: "Event e1" });
    expect(await details.textContent()).toContain("belongs to");
    expect(await details.textContent()).toContain("w1");
    await page.getByRole("button", { name: /API call/ }).click();
    expect(await page.getByRole("region", { name: "Event g1" }).textContent()).toContain("<script>");
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it("shows another order none of its neighbour's own events", async () => {
    const { page } = await app.signIn("customer-service");
    await page.goto(`${app.origin}/orders/SO-502?tab=history`);
    await page.getByText("2 of 2 events").waitFor();
  });

  it("opens a payload for whom the right was given, and records it; others see why not", async () => {
    const admin = await app.signIn("admin");
    await admin.page.goto(`${app.origin}/orders/SO-501?tab=history&event=wms-east%2Fw1`);
    await admin.page.getByRole("button", { name: "Show payload" }).click();
    const payload = admin.page.getByRole("region", { name: "Payload as JSON" });
    expect(await payload.textContent()).toContain("DROP TABLE");
    await admin.page.goto(`${app.origin}/admin/audit`);
    await admin.page.getByText("w1").first().waitFor();
    const executive = await app.signIn("executive");
    await executive.page.goto(`${app.origin}/orders/SO-501?tab=history&event=wms-east%2Fw1`);
    await executive.page.getByText("Your role does not include viewing payloads").waitFor();
    expect(await executive.page.getByRole("button", { name: "Show payload" }).count()).toBe(0);
    const refused = await executive.page.request.get(`${app.origin}/api/v1/events/wms-east/w1`);
    expect(refused.status()).toBe(403);
    expect([...admin.complaints, ...executive.complaints]).toEqual([]);
  });

  it("takes in a new event without a reload", async () => {
    const { page, complaints } = await app.signIn("customer-service");
    await page.goto(`${app.origin}/orders/SO-502?tab=history`);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    await send([event(`live-${randomUUID()}`, "wms-west", "pick.completed", 50, [object("order", "SO-502")])]);
    await page.getByText("3 of 3 events").waitFor();
    expect(await page.evaluate(() => (globalThis as { sameDocument?: boolean }).sameDocument)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("shows as of a moment what had reached us by then, by address and by control", async () => {
    const { page, complaints } = await app.signIn("customer-service");
    await send([event("asof-1", "oms", "order.created", 0, [object("order", "SO-503")])]);
    const journey = await page.request.get(`${app.origin}/api/v1/journeys/order/SO-503`);
    const { events } = (await journey.json()) as { events: { receivedAt: string }[] };
    const then = events[0]?.receivedAt ?? "";
    await send([event("asof-2", "oms", "order.released", 5, [object("order", "SO-503")])]);
    await page.goto(`${app.origin}/orders/SO-503?tab=history&asOf=${then}`);
    await page.getByText("1 of 1 events").waitFor();
    await page.getByText("only what had reached us by then").waitFor();
    await page.getByRole("button", { name: "Back to now" }).click();
    await page.getByText("2 of 2 events").waitFor();
    await page.getByRole("slider", { name: /Step through/ }).press("Home");
    await page.getByText("only what had reached us by then").waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("every page", () => {
  it.each(["light", "dark"])("has no serious fault for assistive technology in %s", async (theme) => {
    const { page, complaints } = await app.signIn("admin");
    await page.context().addCookies([{ name: "throughline-theme", value: theme, url: app.origin }]);
    for (const path of [
      "/orders?state=all",
      "/orders?q=900",
      "/orders/SO-501",
      "/orders/SO-501?tab=documents",
      "/orders/SO-501?tab=history&event=erp%2Fe1",
      "/orders/NOBODY",
    ]) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect({ path, faults: await seriousIn(page) }).toEqual({ path, faults: [] });
    }
    expect(complaints).toEqual([]);
  });

  it("fits a narrow screen without scrolling sideways", async () => {
    const { page } = await app.signIn("customer-service");
    await page.setViewportSize({ width: 375, height: 800 });
    for (const path of [
      "/orders?state=all",
      "/orders/SO-501",
      "/orders/SO-501?tab=documents",
      "/orders/SO-501?tab=handoffs",
      "/orders/SO-501?tab=history",
    ]) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({
        path,
        width: 375,
      });
    }
  });
});
