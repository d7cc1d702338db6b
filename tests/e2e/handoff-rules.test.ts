import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import type { EventRef } from "@/lib/domain/journey";
import { readHandoff } from "@/lib/queries/handoffs";
import { ingestToken, startWorker, until, type WorkerProcess } from "../integration/worker-process";
import { seriousIn, type Visitor } from "./browser";
import { type RunningApp, startApp } from "./running-app";

const INTERNAL_TOKEN = "internal-token-of-this-test-0123456789";

let configDir: string;
let app: RunningApp;
let worker: WorkerProcess;
let finance: Visitor;

beforeAll(async () => {
  configDir = await mkdtemp(join(tmpdir(), "throughline-config-"));
  await cp("config", configDir, { recursive: true });
  app = await startApp({ CONFIG_DIR: configDir });
  const env = { CONFIG_DIR: configDir, THROUGHLINE_INTERNAL_TOKEN: INTERNAL_TOKEN };
  worker = await startWorker({ clickhouseUrl: app.test.url, env });
  const events = [...shipped("EQUAL", 12, 12), ...shipped("OVER", 12, 13), ...shipped("FAR", 12, 30)];
  await send(await ingestToken(app.test.store), events);
  const over = await until(
    () => handoffOf("OVER"),
    (handoff) => handoff?.state === "mismatched",
  );
  await send(INTERNAL_TOKEN, [acceptanceOf(over?.from ?? [], over?.to ?? [])]);
  await until(
    () => handoffOf("OVER"),
    (handoff) => handoff?.resolution?.kind === "accepted",
  );
  finance = await app.signIn("finance");
});
afterAll(async () => {
  await worker?.stop();
  await app?.stop();
  if (configDir) await rm(configDir, { recursive: true, force: true });
});

async function send(token: string, events: readonly object[]): Promise<void> {
  const response = await fetch(`${worker.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: events.map((event) => JSON.stringify(event)).join("\n"),
  });
  expect(await response.json()).toMatchObject({ accepted: events.length });
}

/** As the app would send it: somebody knows of the thirteenth unit. */
const acceptanceOf = (from: readonly EventRef[], to: readonly EventRef[]) => ({
  specversion: "1.0",
  id: "act-1",
  source: "throughline",
  type: "handoff.accepted",
  time: "2026-11-21T10:00:00.000Z",
  data: {
    kind: "step",
    objects: [{ type: "shipment", id: "OVER", qualifier: "subject" }],
    links: [],
    attributes: {
      rule: "goods-issue",
      actor: "Fin Ance",
      actorId: "1",
      actorKind: "person",
      reason: "the customer keeps it",
      evidence: evidenceHash([{ from, to }]),
    },
  },
});

const shipped = (id: string, quantity: number, posted: number) => {
  const shipment = { type: "shipment", id };
  const lines = (count: number) => [{ sku: "A-1", quantity: String(count), uom: "EA" }];
  return [
    {
      specversion: "1.0",
      id: `sc-${id}`,
      source: "wms-east",
      type: "shipment.confirmed",
      time: "2026-11-20T10:00:00.000Z",
      data: { objects: [shipment, { type: "order", id: `SO-${id}` }], lines: lines(quantity) },
    },
    {
      specversion: "1.0",
      id: `gi-${id}`,
      source: "erp",
      type: "goods_issue.posted",
      time: "2026-11-20T10:05:00.000Z",
      data: {
        kind: "posting",
        objects: [{ type: "erp_document", id: `GI-${id}`, qualifier: "subject" }, shipment],
        lines: lines(posted),
        posting: { companyCode: "1000", period: "2026-11" },
      },
    },
  ];
};

const handoffOf = (id: string) =>
  readHandoff(app.test.store, "goods-issue", { type: "shipment", id }, new Date().toISOString());
const stateOf = async (id: string) => (await handoffOf(id))?.state;

const editor = (page: Page) => page.getByRole("textbox", { name: "Definition (YAML)" });

/** Scripts of a page run a while after it is there; what is typed before that is undone by them. */
async function openRule(page: Page, rule = "goods-issue"): Promise<string> {
  await page.goto(`${app.origin}/reconciliation/rules/${rule}`);
  const text = await editor(page).inputValue();
  await expect
    .poll(async () => {
      await editor(page).fill(`${text}# changed\n`);
      return page.getByText("not published").isVisible();
    })
    .toBe(true);
  await editor(page).fill(text);
  return text;
}

describe("the rules", () => {
  it("are listed with their open breaks, and lead to each", async () => {
    const { page } = finance;
    await page.goto(`${app.origin}/reconciliation/rules`);
    const row = page.getByRole("row", { name: /Shipment → goods issue/ });
    expect(await row.textContent()).toMatch(/in force.*1/);
    await row.getByRole("link", { name: "Shipment → goods issue" }).click();
    await page.waitForURL((url) => url.pathname === "/reconciliation/rules/goods-issue");
    expect(await editor(page).inputValue()).toContain("id: goods-issue");
  });

  it("are checked by line, tried on history, published as a version, and restored", async () => {
    const { page, complaints } = finance;
    const text = await openRule(page);
    const wrong = text.replace("within: PT30M", "within: soon");
    await editor(page).fill(wrong);
    await page.getByRole("button", { name: "Check" }).click();
    const line = wrong.split("\n").findIndex((each) => each.includes("within: soon")) + 1;
    await page.getByRole("button", { name: `Line ${line}`, exact: true }).click();
    const selected = await editor(page).evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    );
    expect(selected).toContain("within: soon");
    const tolerant = text.replace(
      "- quantity by sku",
      '- measure: quantity by sku\n    tolerance:\n      absolute: "1"',
    );
    await editor(page).fill(tolerant);
    await page.getByRole("button", { name: "Back-test", exact: true }).click();
    await page.getByText("3 keys compared").waitFor();
    expect(await page.getByRole("tab", { name: /Newly matched/ }).textContent()).toContain("1");
    await page.getByText("1 break that somebody has looked at would be matched").waitFor();
    expect(await page.getByRole("tabpanel").textContent()).toContain("the customer keeps it");
    const found = page.getByRole("row", { name: /OVER/ });
    expect(await found.getByRole("link", { name: /Shipment OVER/ }).getAttribute("href")).toBe(
      "/reconciliation/handoffs/goods-issue/shipment/OVER",
    );
    expect(await found.getByRole("link", { name: "SO-OVER" }).getAttribute("href")).toBe("/orders/SO-OVER");
    expect(await seriousIn(page)).toEqual([]);
    expect(await stateOf("OVER")).toBe("mismatched");
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("one unit is a sample");
    await page.getByRole("button", { name: "Publish version 2" }).click();
    await page.getByText("Version 2", { exact: true }).waitFor();
    await until(
      () => stateOf("OVER"),
      (state) => state === "matched",
    );
    await page.getByRole("button", { name: "What changed" }).first().click();
    expect(await page.getByRole("region", { name: /Version 2 beside/ }).textContent()).toContain("tolerance");
    await page.getByRole("button", { name: "Restore…" }).click();
    expect(await editor(page).inputValue()).toBe(text);
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("it was no sample");
    await page.getByRole("button", { name: "Publish version 3" }).click();
    await page.getByText("Version 3", { exact: true }).waitFor();
    await until(
      () => stateOf("OVER"),
      (state) => state === "mismatched",
    );
    expect(complaints).toEqual([]);
  });

  it("warn before changes are left behind", async () => {
    const visitor = await app.signIn("finance");
    const text = await openRule(visitor.page);
    await editor(visitor.page).fill(`${text}# more\n`);
    await visitor.page.getByRole("link", { name: "Rules", exact: true }).click();
    await expect.poll(() => visitor.complaints).toEqual([expect.stringContaining("not published")]);
    expect(new URL(visitor.page.url()).pathname).toBe("/reconciliation/rules/goods-issue");
  });

  it("are read and not changed by whoever may not", async () => {
    const { page } = await app.signIn("operations");
    await page.goto(`${app.origin}/reconciliation/rules/goods-issue`);
    expect(await editor(page).getAttribute("readonly")).not.toBeNull();
    expect(await page.getByRole("button", { name: "Publish…" }).count()).toBe(0);
    await page.goto(`${app.origin}/reconciliation/rules/NEW`);
    await page.getByText("You do not have the right to see this").waitFor();
    expect(await editor(page).count()).toBe(0);
  });

  it("stay when their file goes wrong, and the page names its line", async () => {
    const { page } = finance;
    const file = join(configDir, "handoffs.yaml");
    const good = await readFile(file, "utf8");
    await writeFile(file, good.replace("on: shipment", "on: shipment\n    colour: red"));
    const line = good.split("\n").findIndex((each) => each.includes("on: shipment")) + 2;
    await page.goto(`${app.origin}/reconciliation/rules`);
    expect(await page.getByRole("alert").first().textContent()).toContain(`handoffs.yaml:${line}: rules.2.colour`);
    expect(await page.getByRole("row", { name: /Shipment → goods issue/ }).textContent()).toContain("in force");
    await writeFile(file, good);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Rules" }).waitFor();
    expect(await page.getByText(`handoffs.yaml:${line}`).count()).toBe(0);
  });
});

describe("the pages of rules", () => {
  const PATHS = ["/reconciliation/rules", "/reconciliation/rules/goods-issue", "/reconciliation/rules/NEW"];

  it.each(["light", "dark"])("have no serious fault for assistive technology in %s", async (theme) => {
    const { page } = finance;
    await page.context().addCookies([{ name: "throughline-theme", value: theme, url: app.origin }]);
    for (const path of PATHS) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect({ path, faults: await seriousIn(page) }).toEqual({ path, faults: [] });
    }
  });

  it("fit a narrow screen without scrolling sideways", async () => {
    const { page } = finance;
    await page.setViewportSize({ width: 375, height: 800 });
    for (const path of PATHS) {
      await page.goto(`${app.origin}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, width }).toEqual({ path, width: 375 });
    }
  });
});
