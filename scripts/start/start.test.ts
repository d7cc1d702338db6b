import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isBuildCurrent } from "./app-build";
import { checkDataFolder, checkFolderIsFree } from "./data-folder";
import { prepareDemoFolder } from "./demo";
import { ManagedChild } from "./managed-child";
import { checkPorts } from "./ports";
import { waitUntil } from "./waiting";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-start-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the demo's folder", () => {
  it("is made, and emptied when the demo made it", () => {
    const demo = join(folder, "demo");
    prepareDemoFolder(demo);
    writeFileSync(join(demo, "old"), "old");
    prepareDemoFolder(demo);
    expect(existsSync(join(demo, "old"))).toBe(false);
  });

  it("is never emptied when somebody else made it", () => {
    writeFileSync(join(folder, "precious"), "precious");
    expect(() => prepareDemoFolder(folder)).toThrow(/DATA_DIR.*not a demo folder/);
    expect(existsSync(join(folder, "precious"))).toBe(true);
  });
});

describe("the data folder", () => {
  it("is made where it is missing, and left empty", () => {
    checkDataFolder(join(folder, "a/b"));
    expect(readdirSync(join(folder, "a/b"))).toEqual([]);
  });

  it("that cannot be written is told with its variable", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => checkDataFolder(join(folder, "file"))).toThrow(/^DATA_DIR: .*file cannot be written \(it is a file\)/);
    expect(() => checkDataFolder(join(folder, "file/data"))).toThrow("a part of the path is a file");
  });

  it("is in use while an engine holds it, and free once that has ended", async () => {
    const engine = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "engine-process"], {
      stdio: "ignore",
    });
    await once(engine, "spawn");
    writeFileSync(join(folder, "status"), `PID: ${engine.pid}\nStarted at: 2026-11-23 10:15:30\n`);
    expect(() => checkFolderIsFree("data/demo", folder, true)).toThrow(
      `DATA_DIR: data/demo is in use by process ${engine.pid}`,
    );
    const ended = once(engine, "exit");
    engine.kill();
    await ended;
    expect(() => checkFolderIsFree("data/demo", folder, true)).not.toThrow();
  });

  it("nobody ever held is free", () => {
    expect(() => checkFolderIsFree("data/demo", folder, true)).not.toThrow();
  });
});

describe("a wait", () => {
  const wait = {
    msMax: 60_000,
    signal: new AbortController().signal,
    otherwise: "It was not ready. Look at the disk.",
  };

  it("ends when what it waits for holds", async () => {
    let asked = 0;
    await waitUntil(async () => ++asked === 3, wait);
    expect(asked).toBe(3);
  });

  it("that is over says what to look at, also when the question is never answered", async () => {
    const short = { ...wait, msMax: 20 };
    await expect(waitUntil(async () => false, short)).rejects.toThrow("Look at the disk");
    await expect(waitUntil(() => new Promise(() => {}), short)).rejects.toThrow("Look at the disk");
  });

  it("ends with a stop", async () => {
    const stop = new AbortController();
    const waiting = waitUntil(() => new Promise(() => {}), { ...wait, signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow("stopped");
  });
});

describe("ports", () => {
  it("in use are told with their variable", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const wanted = [{ variable: "INGEST_PORT", port, host: "127.0.0.1" }];
    await expect(checkPorts(wanted)).rejects.toThrow(`INGEST_PORT: port ${port} is in use`);
    await new Promise((resolve) => server.close(resolve));
    await expect(checkPorts(wanted)).resolves.toBeUndefined();
  });
});

describe("the app's build", () => {
  const write = (path: string, atSeconds: number): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "");
    utimesSync(join(folder, path), atSeconds, atSeconds);
    // A folder is as new as its last change; the test decides what that is.
    for (const parent of ["app", "app/orders"])
      if (existsSync(join(folder, parent))) utimesSync(join(folder, parent), 1, 1);
  };

  it("is current while no source is newer", () => {
    expect(isBuildCurrent(folder)).toBe(false);
    write("app/orders/page.tsx", 1_000);
    write("package-lock.json", 1_000);
    write(".next/BUILD_ID", 2_000);
    expect(isBuildCurrent(folder)).toBe(true);
    write("app/orders/page.test.tsx", 3_000);
    expect(isBuildCurrent(folder)).toBe(true);
    write("app/orders/page.tsx", 3_000);
    expect(isBuildCurrent(folder)).toBe(false);
  });

  it("is old when a dependency was changed", () => {
    write(".next/BUILD_ID", 2_000);
    write("package-lock.json", 3_000);
    expect(isBuildCurrent(folder)).toBe(false);
  });
});

describe("a child process", () => {
  interface Watched {
    readonly child: ManagedChild;
    readonly lines: string[];
    readonly crashes: string[];
    readonly givenUp: Promise<[string, number | null]>;
  }

  function watch(source: string): Watched {
    const script = join(folder, "child.mjs");
    writeFileSync(script, source);
    const lines: string[] = [];
    const crashes: string[] = [];
    let giveUp = (_result: [string, number | null]): void => {};
    const givenUp = new Promise<[string, number | null]>((resolve) => {
      giveUp = resolve;
    });
    const child = new ManagedChild({
      name: "The child",
      script,
      cwd: process.cwd(),
      env: process.env,
      stopMsMax: 5_000,
      onLine: (line) => lines.push(line),
      onCrash: (sentence) => crashes.push(sentence),
      onGivenUp: (sentence, code) => giveUp([sentence, code]),
    });
    child.start();
    return { child, lines, crashes, givenUp };
  }

  const appears = async (lines: readonly string[], count: number): Promise<void> => {
    while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it("that crashes is started again", async () => {
    const watched = watch("console.log('up'); setInterval(() => {}, 1000); process.on('message', () => {});");
    await appears(watched.lines, 1);
    process.kill(watched.child.pid ?? 0, "SIGKILL");
    await appears(watched.lines, 2);
    expect(watched.crashes).toEqual([expect.stringContaining("ended unexpectedly (SIGKILL)")]);
    await watched.child.stop();
    expect(watched.crashes).toHaveLength(1);
  });

  it("that ends with a mistake in configuration is not started again", async () => {
    const { givenUp, crashes } = watch("process.exit(2)");
    expect(await givenUp).toEqual(["The child cannot run", 2]);
    expect(crashes).toEqual([]);
  });

  it("that does not end when asked is ended", async () => {
    const watched = watch(
      "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000);",
    );
    await appears(watched.lines, 1);
    const pid = watched.child.pid ?? 0;
    await watched.child.stop();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
