/** What an import shows: a bar in a terminal, a line every few seconds elsewhere, and the sum at the end. */
import type { ImportCounts, ImportProgress } from "@/ingest/intake/files";
import type { DeadLettered } from "@/ingest/pipeline";

const LINE_INTERVAL_MS = 5_000;
const BAR_CELLS = 30;
const DEAD_LETTERS_SHOWN = 10;

export class ImportReport {
  private readonly startedMs = performance.now();
  private lastLineMs = performance.now();
  private deadLetters = 0;
  private readonly isTerminal = process.stdout.isTTY === true;

  constructor(path: string, skippedLines: number) {
    console.log(skippedLines === 0 ? path : `${path}: goes on after ${skippedLines} lines that are stored already`);
  }

  progress({ bytesRead, bytesTotal, stored }: ImportProgress): void {
    const share = bytesTotal === 0 ? 1 : Math.min(1, bytesRead / bytesTotal);
    const text = `${Math.floor(share * 100)} %  ${countWords(stored)}  ${this.rate(stored)}`;
    if (this.isTerminal) {
      const filled = Math.round(share * BAR_CELLS);
      process.stdout.write(`\r\u001b[2K  ${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)} ${text}`);
    } else if (performance.now() - this.lastLineMs > LINE_INTERVAL_MS) {
      this.lastLineMs = performance.now();
      console.log(`  ${text}`);
    }
  }

  deadLetter(place: string, { reason }: DeadLettered): void {
    this.deadLetters += 1;
    if (this.deadLetters > DEAD_LETTERS_SHOWN) return;
    if (this.isTerminal) process.stdout.write("\r\u001b[2K");
    console.log(`  ${place}: ${reason}`);
  }

  finish(counts: ImportCounts): void {
    if (this.isTerminal) process.stdout.write("\r\u001b[2K");
    if (this.deadLetters > DEAD_LETTERS_SHOWN)
      console.log(`  and ${this.deadLetters - DEAD_LETTERS_SHOWN} more dead letters`);
    console.log(`  ${countWords(counts)}  ${this.rate(counts)}`);
  }

  private rate({ accepted, duplicate, deadLettered }: ImportCounts): string {
    const seconds = Math.max(0.001, (performance.now() - this.startedMs) / 1000);
    return `${Math.round((accepted + duplicate + deadLettered) / seconds).toLocaleString("en")}/s`;
  }
}

const countWords = ({ accepted, duplicate, deadLettered }: ImportCounts): string =>
  `${accepted.toLocaleString("en")} accepted, ${duplicate.toLocaleString("en")} duplicate, ${deadLettered.toLocaleString("en")} dead ${deadLettered === 1 ? "letter" : "letters"}`;
