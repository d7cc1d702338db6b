/** The built app over a store of its own, and people with browsers, for the tests of pages. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright";
import type { Role } from "@/lib/auth/roles";
import { createSignInLink } from "@/lib/auth/sign-in-links";
import { createUser } from "@/lib/queries/users";
import { nextScript } from "@/scripts/start/app-build";
import { startTestStore, type TestStore } from "../integration/embedded-store";
import { openBrowser, type Visitor } from "./browser";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_MS_MAX = 60_000;

export interface RunningApp {
  readonly test: TestStore;
  readonly origin: string;
  /** A browser of its own in which nobody is signed in. */
  visitor(): Promise<Visitor>;
  /** A browser of its own in which a new person of this role has signed in by a link. */
  signIn(role: Role): Promise<Visitor>;
  stop(): Promise<void>;
}

/** The build is there (build.ts). `env` goes to the app (INGEST_URL of a worker, say). */
export async function startApp(env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const test = await startTestStore();
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-app-"));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const app = fork(nextScript(ROOT), ["start", "-p", String(port)], {
    cwd: ROOT,
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      CLICKHOUSE_URL: test.url,
      DATA_DIR: dataDir,
      LOG_LEVEL: "warn",
      ...env,
    },
  });
  const browsers: Browser[] = [];
  const stop = async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await end(app);
    await test.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await answering(app, `${origin}/sign-in`);
  } catch (error) {
    await stop();
    throw error;
  }
  const visitor = async (): Promise<Visitor> => {
    const { browser, visitor: opened } = await openBrowser();
    browsers.push(browser);
    return opened;
  };
  const signIn = async (role: Role): Promise<Visitor> => {
    const now = new Date();
    const user = await createUser(test.store, { name: `Test ${role}`, email: "", role, createdBy: "test" }, now);
    const link = await createSignInLink(test.store, { userId: user.id, origin, createdBy: "test", now });
    const entered = await visitor();
    await entered.page.goto(link);
    await entered.page.getByRole("button", { name: "Sign in" }).click();
    await entered.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    return entered;
  };
  return { test, origin, visitor, signIn, stop };
}

/** A port that was free a moment ago; the app takes no port of the system's choosing. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answering(app: ChildProcess, address: string): Promise<void> {
  const lines: string[] = [];
  for (const stream of [app.stdout, app.stderr]) stream?.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    if (app.exitCode !== null) throw new Error(`The app ended with ${app.exitCode}: ${lines.join("")}`);
    const response = await fetch(address).catch(() => null);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`The app did not answer in ${START_MS_MAX} ms: ${lines.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function end(app: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (app.exitCode !== null || app.signalCode !== null) return resolve();
    app.once("exit", () => resolve());
    app.kill("SIGTERM");
  });
}
