/** The app, a worker and shipments for the tests of the workbench: one rule in force, so that every count can be told by hand. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { readHandoff } from "@/lib/queries/handoffs";
import { ingestToken, startWorker, until, type WorkerProcess } from "../integration/worker-process";
import { freePort, type RunningApp, startApp } from "./running-app";

const INTERNAL_TOKEN = "internal-token-of-this-test-0123456789";

export interface ReconcilingApp extends RunningApp {
  send(events: readonly object[]): Promise<void>;
  /** The goods issue of a shipment, as it stands now. */
  handoffOf(shipment: string): Promise<ListedHandoff | null>;
  /** The same, once it fits. */
  handoffWhen(shipment: string, fits: (handoff: ListedHandoff) => boolean): Promise<void>;
}

/** The app sends acts to the worker, and the worker reads the app's store: the worker's port is chosen before either starts. */
export async function startReconcilingApp(): Promise<ReconcilingApp> {
  const configDir = await mkdtemp(join(tmpdir(), "throughline-config-"));
  await cp("config", configDir, { recursive: true });
  await keepRule(join(configDir, "handoffs.yaml"), "goods-issue");
  const port = await freePort();
  const env = { CONFIG_DIR: configDir, THROUGHLINE_INTERNAL_TOKEN: INTERNAL_TOKEN };
  const app = await startApp({ ...env, INGEST_URL: `http://127.0.0.1:${port}` });
  let worker: WorkerProcess | null = null;
  const stop = async () => {
    await worker?.stop();
    await app.stop();
    await rm(configDir, { recursive: true, force: true });
  };
  try {
    worker = await startWorker({ clickhouseUrl: app.test.url, env: { ...env, INGEST_PORT: String(port) } });
  } catch (error) {
    await stop();
    throw error;
  }
  const { url } = worker;
  const token = await ingestToken(app.test.store);
  const handoffOf = (id: string) =>
    readHandoff(app.test.store, "goods-issue", { type: "shipment", id }, new Date().toISOString());
  return {
    ...app,
    stop,
    send: (events) => send(url, token, events),
    handoffOf,
    handoffWhen: async (id, fits) => {
      await until(
        () => handoffOf(id),
        (handoff) => handoff !== null && fits(handoff),
      );
    },
  };
}

async function keepRule(path: string, rule: string): Promise<void> {
  const [head = "", ...rules] = (await readFile(path, "utf8")).split(/\n {2}- id: /);
  await writeFile(path, `${head}\n  - id: ${rules.find((text) => text.startsWith(`${rule}\n`))}`);
}

async function send(url: string, token: string, events: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: events.map((event) => JSON.stringify(event)).join("\n"),
  });
  const { accepted } = (await response.json()) as { accepted?: number };
  if (accepted !== events.length) throw new Error(`${accepted} of ${events.length} events were accepted`);
}

interface Goods {
  readonly units: number;
  readonly amount: string;
  /** "DC-EAST" unless said. */
  readonly site?: string;
  /** 10 March 2025 unless said: long over, so that what has not followed is late. */
  readonly day?: string;
}

const linesOf = ({ units, amount, site = "DC-EAST" }: Goods) => [
  { sku: "A-1", location: site, quantity: String(units), uom: "EA", amount, currency: "USD" },
];

/** Of the order "SO-" and the shipment's number. */
export const shipment = (id: string, goods: Goods) => ({
  specversion: "1.0",
  id: `sc-${id}`,
  source: "wms-east",
  type: "shipment.confirmed",
  time: `${goods.day ?? "2025-03-10"}T15:00:00.000Z`,
  data: {
    objects: [
      { type: "shipment", id },
      { type: "order", id: `SO-${id}` },
    ],
    lines: linesOf(goods),
  },
});

export const goodsIssue = (id: string, goods: Goods) => ({
  specversion: "1.0",
  id: `gi-${id}`,
  source: "erp",
  type: "goods_issue.posted",
  time: `${goods.day ?? "2025-03-10"}T15:05:00.000Z`,
  data: {
    kind: "posting",
    objects: [
      { type: "erp_document", id: `GI-${id}`, qualifier: "subject" },
      { type: "shipment", id },
    ],
    lines: linesOf(goods),
    posting: { companyCode: "1000", period: (goods.day ?? "2025-03-10").slice(0, 7) },
  },
});
