/** How far an import of a file had come, kept beside the data: one that was cut off goes on there. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

export interface ImportMark {
  /** Lines that are stored already; 0 for a file that is new, finished or changed. */
  readonly skipLines: number;
  advance(linesStored: number): void;
  /** The file is in; importing it again starts anew (and changes nothing). */
  finish(): void;
}

export class ImportMarks {
  private readonly folder: string;
  constructor(dataDir: string) {
    this.folder = join(dataDir, "imports");
  }

  /** A mark holds for the same file, unchanged, imported in the same way. */
  async open(file: { path: string; source: string | null; format: string }): Promise<ImportMark> {
    const { size, mtimeMs } = await stat(file.path);
    const key = createHash("sha256")
      .update(JSON.stringify([resolve(file.path), size, mtimeMs, file.source, file.format]))
      .digest("hex");
    const path = join(this.folder, `${key}.json`);
    const { folder } = this;
    return {
      skipLines: readMark(path),
      advance(linesStored) {
        mkdirSync(folder, { recursive: true });
        // Whole or not at all: a mark that is cut off would be no mark, a wrong one would lose lines.
        writeFileSync(`${path}.new`, JSON.stringify({ linesStored }));
        renameSync(`${path}.new`, path);
      },
      finish: () => rmSync(path, { force: true }),
    };
  }
}

function readMark(path: string): number {
  try {
    const mark = JSON.parse(readFileSync(path, "utf8")) as { linesStored?: unknown };
    return typeof mark.linesStored === "number" && Number.isSafeInteger(mark.linesStored) ? mark.linesStored : 0;
  } catch {
    // No mark, or one that cannot be read: from the start, which is slower and as good.
    return 0;
  }
}
