import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, seriousIn, type Visitor } from "./browser";
import { runCommand, type StartedProduct, startProduct } from "./commands";

/**
 * The README's first steps on the product as it is started: `npm start`, its one-time link, `npm run sandbox`, `npm run import` and
 * `npm run token` beside it. The tests of this file go on from one another, as a first day does.
 */

interface TruthRoot {
  readonly type: string;
  readonly id: string;
  readonly events: readonly { readonly source: string; readonly id: string }[];
  readonly objects: readonly { readonly type: string; readonly id: string }[];
}

/** One string that a browser would run and a database would obey, were it not text. */
const HOSTILE = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1;alert(1)</script>'); DROP TABLE events; --`;

let folder: string;
let product: StartedProduct;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let roots: readonly TruthRoot[];
const browsers: Browser[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-first-start-"));
  product = await startProduct(join(folder, "data"));
  ({ browser, visitor } = await openBrowser());
  browsers.push(browser);
  page = visitor.page;
});
afterAll(async () => {
  await Promise.all(browsers.map((one) => one.close()));
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

const path = () => new URL(page.url()).pathname;

async function search(number: string): Promise<void> {
  await page.goto(`${product.origin}/orders`);
  await page.getByRole("searchbox", { name: "Any number of an order" }).fill(number);
  await page.getByRole("button", { name: "Search" }).click();
}

const idsOf = (root: TruthRoot | undefined, type: string): string[] =>
  (root?.objects ?? []).filter((object) => object.type === type).map(({ id }) => id);

/** How many journeys of the truth hold this object. */
const holdersOf = (type: string, id: string): number => roots.filter((root) => idsOf(root, type).includes(id)).length;

let token: string | null = null;

async function ingestToken(): Promise<string> {
  const created = await runCommand("token", ["create", "--name", "first", "--scopes", "ingest", "--json"], product.env);
  expect(created.code, created.said).toBe(0);
  return (JSON.parse(created.stdout.trim().split("\n").at(-1) ?? "") as { token: string }).token;
}

async function send(event: object): Promise<void> {
  token ??= await ingestToken();
  const answer = await fetch(`${product.ingestUrl}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents+json" },
    body: JSON.stringify(event),
  });
  expect([answer.status, await answer.json()]).toMatchObject([202, { accepted: 1, deadLettered: [] }]);
}

describe("a first start", () => {
  it("prints a link that signs the first administrator in once, onto a page that says what to do next", async () => {
    await page.goto(product.link);
    await page.waitForURL((url) => url.pathname === "/orders");
    await page.goto(`${product.origin}/orders?state=all`);
    await page.getByText("Import a file with npm run import").waitFor();
    const second = await openBrowser();
    browsers.push(second.browser);
    await second.visitor.page.goto(product.link);
    await second.visitor.page.getByText("npm run sign-in-link").waitFor();
    expect(second.visitor.complaints).toEqual([]);
  });

  it("imports a file beside the running product; importing it again changes nothing", async () => {
    const [feed, truth] = [join(folder, "feed.ndjson"), join(folder, "truth.json")];
    const made = await runCommand(
      "sandbox",
      ["--orders", "120", "--days", "5", "--seed", "7", "--out", feed, "--truth", truth],
      product.env,
    );
    expect(made.code, made.said).toBe(0);
    roots = (JSON.parse(await readFile(truth, "utf8")) as { roots: TruthRoot[] }).roots;
    for (const time of ["first", "second"]) {
      const imported = await runCommand("import", [feed, "--source", "oms"], product.env);
      expect(imported.code, `${time}: ${imported.said}`).toBe(0);
    }
    const orders = roots.filter(({ type }) => type === "order").length;
    const total = async () => {
      const response = await page.request.get(`${product.origin}/api/v1/orders?state=all&limit=1`);
      return ((await response.json()) as { total: number }).total;
    };
    await expect.poll(total, { timeout: 30_000 }).toBe(orders);
  });

  it("finds an order by every kind of number it has, and shows exactly its events", async () => {
    const types = ["shipment", "tracking", "erp_document", "invoice", "erp_order"];
    const order = roots.find(
      (root) =>
        types.every((type) => idsOf(root, type).some((id) => holdersOf(type, id) === 1)) && root.type === "order",
    );
    const numbers = types.map((type) => idsOf(order, type).find((id) => holdersOf(type, id) === 1) ?? "");
    expect(numbers).not.toContain("");
    for (const number of [order?.id ?? "", ...numbers]) {
      await search(number.toLowerCase());
      // A number may also stand at the beginning of others: then the page asks, and its own order is among the answers.
      const heading = page.getByRole("heading", { name: `Order ${order?.id}` });
      const answer = page.getByRole("link", { name: order?.id, exact: true }).first();
      await heading.or(answer).first().waitFor();
    }
    await page.goto(`${product.origin}/orders/${order?.id}?tab=history`);
    await page.getByText(`${order?.events.length} of ${order?.events.length} events`).waitFor();
  });

  it("tells a split order and a consolidated shipment as what they are", async () => {
    const split = roots.find((root) => root.type === "order" && idsOf(root, "shipment").length > 1);
    await page.goto(`${product.origin}/orders/${split?.id}?tab=documents`);
    await page.getByRole("table").waitFor();
    const documents = await page.getByRole("table").textContent();
    expect(idsOf(split, "shipment").filter((id) => !documents?.includes(id))).toEqual([]);

    const shared = roots.flatMap((root) => idsOf(root, "shipment")).find((id) => holdersOf("shipment", id) > 1) ?? "";
    const holder = roots.find((root) => idsOf(root, "shipment").includes(shared));
    await page.goto(`${product.origin}/orders/${holder?.id}?tab=history`);
    await page
      .getByText(/also in \d+ other orders?/)
      .first()
      .waitFor();
    await page.goto(`${product.origin}/orders/${shared}`);
    await page.getByRole("heading", { name: "Which order?" }).waitFor();
  });

  it("walks the swimlanes by keyboard and opens an event by Enter", async () => {
    const order = roots.find((root) => root.type === "order" && root.events.length > 15);
    await page.goto(`${product.origin}/orders/${order?.id}`);
    const marks = page.getByRole("group", { name: /^Timeline of/ }).getByRole("button");
    await marks.first().waitFor();
    await marks.first().focus();
    const before = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await expect
      .poll(async () => {
        await page.keyboard.press("ArrowDown");
        return page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      })
      .not.toBe(before);
    await expect
      .poll(async () => {
        await page.keyboard.press("Enter");
        return page.getByRole("region", { name: /^Event / }).count();
      })
      .toBe(1);
    expect(new URL(page.url()).searchParams.get("event")).not.toBeNull();
    await page.getByRole("button", { name: "Close details" }).click();
    await page.getByRole("region", { name: /^Event / }).waitFor({ state: "detached" });
  });

  it("steps back and forth through what had reached us, by keyboard", async () => {
    const slider = page.getByRole("slider", { name: /Step through/ });
    const step = async (type: string) =>
      send({ ...canonical(`step-${type}`, type), data: { objects: [{ type: "order", id: "SO-STEPS" }] } });
    await step("order.created");
    await step("order.allocated");
    await step("order.released");
    await page.goto(`${product.origin}/orders/SO-STEPS?tab=history`);
    await page.getByText("3 of 3 events").waitFor();
    await slider.focus();
    await slider.press("Home");
    await page.getByText("1 of 1 events").waitFor();
    await slider.press("ArrowRight");
    await page.getByText("2 of 2 events").waitFor();
    await slider.press("End");
    await page.getByText("As of now").waitFor();
    await page.getByText("3 of 3 events").waitFor();
  });

  it("lets a person take back a link, with a reason, and the event leaves the journey", async () => {
    const [order, shipment] = ["SO-WRONG", "SH-WRONG"].map((id, index) => ({ type: index ? "shipment" : "order", id }));
    await send({ ...canonical("wrong-1", "order.created"), data: { objects: [order] } });
    await send({
      ...canonical("wrong-2", "shipment.confirmed"),
      data: { objects: [shipment], links: [{ child: shipment, parent: order }] },
    });
    await send({ ...canonical("wrong-3", "carrier.accepted"), data: { objects: [shipment] } });
    await page.goto(`${product.origin}/orders/SO-WRONG?tab=history&event=oms%2Fwrong-3`);
    await page.getByRole("button", { name: "Retract this link" }).first().click();
    await page.getByLabel("Reason").fill("Wrong order on the label");
    await page.getByRole("button", { name: "Retract the link" }).click();
    // The order was created, and a person took the link back: the shipment and its carrier are gone.
    await page.getByText("2 of 2 events").waitFor();
    await page.goto(`${product.origin}/admin/audit`);
    await page.getByText("SH-WRONG").first().waitFor();
  });

  it("shows HTML and SQL in every string of an event as text", async () => {
    const hostile = [{ type: "order", id: HOSTILE, qualifier: HOSTILE }];
    await send({
      ...canonical("hostile-1", "order.created"),
      type: HOSTILE,
      dataschema: "urn:x",
      data: {
        objects: [...hostile, { type: "customer", id: HOSTILE }, { type: "shipment", id: HOSTILE }],
        outcome: "failed",
        interface: HOSTILE,
        error: { class: "technical", code: HOSTILE, message: HOSTILE },
        lines: [{ sku: HOSTILE, location: HOSTILE, quantity: "1", uom: "EA" }],
        message: { channel: "http", method: "POST", path: HOSTILE, headers: { [HOSTILE]: HOSTILE }, body: HOSTILE },
        attributes: { [HOSTILE]: HOSTILE },
      },
    });
    await search(HOSTILE);
    await page.getByText("DROP TABLE", { exact: false }).first().waitFor();
    await page.goto(`${product.origin}/orders/${encodeURIComponent(HOSTILE)}?event=oms%2Fhostile-1`);
    await page.getByRole("region", { name: "Event hostile-1" }).waitFor();
    await page.getByRole("button", { name: "Show payload" }).click();
    await page.getByRole("region", { name: /^Payload as/ }).waitFor();
    for (const tab of ["documents", "history"]) {
      await page.goto(`${product.origin}/orders/${encodeURIComponent(HOSTILE)}?tab=${tab}`);
      await page.getByRole("tabpanel").getByText("DROP TABLE", { exact: false }).first().waitFor();
    }
    await page.goto(`${product.origin}/orders?state=failed`);
    await page.getByRole("table").waitFor();
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    expect(path()).toBe("/orders");
  });

  it.each(["light", "dark"])(
    "has no serious fault on the pages of administration in %s, nor is any too wide",
    async (theme) => {
      await page.context().addCookies([{ name: "throughline-theme", value: theme, url: product.origin }]);
      for (const place of ["/admin/users", "/admin/tokens", "/admin/sources", "/admin/audit", "/orders?q=SO-1"]) {
        await page.goto(`${product.origin}${place}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        expect({ place, faults: await seriousIn(page) }).toEqual({ place, faults: [] });
        await page.setViewportSize({ width: 375, height: 800 });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect({ place, width }).toEqual({ place, width: 375 });
        await page.setViewportSize({ width: 1280, height: 800 });
      }
    },
  );

  it("has made the browser complain of nothing all the while, and stops as asked", async () => {
    expect(visitor.complaints).toEqual([]);
    await browser.close();
    expect(await product.stop(), product.said()).toBe(0);
    await expect(fetch(`${product.origin}/sign-in`)).rejects.toThrow();
  });
});

const canonical = (id: string, type: string) => ({
  specversion: "1.0",
  id,
  source: "oms",
  type,
  time: "2026-11-22T10:00:00.000Z",
});
