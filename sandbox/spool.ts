import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HOUR } from "./calendar";
import type { RecordWindow, Timed } from "./delivery";
import type { Story, StoryRecord } from "./story";

/**
 * Records on disk, in one file for each hour they were written in, so that any number of orders needs little memory:
 * stories come one by one and reach weeks ahead, the hours are read back in order.
 */

export interface SpooledRecord extends Timed {
  /** The event as one line of JSON, with room left for its sequence number. */
  readonly json: string;
}

const ROOM_FOR_SEQUENCE = '"sequence":""';
/** Written out when this much text is waiting; keeps the number of small writes down. */
const FLUSH_CHARACTERS = 32 * 1024 * 1024;

export class Spool {
  private readonly waiting = new Map<number, string[]>();
  private waitingCharacters = 0;
  private firstHour = Number.POSITIVE_INFINITY;
  private lastHour = Number.NEGATIVE_INFINITY;

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
    const hour = Math.floor(record.recordedAt / HOUR);
    const line = `${record.recordedAt}\t${record.deliveries.join(",")}\t${record.source}\t${JSON.stringify(record.event)}\n`;
    const lines = this.waiting.get(hour);
    if (lines === undefined) this.waiting.set(hour, [line]);
    else lines.push(line);
    this.waitingCharacters += line.length;
    this.firstHour = Math.min(this.firstHour, hour);
    this.lastHour = Math.max(this.lastHour, hour);
  }

  private flush(): void {
    for (const [hour, lines] of this.waiting) appendFileSync(this.fileOf(hour), lines.join(""));
    this.waiting.clear();
    this.waitingCharacters = 0;
  }

  /** Reads everything back, an hour at a time, and removes what it has read. */
  *windows(): Generator<RecordWindow<SpooledRecord>> {
    this.flush();
    for (let hour = this.firstHour; hour <= this.lastHour; hour++) {
      const file = this.fileOf(hour);
      if (!existsSync(file)) continue;
      const text = readFileSync(file, "utf8");
      rmSync(file);
      yield { startAt: hour * HOUR, records: text.split("\n").filter(Boolean).map(parseLine) };
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private fileOf(hour: number): string {
    return join(this.folder, `${hour}.tsv`);
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
    // A part of a text keeps the whole text alive: what is held for hours is copied, or it would hold its hour's file in memory.
    json: waits ? Buffer.from(json).toString() : json,
  };
}

/** As `numberRecord`, on the line of text. JSON escapes tabs and newlines, so neither can occur in it. */
export function numberLine(record: SpooledRecord, sequence: number): SpooledRecord {
  return { ...record, json: record.json.replace(ROOM_FOR_SEQUENCE, `"sequence":"${sequence}"`) };
}
