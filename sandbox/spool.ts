import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HOUR, MINUTE } from "./calendar";
import type { RecordWindow, Timed } from "./delivery";
import type { Story, StoryRecord } from "./story";

/**
 * Records on disk, in one file for each ten minutes they were written in, so that any number of orders needs little
 * memory: stories come one by one and reach weeks ahead, the slots are read back in order.
 */

export interface SpooledRecord extends Timed {
  /** The event as one line of JSON, with room left for its sequence number. */
  readonly json: string;
}

const ROOM_FOR_SEQUENCE = '"sequence":""';
/** Written out when this much text is waiting; keeps the number of small writes down. */
const FLUSH_CHARACTERS = 64 * 1024 * 1024;
/** Short enough that the busiest slot of half a million orders is some ten megabytes. */
const SLOT_MS = 10 * MINUTE;

export class Spool {
  private readonly waiting = new Map<number, string[]>();
  private waitingCharacters = 0;
  private firstSlot = Number.POSITIVE_INFINITY;
  private lastSlot = Number.NEGATIVE_INFINITY;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  add(story: Story, cutAt: number): void {
    for (const record of story.records) {
      if (record.recordedAt <= cutAt) this.addRecord(record);
    }
    if (this.waitingCharacters > FLUSH_CHARACTERS) this.flush();
  }

  private addRecord(record: StoryRecord): void {
    const slot = Math.floor(record.recordedAt / SLOT_MS);
    const line = `${record.recordedAt}\t${record.deliveries.join(",")}\t${record.source}\t${JSON.stringify(record.event)}\n`;
    const lines = this.waiting.get(slot);
    if (lines === undefined) this.waiting.set(slot, [line]);
    else lines.push(line);
    this.waitingCharacters += line.length;
    this.firstSlot = Math.min(this.firstSlot, slot);
    this.lastSlot = Math.max(this.lastSlot, slot);
  }

  private flush(): void {
    for (const [slot, lines] of this.waiting) appendFileSync(this.fileOf(slot), lines.join(""));
    this.waiting.clear();
    this.waitingCharacters = 0;
  }

  /** Reads everything back, a slot at a time, and removes what it has read. */
  *windows(): Generator<RecordWindow<SpooledRecord>> {
    this.flush();
    for (let slot = this.firstSlot; slot <= this.lastSlot; slot++) {
      const file = this.fileOf(slot);
      if (!existsSync(file)) continue;
      const text = readFileSync(file, "utf8");
      rmSync(file);
      yield { startAt: slot * SLOT_MS, records: text.split("\n").filter(Boolean).map(parseLine) };
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private fileOf(slot: number): string {
    return join(this.folder, `${slot}.tsv`);
  }
}

function parseLine(line: string): SpooledRecord {
  const [recordedText = "", deliveriesText = "", source = "", json = ""] = line.split("\t");
  const recordedAt = Number(recordedText);
  const deliveries = deliveriesText === "" ? [] : deliveriesText.split(",").map(Number);
  const waits = (deliveries.at(-1) ?? recordedAt) - recordedAt > HOUR;
  return {
    recordedAt,
    deliveries,
    source: source as StoryRecord["source"],
    // A part of a text keeps the whole text alive: what is held for hours is copied, or it would hold its slot's file in memory.
    json: waits ? Buffer.from(json).toString() : json,
  };
}

/** As `numberRecord`, on the line of text. JSON escapes tabs and newlines, so neither can occur in it. */
export function numberLine(record: SpooledRecord, sequence: number): SpooledRecord {
  return { ...record, json: record.json.replace(ROOM_FOR_SEQUENCE, `"sequence":"${sequence}"`) };
}
