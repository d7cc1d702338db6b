/** The data folder is looked at before anything is started: a folder that cannot be written is one sentence, not an engine that crashes. */
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "@/lib/config/environment";

/** Makes the folder where it is missing. @throws ConfigurationError when it cannot be made, or nothing can be written in it. */
export function checkDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    rmdirSync(mkdtempSync(join(dataDir, ".writable-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `DATA_DIR: ${dataDir} cannot be written (${REASONS[code ?? ""] ?? code}). Give this account the right to write there, or set DATA_DIR to another folder.`,
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "it is a file",
  ENOSPC: "the disk is full",
};

/** Part of the engine process's command line (clickhouse/embedded/engine-process.ts). */
const ENGINE = "engine-process";

/**
 * For a folder that is to be emptied, which the engine's own lock does not prevent.
 * @throws ConfigurationError when an engine that runs holds it.
 */
export function checkFolderIsFree(dataDir: string, engineDir: string): void {
  // The engine writes who holds its folder into `status`, and a killed one leaves that behind.
  const pid = /PID: (\d+)/.exec(read(join(engineDir, "status")) ?? "")?.[1];
  if (pid === undefined || !isEngine(Number(pid))) return;
  throw new ConfigurationError(
    `DATA_DIR: ${dataDir} is in use by process ${pid}; is Throughline running on it already? Stop it, or set DATA_DIR to another folder.`,
  );
}

function isEngine(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // Numbers are given again, in a container soon: where the system tells, it must be an engine that has it.
  return read(`/proc/${pid}/cmdline`)?.includes(ENGINE) ?? true;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
