/** The real worker, its rules as a file and from the workbench: what is wrong stops nothing, what is right is taken up, and no death of a worker loses it. */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Store } from "@/lib/clickhouse/client";
import type { HandoffRuleText } from "@/lib/domain/handoffs/rule";
import { publishRule, readRuleVersions } from "@/lib/queries/handoff-rules";
import { startTestStore, type TestStore } from "./embedded-store";
import { ingestToken, post, startWorker, until, type WorkerProcess } from "./worker-process";

const RULE: HandoffRuleText = {
  id: "goods-issue",
  name: "Shipment → goods issue",
  when: { source: "wms", type: "shipment.confirmed" },
  expect: { source: "erp", type: "goods_issue.posted", within: "PT30M" },
  on: "shipment",
  compare: ["quantity by sku"],
  owner: "finance-operations",
};

let test: TestStore;
let configDir: string;
let token: string;
let sequence = 0;

beforeAll(async () => {
  test = await startTestStore();
  configDir = await mkdtemp(join(tmpdir(), "throughline-config-"));
  await cp("config", configDir, { recursive: true });
  token = await ingestToken(test.store);
});
afterAll(async () => {
  await test?.stop();
  if (configDir) await rm(configDir, { recursive: true, force: true });
});

const file = () => join(configDir, "handoffs.yaml");
const save = (...rules: HandoffRuleText[]) => writeFile(file(), stringify({ rules }));
const start = (url = test.url) => startWorker({ clickhouseUrl: url, env: { CONFIG_DIR: configDir } });

/** The worker has logged that much by now, and what came since contains the text. */
const says = (worker: WorkerProcess, from: number, text: string) =>
  until(
    async () => worker.log().slice(from),
    (log) => log.includes(text),
  );

const confirmed = (id: string): string => {
  const lines = [{ sku: "A-1", quantity: "1", uom: "EA" }];
  const objects = [
    { type: "shipment", id },
    { type: "order", id: `SO-${id}` },
  ];
  const event = { id: `sc-${id}`, source: "wms-east", type: "shipment.confirmed", time: "2026-11-20T10:00:00.000Z" };
  return `${JSON.stringify({ specversion: "1.0", ...event, data: { objects, lines } })}\n`;
};

interface Standing {
  readonly key_type: string;
  readonly rule_version: number;
  readonly handoffs: number;
}

const standing = (store: Store = test.store, rule = RULE.id): Promise<Standing[]> =>
  store.query<Standing>(
    `SELECT toString(key_type) AS key_type, rule_version, toUInt32(count()) AS handoffs FROM handoffs FINAL
     WHERE rule = {rule:String} GROUP BY key_type, rule_version ORDER BY key_type, rule_version`,
    { rule },
  );
const total = (rows: readonly Standing[]): number => rows.reduce((sum, { handoffs }) => sum + handoffs, 0);

/** Sends further shipments and waits until they are judged: the worker lives, and judges. @returns how many handoffs stand */
async function judges(worker: WorkerProcess, count = 1): Promise<number> {
  const before = total(await standing());
  const lines = Array.from({ length: count }, () => {
    sequence += 1;
    return confirmed(`S${sequence}`);
  });
  const answer = await post(`${worker.url}/v1/events`, token, lines.join(""));
  expect(answer.body).toMatchObject({ accepted: count });
  await until(standing, (rows) => total(rows) === before + count);
  return before + count;
}

/** From the workbench, on whatever stands. */
async function publish(definition: HandoffRuleText, { store = test.store, withdrawn = false } = {}): Promise<number> {
  const [newest] = await readRuleVersions(store, definition.id);
  const at = new Date().toISOString();
  const publication = { definition, origin: "workbench", by: "Fin", note: "", at, withdrawn } as const;
  const outcome = await publishRule(store, publication, newest?.version ?? 0);
  if (outcome.state !== "published") throw new Error("overtaken");
  return outcome.version;
}

const indented = (rule: HandoffRuleText): string => stringify({ rules: [rule] });

/** What is saved, and what the log says of it. */
const FAULTS: readonly (readonly [string, string, string])[] = [
  ["broken YAML", `rules:\n  - { id: goods-issue, name: [`, "handoffs.yaml:2: (file): "],
  ["a wrong value", indented({ ...RULE, on: "" }), "handoffs.yaml:11: rules.0.on: must have at least 1 character"],
  [
    "a field nobody knows",
    `${indented(RULE)}    colour: red\n`,
    "handoffs.yaml:15: rules.0.colour: is not a field here",
  ],
  ["two rules of one id", stringify({ rules: [RULE, RULE] }), "rules.1.id: is there twice: goods-issue"],
  ["an alias to nothing", `rules: *gone\n`, "handoffs.yaml:1: (file): cannot be read as YAML: Unresolved alias"],
  ["nesting without end", "[".repeat(5_000), "handoffs.yaml:1: (file): "],
  ["a huge file", `# ${"x".repeat(5_000_000)}\n`, "handoffs.yaml:1: has 5000003 bytes"],
  ["an empty file", "", "handoffs.yaml:1: (file): must be an object"],
];

describe("a worker whose file of rules goes wrong", () => {
  it("goes on by the rules in force, names the line, and takes the mended file up", { timeout: 180_000 }, async () => {
    await save(RULE);
    const worker = await start();
    try {
      await judges(worker);
      for (const [what, text, expected] of FAULTS) {
        const from = worker.log().length;
        await writeFile(file(), text);
        const log = await says(worker, from, "stays in force").catch(() => "");
        expect({ what, log }).toEqual({ what, log: expect.stringContaining(expected) });
        await judges(worker);
      }
      const from = worker.log().length;
      await rm(file());
      expect(await says(worker, from, "stays in force")).toContain("cannot be read");
      await judges(worker);
      expect(await readRuleVersions(test.store)).toHaveLength(1);
      await save({ ...RULE, compare: ["quantity"] });
      await until(standing, (rows) => rows.length === 1 && rows[0]?.rule_version === 2);
      await judges(worker);
    } finally {
      expect(await worker.stop()).toBe(0);
    }
  });

  it("starts by the rules in the store", { timeout: 60_000 }, async () => {
    await writeFile(file(), "rules: [");
    const worker = await start();
    try {
      expect(worker.log()).toContain("handoffs.yaml:1: (file): ");
      await judges(worker);
    } finally {
      expect(await worker.stop()).toBe(0);
    }
  });

  it("starts without rules over an empty store, says so, and takes the mended file up", {
    timeout: 60_000,
  }, async () => {
    const empty = await startTestStore();
    const worker = await start(empty.url);
    try {
      expect(worker.log()).toContain("handoffs.yaml:1: (file): ");
      expect(worker.log()).toContain("No handoff rule is in force");
      const own = await ingestToken(empty.store);
      expect((await post(`${worker.url}/v1/events`, own, confirmed("EARLY"))).body).toMatchObject({ accepted: 1 });
      await save(RULE);
      await until(
        () => standing(empty.store),
        (rows) => total(rows) === 1,
      );
    } finally {
      expect(await worker.stop()).toBe(0);
      await empty.stop();
    }
  });
});

describe("rules that change while workers run", () => {
  it("have what they no longer find removed, by whichever of two workers looks first", {
    timeout: 120_000,
  }, async () => {
    await save(RULE);
    const workers = [await start(), await start()];
    try {
      const [one] = workers;
      if (!one) throw new Error("no worker");
      const shipments = await judges(one, 12);
      const followed = (holds: (rows: Standing[]) => boolean) => until(standing, holds);
      const onOrder = await publish({ ...RULE, on: "order" });
      await followed((rows) => rows.every(({ key_type }) => key_type === "order") && total(rows) === shipments);
      expect(await standing()).toEqual([{ key_type: "order", rule_version: onOrder, handoffs: shipments }]);
      await publish({ ...RULE, on: "order", enabled: false });
      await followed((rows) => rows.length === 0);
      const back = await publish(RULE);
      await followed((rows) => total(rows) === shipments);
      expect(await standing()).toEqual([{ key_type: "shipment", rule_version: back, handoffs: shipments }]);
      await publish(RULE, { withdrawn: true });
      await followed((rows) => rows.length === 0);
      await publish({ ...RULE, description: "brought back" });
      await followed((rows) => total(rows) === shipments);
      // The file says of this rule what it said: the workbench's word holds.
      for (const worker of workers) await judges(worker);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  });

  it.each(["killed", "stopped"])(
    "are projected to the end by the next worker when one is %s halfway",
    {
      timeout: 180_000,
    },
    async (how) => {
      const first = await start();
      const all = await judges(first, 6_000);
      const version = await publish({ ...RULE, description: how, compare: ["quantity", "period"] });
      const isOf = ({ rule_version }: Standing) => rule_version === version;
      await until(standing, (rows) => total(rows.filter(isOf)) > 0);
      if (how === "killed") await first.kill();
      else expect(await first.stop()).toBe(0);
      const left = await standing();
      expect(total(left)).toBe(all);
      expect(total(left.filter(isOf))).toBeLessThan(all);
      const next = await start();
      try {
        await until(standing, (rows) => rows.every(isOf));
        expect(await standing()).toEqual([{ key_type: "shipment", rule_version: version, handoffs: all }]);
      } finally {
        expect(await next.stop()).toBe(0);
      }
    },
  );
});
