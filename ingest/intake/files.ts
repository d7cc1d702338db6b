/**
 * The file intake. Lines are read as a stream and stored in pieces; other formats are documents, decoded whole. Importing a file
 * again changes nothing, because its events are known by source and id.
 */
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import type { RecordResult } from "@/ingest/decode/decode";
import { type DecodeContext, type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";
import type { Answer, DeadLettered, Delivery, Pipeline, Stored } from "@/ingest/pipeline";

export interface FileImport {
  readonly path: string;
  /** All its events are from this source; null when each says its own. */
  readonly source: string | null;
  readonly format: string;
  /** Lines (not counting blank ones) that an earlier, interrupted import has stored. Documents start anew. */
  readonly skipLines: number;
}

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly stored: ImportCounts;
  /** Lines stored without a gap from the start: where an import that is cut off here goes on. */
  readonly linesStored: number;
}

export interface ImportCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly deadLettered: number;
}

export interface ImportParts {
  readonly pipeline: Pipeline;
  readonly decode: (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;
  readonly onProgress: (progress: ImportProgress) => void;
  /** `place` is where in the file: "line 7", or of a document "item 3" (from 1, like lines). */
  readonly onDeadLetter: (place: string, letter: DeadLettered) => void;
}

/** The file as a whole cannot be imported. The message is for the person who asked for it. */
export class ImportError extends Error {
  override readonly name: string = "ImportError";
}

/** The store stayed away: the next file would fare no better. */
export class ImportInterrupted extends ImportError {
  override readonly name: string = "ImportInterrupted";
}

export const LINE_FORMATS: ReadonlySet<string> = new Set(["ndjson", "jsonl"]);
const ITEMS_AT_ONCE = 5_000;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
/** While one piece is being stored the next is being read and decoded. */
const PIECES_IN_FLIGHT = 2;
/** A line longer than a request may be is no event. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;
/** A document is one string in memory; V8 holds strings of up to 512 MiB. */
const DOCUMENT_BYTES_MAX = 512 * 1024 * 1024;
const STORE_AWAY_MS_MAX = 120_000;

export async function importFile(file: FileImport, parts: ImportParts): Promise<ImportCounts> {
  const bytesTotal = await sizeOf(file.path);
  const tally = new Tally(bytesTotal, parts);
  if (LINE_FORMATS.has(file.format)) await importLines(file, parts, tally);
  else await importDocument(file, parts, tally);
  return tally.counts;
}

export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new ImportError(`${path}: no such file.`);
  if (!found.isFile()) throw new ImportError(`${path}: expected a file, got a folder or a device.`);
  return found.size;
}

export class Tally {
  counts: ImportCounts = { accepted: 0, duplicate: 0, deadLettered: 0 };
  bytesRead = 0;
  linesStored = 0;
  constructor(
    readonly bytesTotal: number,
    private readonly parts: Pick<ImportParts, "onProgress" | "onDeadLetter">,
  ) {}

  add(stored: Stored, placeOf: (index: number) => string): void {
    this.counts = {
      accepted: this.counts.accepted + stored.accepted,
      duplicate: this.counts.duplicate + stored.duplicate,
      deadLettered: this.counts.deadLettered + stored.deadLettered.length,
    };
    for (const letter of stored.deadLettered) this.parts.onDeadLetter(placeOf(letter.index), letter);
    const { bytesRead, bytesTotal, linesStored } = { ...this, bytesTotal: this.bytesTotal };
    this.parts.onProgress({ bytesRead, bytesTotal, stored: this.counts, linesStored });
  }
}

interface Piece {
  readonly body: Buffer;
  /** The file's line number (from 1) of each line of the piece. */
  readonly lineNumbers: readonly number[];
  readonly bytesRead: number;
  /** Lines that are not blank, up to the end of this piece. */
  readonly linesThrough: number;
}

async function importLines(file: FileImport, parts: ImportParts, tally: Tally): Promise<void> {
  const name = basename(file.path);
  const inFlight: Promise<void>[] = [];
  tally.linesStored = file.skipLines;
  for await (const piece of readPieces(file)) {
    const lineOf = (index: number): number => piece.lineNumbers[index] ?? 0;
    const delivery: Delivery = {
      body: piece.body,
      context: { source: file.source, contentType: "ndjson", headers: {} },
      channel: "file",
      origin: (index) => `${name}:${lineOf(index)}`,
      keepUnreadable: false,
    };
    const previous = inFlight.at(-1);
    const storing = takeInsistently(delivery, parts.pipeline).then(async (answer) => {
      // Progress is told in the order of the file, so that it has no gaps.
      await previous;
      tally.bytesRead = piece.bytesRead;
      tally.linesStored = piece.linesThrough;
      tally.add(storedOf(answer, file), (index) => `line ${lineOf(index)}`);
    });
    // Awaited below; until then a rejection must not count as unhandled.
    storing.catch(() => {});
    inFlight.push(storing);
    if (inFlight.length >= PIECES_IN_FLIGHT) await inFlight.shift();
  }
  await Promise.all(inFlight);
}

async function* readPieces(file: FileImport): AsyncGenerator<Piece> {
  const raw = createReadStream(file.path, { highWaterMark: 1024 * 1024 });
  const isGzip = await startsAsGzip(file.path);
  const stream = isGzip ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => stream.destroy(error));
  let lines: Buffer[] = [];
  let lineNumbers: number[] = [];
  let bytes = 0;
  let lineNumber = 0;
  let lineCount = 0;
  const piece = (): Piece => {
    const made = { body: Buffer.concat(lines), lineNumbers, bytesRead: raw.bytesRead, linesThrough: lineCount };
    [lines, lineNumbers, bytes] = [[], [], 0];
    return made;
  };
  try {
    for await (const line of splitLines(stream as AsyncIterable<Buffer>)) {
      lineNumber += 1;
      if (isBlank(line)) continue;
      lineCount += 1;
      if (lineCount <= file.skipLines) continue;
      lines.push(line);
      lineNumbers.push(lineNumber);
      bytes += line.length;
      if (lines.length >= ITEMS_AT_ONCE || bytes >= BYTES_AT_ONCE) yield piece();
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(
      `${file.path}: cannot be read to its end (${(error as Error).message}). What was read is stored.`,
    );
  } finally {
    raw.destroy();
  }
  if (lines.length > 0) yield piece();
}

/** Lines with their newline. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let newline = chunk.indexOf(0x0a); newline !== -1; newline = chunk.indexOf(0x0a, from)) {
      const end = chunk.subarray(from, newline + 1);
      yield rest.length === 0 ? end : Buffer.concat([...rest, end]);
      [rest, restBytes, from] = [[], 0, newline + 1];
    }
    rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    if (restBytes > LINE_BYTES_MAX) {
      throw new ImportError(
        `A line is longer than ${LINE_BYTES_MAX} bytes: is this one event a line? Try --format cloudevents.`,
      );
    }
  }
  if (restBytes > 0) yield Buffer.concat([...rest, Buffer.from("\n")]);
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));

async function importDocument(file: FileImport, parts: ImportParts, tally: Tally): Promise<void> {
  const body = await readDocument(file.path);
  const context: DecodeContext = { source: file.source, contentType: file.format, headers: {} };
  const decoded = parts.decode(body, context);
  if (isUnreadable(decoded)) throw unreadableError(file, decoded);
  const name = basename(file.path);
  const document = {
    label: file.path,
    context,
    records: decoded.length,
    originOf: (record: number) => `${name}#${record}`,
    placeOf: (record: number) => `item ${record + 1}`,
  };
  await storeDecoded(
    decoded.map((one, record) => ({ record, decoded: one })),
    document,
    parts.pipeline,
    tally,
  );
}

/** What is decoded as a whole, on its way into the store. */
export interface DecodedDocument {
  /** What messages call it. */
  readonly label: string;
  readonly context: DecodeContext;
  readonly records: number;
  /** Where a record, from 0, came from, as dead letters keep it. */
  originOf(record: number): string;
  /** As the person at the terminal reads it. */
  placeOf(record: number): string;
}

export async function storeDecoded(
  results: Iterable<RecordResult>,
  { label, context, records, originOf, placeOf }: DecodedDocument,
  pipeline: Pipeline,
  tally: Tally,
): Promise<void> {
  for (const part of inParts(results, ITEMS_AT_ONCE)) {
    const recordOf = new Map(part.map(({ record, decoded }) => [decoded.index, record]));
    const delivery: Delivery = {
      body: Buffer.alloc(0),
      context,
      channel: "file",
      origin: (index) => originOf(recordOf.get(index) ?? 0),
      decode: () => part.map(({ decoded }) => decoded),
      keepUnreadable: false,
    };
    const answer = await takeInsistently(delivery, pipeline);
    tally.bytesRead = Math.round((tally.bytesTotal * ((part.at(-1)?.record ?? 0) + 1)) / records);
    tally.add(storedOf(answer, { path: label, format: context.contentType }), (index) =>
      placeOf(recordOf.get(index) ?? 0),
    );
  }
}

function* inParts<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let part: Item[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

export async function readDocument(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ImportError(`${path}: cannot be read (${error.message}).`);
  });
  if (!isGzipped(bytes)) return bytes;
  return promisify(gunzip)(bytes, { maxOutputLength: DOCUMENT_BYTES_MAX }).catch((error: Error) => {
    throw new ImportError(
      `${path}: cannot be inflated (${error.message}); at most ${DOCUMENT_BYTES_MAX} bytes of content.`,
    );
  });
}

const isGzipped = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function startsAsGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: 1 })) return isGzipped(chunk as Buffer);
  return false;
}

/** Waits while the store is away, for a while. */
async function takeInsistently(delivery: Delivery, pipeline: Pipeline): Promise<Answer> {
  const startedMs = performance.now();
  for (;;) {
    const answers = await pipeline.take([delivery]);
    if (!("unavailable" in answers)) {
      const [answer] = answers;
      if (!answer) throw new Error("The pipeline gave no answer.");
      return answer;
    }
    if (performance.now() - startedMs > STORE_AWAY_MS_MAX) {
      throw new ImportInterrupted(`${answers.detail} Run the same command again later; it goes on where it stopped.`);
    }
    await delay(answers.retryAfterSeconds * 1000);
  }
}

function storedOf(answer: Answer, file: Pick<FileImport, "path" | "format">): Stored {
  if ("unreadable" in answer) throw unreadableError(file, answer);
  return answer;
}

export const unreadableError = (file: Pick<FileImport, "path" | "format">, { unreadable }: Unreadable): ImportError =>
  new ImportError(
    `${file.path}: cannot be read as ${file.format}: ${unreadable.path === "" ? "" : `${unreadable.path}: `}${unreadable.reason}`,
  );
