/** The product as its README starts it, from the outside: commands, what they print, their exit codes. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, for the message of a test that fails. */
  readonly said: string;
}

/** Runs a command of package.json ("import", "token", …) to its end. */
export function runCommand(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<Finished>((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", name, "--", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = collect(child);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout: output.stdout(), said: output.all() }));
  });
}

export interface StartedProduct {
  readonly env: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly ingestUrl: string;
  /** The one-time link that the start printed. */
  readonly link: string;
  /** Ctrl-C, and the exit code once everything has stopped. */
  stop(): Promise<number | null>;
  said(): string;
}

/** `npm start` on ports that are free, over `dataDir`. Resolves once it has printed its sign-in link. */
export async function startProduct(dataDir: string): Promise<StartedProduct> {
  const [port, ingestPort, enginePort] = await freePorts(3);
  const env = {
    PORT: String(port),
    INGEST_PORT: String(ingestPort),
    EMBEDDED_CLICKHOUSE_PORT: String(enginePort),
    DATA_DIR: dataDir,
    CLICKHOUSE_URL: "",
    KAFKA_BROKERS: "",
    NODE_ENV: "production" as const,
  };
  // What `npm start` runs, without npm between: a signal is to reach it alone.
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(child);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const link = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", () => {
      const found = /Sign in once with this link: +(\S+)\n/.exec(output.stdout())?.[1];
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`The start ended with ${code}: ${output.all()}`)));
  });
  const stop = (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
    return exited;
  };
  const ingestUrl = `http://127.0.0.1:${ingestPort}`;
  return { env, origin: `http://localhost:${port}`, ingestUrl, link, stop, said: output.all };
}

function collect(child: Pick<ChildProcess, "stdout" | "stderr">): { stdout(): string; all(): string } {
  let stdout = "";
  let all = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    all += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    all += chunk.toString();
  });
  return { stdout: () => stdout, all: () => all };
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
