import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, eventLines, until } from "./worker-process";

let test: TestStore;
let folder: string;

beforeAll(async () => {
  test = await startTestStore();
  folder = await mkdtemp(join(tmpdir(), "throughline-files-"));
});

afterAll(async () => {
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function startImport(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ["--import", "tsx", "ingest/import-command.ts", ...args], {
    env: { ...process.env, CLICKHOUSE_URL: test.url, DATA_DIR: join(folder, "data"), ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

const importFiles = (...args: string[]): Promise<Ended> => startImport(args).ended;

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const countOf = async (prefix: string): Promise<number> => {
  const [row] = await test.store.query<{ events: string }>(
    "SELECT count() AS events FROM events FINAL WHERE startsWith(event_id, {prefix:String})",
    { prefix },
  );
  return Number(row?.events);
};

describe("npm run import", () => {
  it("stores a file, projects its journeys, and done again changes nothing and says so", async () => {
    const bad = '{"specversion":"1.0","id":""}\n';
    const path = await fileOf("feed.ndjson", `${eventLines(120, "file")}\n\n${bad}${eventLine("file-last")}`);
    const first = await importFiles(path);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain("121 accepted, 0 duplicate, 1 dead letter");
    // The third line after 120: two are blank.
    expect(first.stdout).toMatch(/line 123: .*id/);
    expect(await countOf("file-")).toBe(121);
    expect(await test.store.query("SELECT 1 FROM journeys FINAL WHERE startsWith(root_id, 'SO-file-')")).toHaveLength(
      121,
    );
    const letters = "SELECT channel, origin FROM dead_letters FINAL";
    expect(await test.store.query(letters)).toEqual([{ channel: "file", origin: "feed.ndjson:123" }]);
    const second = await importFiles(path);
    expect(second.stdout).toContain("0 accepted, 121 duplicate, 1 dead letter");
    expect(await countOf("file-")).toBe(121);
    expect(await test.store.query(letters)).toHaveLength(1);
  }, 120_000);

  it("reads gzip and several files, and one document as well as lines", async () => {
    const zipped = await fileOf("zipped.ndjson.gz", gzipSync(eventLines(10, "zip")));
    const document = await fileOf("batch.json", `[${eventLine("doc-1")},${eventLine("doc-2")}]`);
    const done = await importFiles(zipped, document);
    expect(done).toMatchObject({ code: 0 });
    expect([await countOf("zip-"), await countOf("doc-")]).toEqual([10, 2]);
  }, 120_000);

  it("one file that cannot be read keeps the others neither out nor behind, and the exit code says that not all is in", async () => {
    const before = await fileOf("before.ndjson", eventLines(3, "before"));
    const broken = await fileOf("broken.json", '[{"specversion":');
    const after = await fileOf("after.ndjson", eventLines(2, "after"));
    const done = await importFiles(before, broken, after);
    expect(done.code).toBe(1);
    expect(done.stderr).toContain("1 of 3 files");
    expect(done.stderr).toContain("broken.json: cannot be read");
    expect(done.stdout).not.toContain("Done");
    expect([await countOf("before-"), await countOf("after-")]).toEqual([3, 2]);
    const projected = "SELECT 1 FROM journeys FINAL WHERE match(root_id, '^SO-(before|after)-')";
    expect(await test.store.query(projected)).toHaveLength(5);
  }, 120_000);

  it("cut off in the middle goes on where it stopped", async () => {
    const path = await fileOf("large.ndjson", eventLines(60_000, "large"));
    const cutOff = startImport([path]);
    await until(
      () => countOf("large-"),
      (events) => events >= 5_000,
    );
    await until(
      () => readdir(join(folder, "data", "imports")),
      (names) => names.some((name) => name.endsWith(".json")),
    );
    cutOff.child.kill("SIGKILL");
    await cutOff.ended;
    expect(await countOf("large-")).toBeLessThan(60_000);
    const resumed = await importFiles(path);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stdout).toMatch(/goes on after [1-9]\d* lines/);
    expect(await countOf("large-")).toBe(60_000);
    // Finished, so the next import reads it from the start again.
    expect(await readdir(join(folder, "data", "imports"))).toEqual([]);
  }, 180_000);

  it("without a running product starts the store on DATA_DIR for as long as it needs", async () => {
    const path = await fileOf("alone.ndjson", eventLines(5, "alone"));
    const env = { CLICKHOUSE_URL: "", DATA_DIR: join(folder, "alone"), EMBEDDED_CLICKHOUSE_PORT: "0" };
    expect(await startImport([path], env).ended).toMatchObject({ code: 0 });
    const again = await startImport([path], env).ended;
    expect(again.stdout).toContain("0 accepted, 5 duplicate");
  }, 120_000);

  it.each([
    [["no-such-file.ndjson"], 1, "no such file"],
    [["FOLDER"], 1, "no file is in this folder"],
    [[], 2, "which files"],
    [["UNKNOWN"], 2, "--format"],
    [["UNKNOWN", "--format", "parquet"], 2, "parquet"],
    [["OCEL", "--format", "ocel2"], 2, "--source"],
    [["BROKEN"], 1, "cannot be read"],
    [["CUT"], 1, "cannot be read"],
  ])("%j ends with %i and says %s", async (args, code, words) => {
    const files: Record<string, string> = {
      FOLDER: join(folder, "a-folder"),
      UNKNOWN: await fileOf("unknown.bin", "x"),
      OCEL: await fileOf("log.json", "{}"),
      BROKEN: await fileOf("broken.json", '[{"half": '),
      CUT: await fileOf("cut.ndjson.gz", gzipSync(eventLines(50, "cut")).subarray(0, 200)),
    };
    await mkdir(join(folder, "a-folder"), { recursive: true });
    const ended = await importFiles(...args.map((arg) => files[arg] ?? arg));
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain("    at ");
  });

  it("imports the same file under another name without adding anything", async () => {
    const path = await fileOf("one-name.ndjson", eventLines(3, "named"));
    const copy = join(folder, "another-name.ndjson");
    await copyFile(path, copy);
    await importFiles(path);
    expect((await importFiles(copy)).stdout).toContain("0 accepted, 3 duplicate");
  }, 60_000);
});
