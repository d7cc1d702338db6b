/** ASC X12 (850, 856, 810, 940, 945, 204, 990, 214, 997; others as they are) → events. Each transaction set is an item. */
import { isUtf8 } from "node:buffer";
import type { X12Mapping } from "@/lib/config/mapping-schema";
import { contentHashOf } from "@/lib/domain/canonical-json";
import { tooManyItems } from "./cloudevents";
import type { FormatDecoder } from "./decode";
import type { DecodeContext, Decoded } from "./decoded";
import { deadLetter, decodeBuiltEvent } from "./event";
import { readTransactionSets, type TransactionSet } from "./x12-interchange";
import { type Reading, sentTime } from "./x12-reading";
import { type Said, SET_READERS } from "./x12-sets";

export function x12Decoder(mapping: X12Mapping): FormatDecoder {
  return (body, context) => {
    if (context.source === null) {
      const reason =
        "source: expected a source for the interchange, got none; name it (--source NAME, or /v1/sources/{source})";
      return { unreadable: { kind: "unsupported", path: "source", reason } };
    }
    // X12 knows no encoding; what is no UTF-8 is taken for Latin-1, which holds any byte.
    const text = body.toString(isUtf8(body) ? "utf8" : "latin1");
    const sets = readTransactionSets(text, mapping.check_segment_count);
    if ("reason" in sets) return { unreadable: { kind: "syntax", ...sets } };
    if (context.maxItems !== undefined && sets.length > context.maxItems) return tooManyItems(context);
    const decoded: Decoded[] = [];
    for (const set of sets) decoded.push(...decodeSet(set, decoded.length, mapping, context));
    return decoded;
  };
}

function decodeSet(set: TransactionSet, firstIndex: number, mapping: X12Mapping, context: DecodeContext): Decoded[] {
  const item = { index: firstIndex, raw: Buffer.from(set.head + set.raw) };
  if (set.fault) return [deadLetter("parse", set.fault, item, context)];
  const reading: Reading = { set, zone: mapping.zone, faults: [] };
  const read = Object.hasOwn(SET_READERS, set.code) ? SET_READERS[set.code] : undefined;
  const said = read?.(reading, mapping) ?? [];
  const [fault] = reading.faults;
  if (fault) return [deadLetter("decode", fault, item, context)];
  const events =
    said.length > 0 ? said : [{ type: `x12.${set.code}`, time: sentTime(reading), data: { objects: [], links: [] } }];
  return events.map((one, position) =>
    decodeBuiltEvent(
      candidateOf(one, set, position, mapping, context),
      { ...item, index: firstIndex + position },
      context,
    ),
  );
}

/** The id is a hash of what the set says under its control numbers: sent again, it is the same event. */
function candidateOf(
  said: Said,
  set: TransactionSet,
  position: number,
  mapping: X12Mapping,
  context: DecodeContext,
): unknown {
  const { sender, receiver, interchangeControl, groupControl } = set.envelope;
  const data = said.data as { attributes?: object };
  const envelope = { set: set.code, control: set.control, sender, receiver, interchangeControl, groupControl };
  const candidate = {
    specversion: "1.0",
    source: context.source,
    ...said,
    data: {
      ...data,
      attributes: { ...data.attributes, x12: envelope },
      ...(mapping.keep_record ? { record: set.raw } : {}),
    },
  };
  return { ...candidate, id: contentHashOf({ ...candidate, position, set: set.raw }).slice(0, 32) };
}
