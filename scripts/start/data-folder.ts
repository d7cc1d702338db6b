/** The data folder is looked at before anything is started: a folder that cannot be written is one sentence, not an engine that crashes. */
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "@/lib/config/environment";

/** Makes the folder where it is missing. @throws ConfigurationError when it cannot be made, or nothing can be written in it. */
export function checkDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    rmdirSync(mkdtempSync(join(dataDir, ".writable-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `DATA_DIR: ${dataDir} cannot be written (${REASONS[code ?? ""] ?? code}). Give this account the right to write there, or set DATA_DIR to another folder.`,
    );
  }
}

/** Not mkdir's own `recursive`: below /proc and the like it never returns. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "it is a file",
  ENOENT: "nothing can be made there",
  ENOSPC: "the disk is full",
};

/** Part of the engine process's command line (clickhouse/embedded/engine-process.ts). */
const ENGINE = "engine-process";

/**
 * Before the engine's own lock would say it: that does not keep a folder from being emptied, and comes in the words of a crash.
 * @param whenUnsure whether the process that last held the folder is taken for an engine where the system does not tell what it is.
 * @throws ConfigurationError when an engine that runs holds it.
 */
export function checkFolderIsFree(dataDir: string, engineDir: string, whenUnsure: boolean): void {
  // The engine writes who holds its folder into `status`, and a killed one leaves that behind.
  const pid = /PID: (\d+)/.exec(read(join(engineDir, "status")) ?? "")?.[1];
  if (pid === undefined || !isEngine(Number(pid), whenUnsure)) return;
  throw new ConfigurationError(
    `DATA_DIR: ${dataDir} is in use by process ${pid}; is Throughline running on it already? Stop it, or set DATA_DIR to another folder.`,
  );
}

function isEngine(pid: number, whenUnsure: boolean): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // Numbers are given again, in a container soon: where the system tells, it must be an engine that has it.
  return read(`/proc/${pid}/cmdline`)?.includes(ENGINE) ?? whenUnsure;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
