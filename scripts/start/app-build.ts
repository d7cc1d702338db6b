/** The Next build: made when there is none, or when a source is newer than it. */
import { fork } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { forEachLine } from "./managed-child";

const SOURCE_FOLDERS = ["app", "components", "lib", "public"];
const SOURCE_FILES = [
  "package-lock.json",
  "next.config.mjs",
  "postcss.config.mjs",
  "tsconfig.json",
  "proxy.ts",
  "instrumentation.ts",
];

export const nextScript = (root: string): string =>
  createRequire(join(root, "package.json")).resolve("next/dist/bin/next");

export function isBuildCurrent(root: string): boolean {
  const builtMs = modifiedMs(join(root, ".next", "BUILD_ID"));
  if (builtMs === null) return false;
  const newest = Math.max(
    ...SOURCE_FILES.map((file) => modifiedMs(join(root, file)) ?? 0),
    ...SOURCE_FOLDERS.map((folder) => newestIn(join(root, folder))),
  );
  return newest <= builtMs;
}

function newestIn(folder: string): number {
  if (modifiedMs(folder) === null) return 0;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  // Folders count too: a file that was removed changes its folder.
  return entries
    .filter((entry) => !entry.name.endsWith(".test.ts") && !entry.name.endsWith(".test.tsx"))
    .reduce((newest, entry) => Math.max(newest, modifiedMs(join(entry.parentPath, entry.name)) ?? 0), 0);
}

function modifiedMs(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

/** Rejects with the build's last lines when it fails. `signal` ends it. */
export function buildApp(root: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const child = fork(nextScript(root), ["build"], {
      cwd: root,
      env,
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) forEachLine(stream, (line) => lines.push(line));
    const abort = () => killGroup(child.pid);
    signal.addEventListener("abort", abort, { once: true });
    child.once("exit", (code) => {
      signal.removeEventListener("abort", abort);
      if (code === 0) resolve();
      else reject(new Error(`The app cannot be built:\n${lines.slice(-40).join("\n")}`));
    });
  });
}

/** With the build's own workers, which would outlive it. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
