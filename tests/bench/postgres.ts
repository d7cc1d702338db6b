/** A PostgreSQL of its own for one measurement, where one is installed: a temporary cluster on a socket, driven by its own psql. */
import { execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { access, chmod, chown, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { waitUntil } from "./measure";

const run = promisify(execFile);
const BINARIES = ["/usr/lib/postgresql/15/bin", "/usr/local/bin", "/usr/bin"];
/** A quarter of a small server's memory, as its manual advises; nothing is lost by a crash that ends the measurement anyway. */
const SETTINGS = {
  listen_addresses: "",
  shared_buffers: "2GB",
  work_mem: "64MB",
  maintenance_work_mem: "1GB",
  max_wal_size: "16GB",
  wal_level: "minimal",
  max_wal_senders: "0",
  fsync: "off",
};

export interface Postgres {
  readonly version: string;
  /** Where files for `\copy` go; readable by the server's user. */
  readonly dir: string;
  /** Runs statements in one session; rows come as lines, columns parted by `|`. */
  query(sql: string): Promise<string[]>;
  /** Runs one statement again and again in one session; milliseconds as the client sees them, reading of the rows included. */
  timesMs(statements: readonly string[]): Promise<number[]>;
  stop(): Promise<void>;
}

/** Null where none is installed. */
export async function startPostgres(): Promise<Postgres | null> {
  const bin = await findBinaries();
  if (bin === null) return null;
  const dir = await mkdtemp(path.join(tmpdir(), "throughline-postgres-"));
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : {};
  if (user.uid !== undefined && user.gid !== undefined) await chown(dir, user.uid, user.gid);
  const data = path.join(dir, "data");
  await run(path.join(bin, "initdb"), ["-D", data, "-U", "bench", "--no-sync", "-E", "UTF8", "--locale=C"], {
    ...user,
    cwd: dir,
  });
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(path.join(bin, "postgres"), ["-D", data, "-k", dir, ...settings], {
    ...user,
    cwd: dir,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const connection = ["-h", dir, "-U", "bench", "-d", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"];
  const psql = async (script: string): Promise<string[]> => {
    const file = path.join(dir, "script.sql");
    await writeFile(file, script);
    const { stdout } = await run(path.join(bin, "psql"), [...connection, "-A", "-t", "-f", file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.split("\n").filter((line) => line !== "");
  };
  const isUp = () =>
    psql("SELECT 1").then(
      () => true,
      () => false,
    );
  await waitUntil(isUp, 60_000);
  const [version = ""] = await psql("SHOW server_version");
  return {
    version,
    dir,
    query: psql,
    async timesMs(statements) {
      const lines = await psql(`\\o /dev/null\n\\timing on\n${statements.map((sql) => `${sql};`).join("\n")}\n`);
      const times = lines.flatMap((line) => /^Time: ([\d.]+) ms/.exec(line)?.[1] ?? []).map(Number);
      if (times.length !== statements.length)
        throw new Error(`expected ${statements.length} times from psql, got ${times.length}`);
      return times;
    },
    async stop() {
      server.kill("SIGINT");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Rows of our store into a file, tab-separated as both understand it. `url` is the engine's. */
export async function exportTsv(url: string, select: string, file: string): Promise<void> {
  const answer = await fetch(`${url}/?date_time_output_format=iso`, {
    method: "POST",
    body: `${select} FORMAT TabSeparated`,
  });
  if (!answer.ok || !answer.body) throw new Error(`expected the rows, got ${answer.status}: ${await answer.text()}`);
  await pipeline(Readable.from(answer.body), createWriteStream(file));
  await chmod(file, 0o644);
}

async function findBinaries(): Promise<string | null> {
  for (const directory of [...BINARIES, ...(process.env.PATH ?? "").split(path.delimiter)]) {
    const isThere = ["initdb", "postgres", "psql"].map((name) => access(path.join(directory, name)));
    if ((await Promise.allSettled(isThere)).every(({ status }) => status === "fulfilled")) return directory;
  }
  return null;
}

async function unprivilegedUser(): Promise<{ uid?: number; gid?: number }> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const [, , uid, gid] = lines.find(([name]) => name === "postgres") ?? lines.find(([name]) => name === "nobody") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
