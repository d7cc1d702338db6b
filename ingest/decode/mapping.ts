/** A source's own records → events, by the rules of its mapping file (docs/mapping-guide.md). */
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type {
  EventRule,
  LinesRule,
  LinkRule,
  MappedValue,
  ObjectRule,
  ReferenceRule,
} from "@/lib/config/record-mapping";
import { contentHashOf } from "@/lib/domain/canonical-json";
import { tooManyItems } from "./cloudevents";
import type { DecodedFiles, FileSetDecoder, FormatDecoder, RecordResult } from "./decode";
import type { DecodeContext, Decoded, Unreadable } from "./decoded";
import { deadLetter, decodeBuiltEvent, type Item } from "./event";
import { plainDecimal } from "./mapping-decimal";
import { readRecords } from "./mapping-records";
import { elementsAt, holds, type Scope, scopeOf, textOf } from "./mapping-value";
import { asFault, type SourceRecord } from "./source-record";
import { holdsTable, type NamedBody, readTables, type Tables } from "./table-records";
import { parseTime } from "./time";

/** Every record gives one event per rule that matches it (per element, with `each`), or one dead letter. */
export function mappingDecoder(name: string, mapping: RecordMapping): FormatDecoder {
  const { tables } = mapping;
  return (body, context) => {
    if (tables) {
      const read = decodeTables([{ name: "", body }], name, mapping, tables, context);
      return "unreadable" in read ? read : Array.from(read.results, ({ decoded }) => decoded);
    }
    if (context.source === null) return noSource();
    const records = readRecords(body, mapping);
    if ("reason" in records) return { unreadable: { kind: "syntax", ...records } };
    if (context.maxItems !== undefined && records.length > context.maxItems) return tooManyItems(context);
    const ruled = records.map((record) => ({ record, rules: mapping.events }));
    return Array.from(decodeAll(ruled, name, mapping, context), ({ decoded }) => decoded);
  };
}

/** Files of several tables, read together. Undefined for a mapping without tables, whose files stand each for itself. */
export function fileSetDecoder(name: string, mapping: RecordMapping): FileSetDecoder | undefined {
  const { tables } = mapping;
  if (tables === undefined) return undefined;
  return {
    takes: (path) => mapping.otherwise !== "skip" || holdsTable(path, tables),
    decode: (files, context) => decodeTables(files, name, mapping, tables, context),
  };
}

function decodeTables(
  bodies: readonly NamedBody[],
  name: string,
  mapping: RecordMapping,
  tables: Tables,
  context: DecodeContext,
): DecodedFiles | Unreadable {
  if (context.source === null) return noSource();
  const records = readTables(bodies, mapping, tables);
  if ("unreadable" in records) {
    const { name: file, fault } = records.unreadable;
    const reason = file === "" ? fault.reason : `${file}: ${fault.reason}`;
    return { unreadable: { kind: "syntax", path: fault.path, reason } };
  }
  if (context.maxItems !== undefined && records.length > context.maxItems) return tooManyItems(context);
  const rulesOf = new Map<string | null, EventRule[]>();
  for (const rule of mapping.events)
    rulesOf.set(rule.table ?? null, [...(rulesOf.get(rule.table ?? null) ?? []), rule]);
  // A record without a rule of its own stands in the one that holds it; what no record holds is a fault by now.
  const told = records
    .filter(({ table, record }) => table === null || rulesOf.has(table) || !record.ok)
    .map((one) => (one.table === null && mapping.otherwise !== "skip" ? { ...one, record: strange(one.record) } : one));
  const ruled = told.map(({ table, record }) => ({ record, rules: table === null ? [] : (rulesOf.get(table) ?? []) }));
  return {
    records: told.length,
    results: decodeAll(ruled, name, mapping, context),
    placeOf: (at) => {
      const { body, position, record } = told[at] ?? { body: 0, position: 0, record: null };
      return { file: body, place: record?.line === undefined ? `item ${position + 1}` : `line ${record.line}` };
    },
  };

  function strange(record: SourceRecord): SourceRecord {
    const reason = `expected a record of a table of the mapping "${name}" (${Object.keys(tables).join(", ")}), got another; see its "tables", or set otherwise: skip`;
    return record.ok ? asFault(record, { path: "", reason }) : record;
  }
}

const noSource = (): Unreadable => ({
  unreadable: {
    kind: "unsupported",
    path: "source",
    reason: "source: expected a source for these records, got none; name it (--source NAME, or /v1/sources/{source})",
  },
});

interface Ruled {
  readonly record: SourceRecord;
  readonly rules: readonly EventRule[];
}

function* decodeAll(
  records: readonly Ruled[],
  name: string,
  mapping: RecordMapping,
  context: DecodeContext,
): Generator<RecordResult> {
  let index = 0;
  for (const [at, { record, rules }] of records.entries()) {
    for (const decoded of decodeRecord(record, rules, index, name, mapping, context)) {
      index += 1;
      yield { record: at, decoded };
    }
  }
}

function decodeRecord(
  record: SourceRecord,
  rules: readonly EventRule[],
  firstIndex: number,
  name: string,
  mapping: RecordMapping,
  context: DecodeContext,
): Decoded[] {
  const item: Item = { index: firstIndex, raw: record.raw };
  if (!record.ok) return [deadLetter(record.step, record.fault, item, context)];
  const decoded: Decoded[] = [];
  for (const rule of rules) {
    for (const scope of elementsAt(rule.each, scopeOf(record.value, mapping))) {
      if (!rule.when.every((condition) => holds(condition, scope))) continue;
      const at = { ...item, index: firstIndex + decoded.length };
      decoded.push(decodeByRule(rule, { ...scope, faults: [] }, mapping, at, context));
    }
  }
  if (decoded.length > 0 || mapping.otherwise === "skip") return decoded;
  const reason = `expected a record that a rule of the mapping "${name}" matches, got another; add a rule, or set otherwise: skip`;
  return [deadLetter("decode", { path: "", reason }, item, context)];
}

function decodeByRule(
  rule: EventRule,
  scope: Scope,
  mapping: RecordMapping,
  item: Item,
  context: DecodeContext,
): Decoded {
  const candidate = candidateOf(rule, scope, mapping, context);
  const [fault] = scope.faults;
  if (fault) return deadLetter("decode", fault, item, context);
  // Without an id of its own, the same content is the same event; never random, never the time of receipt.
  const id = rule.id === undefined ? contentHashOf(candidate).slice(0, 32) : textOf(rule.id, scope);
  return decodeBuiltEvent({ ...candidate, id }, item, context);
}

function candidateOf(
  rule: EventRule,
  scope: Scope,
  mapping: RecordMapping,
  context: DecodeContext,
): Record<string, unknown> {
  const text = (value: MappedValue | undefined) => textOf(value, scope);
  const decimal = (value: MappedValue | undefined) => decimalOf(textOf(value, scope), mapping);
  const time = (field: string, value: MappedValue | undefined) => timeOf(field, value, scope, mapping);
  const { error, posting, lines } = rule;
  return {
    specversion: "1.0",
    source: context.source,
    type: text(rule.type),
    time: time("time", rule.time),
    recordedtime: time("recorded_time", rule.recorded_time),
    sequence: text(rule.sequence),
    data: {
      kind: rule.kind,
      objects: withoutRepeats(rule.objects.flatMap((object) => objectsOf(object, scope))),
      links: rule.links && withoutRepeats(rule.links.flatMap((link) => linksOf(link, scope))),
      outcome: text(rule.outcome),
      interface: text(rule.interface),
      error: error && present({ class: text(error.class), code: text(error.code), message: text(error.message) }),
      lines: lines?.flatMap((one) => linesOf(one, scope, mapping)),
      amount: decimal(rule.amount),
      currency: text(rule.currency),
      posting:
        posting &&
        present({
          companyCode: text(posting.company_code),
          period: text(posting.period),
          reverses: text(posting.reverses),
        }),
      promisedAt: time("promised_at", rule.promised_at),
      attributes: Object.fromEntries(Object.entries(rule.attributes).map(([name, value]) => [name, text(value)])),
      ...(mapping.keep_record ? { record: scope.record } : {}),
    },
  };
}

/** Nothing when all of it is missing: an error without class, code and message is no error. */
const present = <T extends object>(value: T): T | undefined =>
  Object.values(value).some((member) => member !== undefined) ? value : undefined;

/** Ten items of one order name it once. */
const withoutRepeats = (stated: readonly object[]): object[] => [
  ...new Map(stated.map((one) => [JSON.stringify(one), one])).values(),
];

/** The elements that a rule is for. */
const matching = ({ each, when }: { each?: string | undefined; when: LinesRule["when"] }, scope: Scope): Scope[] =>
  elementsAt(each, scope).filter((at) => when.every((condition) => holds(condition, at)));

function linesOf(rule: LinesRule, scope: Scope, mapping: RecordMapping): object[] {
  return matching(rule, scope).map((at) => ({
    sku: textOf(rule.sku, at),
    location: textOf(rule.location, at),
    quantity: decimalOf(textOf(rule.quantity, at), mapping),
    uom: textOf(rule.uom, at),
    amount: decimalOf(textOf(rule.amount, at), mapping),
    currency: textOf(rule.currency, at),
    direction: textOf(rule.direction, at),
  }));
}

function objectsOf(rule: ObjectRule, scope: Scope): object[] {
  return matching(rule, scope).flatMap((at) => {
    const reference = referenceOf(rule, at);
    if (rule.optional && reference.id === undefined) return [];
    return [{ ...reference, qualifier: textOf(rule.qualifier, at) }];
  });
}

function linksOf(rule: LinkRule, scope: Scope): object[] {
  return matching(rule, scope).flatMap((at) => {
    const [child, parent] = [referenceOf(rule.child, at), referenceOf(rule.parent, at)];
    if (rule.optional && (child.id === undefined || parent.id === undefined)) return [];
    return [{ child, parent }];
  });
}

const referenceOf = (rule: ReferenceRule, scope: Scope) => ({
  type: textOf(rule.type, scope),
  id: textOf(rule.id, scope)?.trim(),
  issuer: textOf(rule.issuer, scope),
});

function timeOf(
  field: string,
  value: MappedValue | undefined,
  scope: Scope,
  { zone, times }: RecordMapping,
): string | undefined {
  const text = textOf(value, scope);
  if (text === undefined) return undefined;
  // What was put together from a day and a clock is written as ISO, whatever the source writes.
  const time = parseTime(text, zone, isPutTogether(value) ? [...times, "iso"] : times);
  if (time !== null) return time;
  const formats = times.map((format) => `"${format}"`).join(" or ");
  const reason = `${field}: expected a time written as ${formats}, got a text of ${text.length} characters; correct it, or "times" in the mapping`;
  scope.faults.push({ path: field, reason });
  return undefined;
}

const isPutTogether = (value: MappedValue | undefined): boolean =>
  typeof value === "object" && (value.date !== undefined || (value.first ?? []).some(isPutTogether));

function decimalOf(text: string | undefined, { decimal_comma: comma }: RecordMapping): string | undefined {
  return text === undefined ? undefined : plainDecimal(text, comma);
}
