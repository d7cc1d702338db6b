/**
 * `npm start`: the store, the worker and the app in their own processes, in that order; `--demo` adds a simulated enterprise.
 * Ctrl-C stops them in the reverse order: the app, the worker (which answers and projects what it holds), the store.
 * Exit codes: 0 stopped as asked, 1 something could not be kept running, 2 a mistake in environment or configuration.
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { engineDirOf, MIGRATIONS_DIR, withoutPassword } from "@/ingest/store-access";
import { createFirstSignInLink } from "@/lib/auth/sign-in-links";
import { createToken } from "@/lib/auth/tokens";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { MigrationError, migrate } from "@/lib/clickhouse/migrate";
import { ConfigurationError, clickhouseUrlOf, type Environment, loadEnvironment } from "@/lib/config/environment";
import { buildApp, isBuildCurrent, nextScript } from "./start/app-build";
import { checkDataFolder, checkFolderIsFree } from "./start/data-folder";
import { prepareDemoFolder, runDemo } from "./start/demo";
import { DemoTargets } from "./start/demo-targets";
import { ManagedChild } from "./start/managed-child";
import { checkPorts } from "./start/ports";
import { waitUntil } from "./start/waiting";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENGINE_START_MS_MAX = 60_000;
/** A server that is started beside us may need a moment. */
const STORE_ANSWER_MS_MAX = 10_000;
const APP_START_MS_MAX = 60_000;
const ANSWER_MS_MAX = 5_000;

const USAGE = `Usage: npm start | npm run demo

  npm start       the embedded ClickHouse (or CLICKHOUSE_URL), the ingest worker and the app
  npm run demo    the same on a fresh folder (DATA_DIR, else data/demo) with a simulated enterprise`;

class Product {
  private readonly ending = new AbortController();
  private readonly children: ManagedChild[] = [];
  private exitCode = 0;
  private ingestUrl: string | null = null;
  private demoTargets: DemoTargets | null = null;
  private readonly env: NodeJS.ProcessEnv;
  private readonly store: Store;

  constructor(
    private readonly environment: Environment,
    private readonly isDemo: boolean,
  ) {
    this.store = createStore({ url: clickhouseUrlOf(environment) });
    this.env = {
      ...process.env,
      DATA_DIR: environment.dataDir,
      // What concerns people is said here; the rest only on request.
      LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
    };
  }

  /** Resolves to the exit code once everything has stopped. */
  async run(): Promise<number> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.onSignal());
    try {
      await this.start();
      await ended(this.ending.signal);
    } catch (error) {
      if (!this.ending.signal.aborted) {
        this.exitCode = isMistake(error) ? 2 : 1;
        say(isExpected(error) ? (error as Error).message : String((error as Error).stack ?? error));
      }
      this.ending.abort();
    }
    for (const child of [...this.children].reverse()) await child.stop();
    await this.demoTargets?.close();
    await this.store.close();
    if (this.exitCode === 0) say("Stopped.");
    return this.exitCode;
  }

  private async start(): Promise<void> {
    await this.checkPorts();
    // Only now: with a demo running, its folder must not be emptied under it.
    checkDataFolder(this.environment.dataDir);
    checkFolderIsFree(this.environment.dataDir, engineDirOf(this.environment), this.isDemo);
    if (this.isDemo) {
      prepareDemoFolder(this.environment.dataDir);
      this.demoTargets = await DemoTargets.start(this.environment.dataDir);
      Object.assign(this.env, this.demoTargets.variables);
    }
    // Building takes both cores; the store, the worker and the demo's history do not wait for it.
    const built = this.buildWhenNeeded();
    built.catch(() => {});
    await this.startStore();
    this.startWorker();
    const demo = this.demoTargets ? this.startDemo(this.demoTargets) : Promise.resolve();
    demo.catch((error: unknown) => this.giveUp(`The demo stopped: ${String(error)}`));
    await built;
    await this.startApp();
  }

  private checkPorts(): Promise<void> {
    const { port, ingestPort, embeddedClickhousePort, clickhouseUrl } = this.environment;
    return checkPorts([
      { variable: "PORT", port, host: "0.0.0.0" },
      { variable: "INGEST_PORT", port: ingestPort, host: "0.0.0.0" },
      ...(clickhouseUrl === null
        ? [{ variable: "EMBEDDED_CLICKHOUSE_PORT", port: embeddedClickhousePort, host: "127.0.0.1" }]
        : []),
    ]);
  }

  private async buildWhenNeeded(): Promise<void> {
    if (isBuildCurrent(ROOT)) return;
    say("Building the app (about a minute, once)…");
    await buildApp(ROOT, this.env, this.ending.signal);
  }

  private async startStore(): Promise<void> {
    const url = clickhouseUrlOf(this.environment);
    if (this.environment.clickhouseUrl === null) {
      const args = ["--data", engineDirOf(this.environment), "--port", String(this.environment.embeddedClickhousePort)];
      this.keepRunning("The embedded ClickHouse", join(ROOT, "clickhouse/embedded/main.ts"), args, 20_000);
      await this.until(
        () => this.store.ping(),
        ENGINE_START_MS_MAX,
        "The embedded ClickHouse",
        `the disk and memory that it has (DATA_DIR is ${this.environment.dataDir})`,
      );
    } else {
      await waitUntil(() => this.store.ping(), {
        msMax: STORE_ANSWER_MS_MAX,
        signal: this.ending.signal,
        otherwise: `CLICKHOUSE_URL: no ClickHouse answers at ${withoutPassword(url)}; start it, or correct the address.`,
      });
    }
    await migrate(this.store, { directory: MIGRATIONS_DIR });
  }

  private startWorker(): void {
    this.keepRunning("The ingest worker", join(ROOT, "ingest/main.ts"), [], 60_000, (message) => {
      const { type, port } = message as { type: string; port: number };
      if (type === "ready") this.ingestUrl = `http://127.0.0.1:${port}`;
    });
  }

  private async startDemo(targets: DemoTargets): Promise<void> {
    const { token } = await createToken(this.store, { name: "demo", scopes: ["ingest"], source: null }, new Date());
    const ingestUrl = () => this.ingestUrl;
    targets.reportTo(ingestUrl, token);
    await runDemo({ ingestUrl, token, signal: this.ending.signal, say, targets });
  }

  private async startApp(): Promise<void> {
    const { port, ingestPort } = this.environment;
    this.keepRunning("The app", nextScript(ROOT), ["start", "-p", String(port)], 15_000);
    const origin = this.environment.auth.url ?? `http://localhost:${port}`;
    await this.until(
      () => answers(`http://127.0.0.1:${port}/sign-in`),
      APP_START_MS_MAX,
      "The app",
      `http://localhost:${port}/sign-in, which should answer`,
    );
    await this.until(
      async () => this.ingestUrl !== null,
      ENGINE_START_MS_MAX,
      "The ingest worker",
      `the store at ${withoutPassword(clickhouseUrlOf(this.environment))} and, where KAFKA_BROKERS is set, the brokers`,
    );
    const link = await createFirstSignInLink(this.store, { origin });
    say(`\nThroughline runs at ${origin}   (events in at http://localhost:${ingestPort})`);
    if (link !== null) say(`Sign in once with this link:  ${link}\n`);
    if (this.demoTargets) say(`The demo's ERP, OMS and WMS answer at ${this.demoTargets.url}`);
    say("Ctrl-C stops it.");
  }

  private keepRunning(
    name: string,
    script: string,
    args: readonly string[],
    stopMsMax: number,
    onMessage?: (message: unknown) => void,
  ): void {
    const child = new ManagedChild({
      name,
      script,
      args,
      cwd: ROOT,
      env: this.env,
      stopMsMax,
      onLine: (line) => this.relay(line),
      ...(onMessage ? { onMessage } : {}),
      onCrash: say,
      onGivenUp: (sentence, exitCode) =>
        this.giveUp(`${sentence}. What it said is above; everything is being stopped.`, exitCode),
    });
    this.children.push(child);
    child.start();
  }

  /** Next tells its address and the engine its own, which are not the ones to use. */
  private relay(line: string): void {
    if (/^\s*(▲|✓|- (Local|Network)|>)/.test(line) || /^The embedded ClickHouse .*(answers at|has stopped)/.test(line))
      return;
    process.stderr.write(`${line}\n`);
  }

  private giveUp(sentence: string, exitCode: number | null = 1): void {
    if (this.ending.signal.aborted) return;
    say(sentence);
    this.exitCode = exitCode === 2 ? 2 : 1;
    this.ending.abort();
  }

  private onSignal(): void {
    if (this.ending.signal.aborted) {
      for (const child of this.children) child.kill();
      return;
    }
    say(
      "\nStopping: what is in hand is stored and projected first. Ctrl-C again stops at once; the next start catches up.",
    );
    this.ending.abort();
  }

  private until(holds: () => Promise<boolean>, msMax: number, what: string, lookAt: string): Promise<void> {
    const logs = process.env.LOG_LEVEL ? "" : " LOG_LEVEL=info shows more.";
    const otherwise = `${what} was not ready within ${msMax / 1000} s. Look at what was said above, and at ${lookAt}.${logs}`;
    return waitUntil(holds, { msMax, signal: this.ending.signal, otherwise });
  }
}

const isMistake = (error: unknown): boolean => error instanceof ConfigurationError;
const isExpected = (error: unknown): boolean =>
  isMistake(error) ||
  error instanceof MigrationError ||
  (error instanceof Error && error.message.startsWith("The app cannot"));

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS_MAX) }).then(
    (response) => response.status < 500,
    () => false,
  );

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

function say(sentence: string): void {
  console.log(sentence);
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    say(USAGE);
    return 0;
  }
  const unknown = args.find((arg) => arg !== "--demo");
  if (unknown !== undefined) {
    say(`There is no option ${unknown}.\n\n${USAGE}`);
    return 2;
  }
  const isDemo = args.includes("--demo");
  const environment = loadEnvironment();
  const dataDir = isDemo && !process.env.DATA_DIR ? resolve("data/demo") : environment.dataDir;
  return new Product({ ...environment, dataDir }, isDemo).run();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(isMistake(error) ? (error as Error).message : error);
    process.exit(isMistake(error) ? 2 : 1);
  },
);
