import { statSync } from "node:fs";
import type { Logger } from "pino";
import { ConfigurationError } from "@/lib/config/environment";

/** A file that is read again when it was saved. One that does not fit is reported once, and what it said before holds. */
export class WatchedFile {
  #seen = "";

  constructor(private readonly path: string) {}

  /** What was read could not be used: it is read again at the next look. */
  forget(): void {
    this.#seen = "";
  }

  /** What the file says, if it was saved since the last call and fits; else null. */
  changed<Content>(load: () => Content, logger: Logger): Content | null {
    const stamp = stampOf(this.path);
    if (stamp === this.#seen) return null;
    this.#seen = stamp;
    try {
      return load();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      logger.error(`What was in force stays in force, because the file does not fit: ${error.message}`);
      return null;
    }
  }
}

/** Changes whenever the file is saved; "away" while it cannot be read. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return "away";
  }
}
