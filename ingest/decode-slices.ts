/**
 * Decodes a large body of lines in slices, and lets others run between them: answers of the store, heartbeats and health checks must
 * not wait half a second for somebody's 10,000 events. What comes out is what decoding the whole at once gives.
 */
import { setImmediate as othersRun } from "node:timers/promises";
import { type DecodeContext, type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";

export type Decode = (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;

/** About 200 events, 5 to 10 ms. */
export const SLICE_BYTES = 128 * 1024;
/** Items that are worked on before others run. */
const SLICE_ITEMS = 200;

const LINE_TYPES = /^\s*(?:application\/(?:x-)?ndjson|application\/jsonl|application\/x-jsonlines|ndjson)\s*(?:;|$)/i;

/** Only bodies of lines are cut: elsewhere an item does not end where a line does. */
export async function decodeInSlices(
  body: Buffer,
  context: DecodeContext,
  decode: Decode,
): Promise<Decoded[] | Unreadable> {
  if (body.length <= SLICE_BYTES || !LINE_TYPES.test(context.contentType)) return decode(body, context);
  const decoded: Decoded[] = [];
  for (let start = 0; start < body.length; ) {
    const end = endOfSlice(body, start);
    const limit = context.maxItems === undefined ? {} : { maxItems: Math.max(0, context.maxItems - decoded.length) };
    const slice = decode(body.subarray(start, end), { ...context, ...limit });
    // Past the limit the whole is decoded once more, so that the refusal names the whole's limit.
    if (isUnreadable(slice)) return slice.unreadable.kind === "too-many" ? decode(body, context) : slice;
    const before = decoded.length;
    for (const one of slice) decoded.push(before === 0 ? one : { ...one, index: before + one.index });
    start = end;
    if (start < body.length) await othersRun();
  }
  return decoded;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * After a line's end. A mark at the head of a body is dropped, while inside it is a fault of its line: no slice but the first may begin
 * with one, or the same bytes would mean another thing by where they were cut.
 */
function endOfSlice(body: Buffer, start: number): number {
  let from = start + SLICE_BYTES;
  for (;;) {
    const newline = body.indexOf(0x0a, from);
    if (newline === -1) return body.length;
    if (!body.subarray(newline + 1, newline + 4).equals(BYTE_ORDER_MARK)) return newline + 1;
    from = newline + 1;
  }
}

/** Maps, letting others run every few hundred items. */
export async function mapInSlices<From, To>(items: readonly From[], map: (item: From) => To): Promise<To[]> {
  const mapped: To[] = [];
  for (const item of items) {
    mapped.push(map(item));
    if (mapped.length % SLICE_ITEMS === 0) await othersRun();
  }
  return mapped;
}

/**
 * Large bodies take turns: were all decoded a slice each in turn, all would be done at the same late moment, and the store would
 * have nothing to do until then. Small ones do not wait for large ones.
 */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (bytes <= SLICE_BYTES) return work();
    const mine = this.last.then(work);
    this.last = mine.catch(() => {});
    return mine;
  }
}
