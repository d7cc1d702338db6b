/** A source's own records → events, by the rules of its mapping file (docs/mapping-guide.md). */
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type { EventRule, LinkRule, MappedValue, ObjectRule, ReferenceRule } from "@/lib/config/record-mapping";
import { contentHashOf } from "@/lib/domain/canonical-json";
import { tooManyItems } from "./cloudevents";
import type { FormatDecoder } from "./decode";
import type { DecodeContext, Decoded } from "./decoded";
import { deadLetter, decodeBuiltEvent, type Item } from "./event";
import { readRecords } from "./mapping-records";
import { elementsAt, holds, type Scope, textOf } from "./mapping-value";
import type { SourceRecord } from "./source-record";
import { parseTime } from "./time";

/** Every record gives one event per rule that matches it (per element, with `each`), or one dead letter. */
export function mappingDecoder(name: string, mapping: RecordMapping): FormatDecoder {
  return (body, context) => {
    if (context.source === null) {
      const reason =
        "source: expected a source for these records, got none; name it (--source NAME, or /v1/sources/{source})";
      return { unreadable: { kind: "unsupported", path: "source", reason } };
    }
    const records = readRecords(body, mapping);
    if ("reason" in records) return { unreadable: { kind: "syntax", ...records } };
    if (context.maxItems !== undefined && records.length > context.maxItems) return tooManyItems(context);
    const decoded: Decoded[] = [];
    for (const record of records) {
      for (const result of decodeRecord(record, decoded.length, name, mapping, context)) decoded.push(result);
    }
    return decoded;
  };
}

function decodeRecord(
  record: SourceRecord,
  firstIndex: number,
  name: string,
  mapping: RecordMapping,
  context: DecodeContext,
): Decoded[] {
  const item: Item = { index: firstIndex, raw: record.raw };
  if (!record.ok) return [deadLetter("parse", record.fault, item, context)];
  const decoded: Decoded[] = [];
  for (const rule of mapping.events) {
    const whole: Scope = {
      record: record.value,
      element: record.value,
      outer: null,
      lookups: mapping.lookups,
      faults: [],
    };
    for (const scope of elementsAt(rule.each, whole)) {
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
  const decimal = (value: MappedValue | undefined, at = scope) => decimalOf(textOf(value, at), mapping);
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
      objects: rule.objects.flatMap((object) => objectsOf(object, scope)),
      links: rule.links?.flatMap((link) => linksOf(link, scope)),
      outcome: text(rule.outcome),
      interface: text(rule.interface),
      error: error && present({ class: text(error.class), code: text(error.code), message: text(error.message) }),
      lines:
        lines &&
        elementsAt(lines.each, scope).map((at) => ({
          sku: textOf(lines.sku, at),
          location: textOf(lines.location, at),
          quantity: decimal(lines.quantity, at),
          uom: textOf(lines.uom, at),
          amount: decimal(lines.amount, at),
          currency: textOf(lines.currency, at),
          direction: textOf(lines.direction, at),
        })),
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

function objectsOf(rule: ObjectRule, scope: Scope): object[] {
  return elementsAt(rule.each, scope).flatMap((at) => {
    const reference = referenceOf(rule, at);
    if (rule.optional && reference.id === undefined) return [];
    return [{ ...reference, qualifier: textOf(rule.qualifier, at) }];
  });
}

function linksOf(rule: LinkRule, scope: Scope): object[] {
  return elementsAt(rule.each, scope).flatMap((at) => {
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
  const time = parseTime(text, zone, times);
  if (time !== null) return time;
  const formats = times.map((format) => `"${format}"`).join(" or ");
  const reason = `${field}: expected a time written as ${formats}, got a text of ${text.length} characters; correct it, or "times" in the mapping`;
  scope.faults.push({ path: field, reason });
  return undefined;
}

/** As the schema wants a decimal: no grouping, a point, no plus sign. What is no decimal is left for the schema to refuse. */
function decimalOf(text: string | undefined, { decimal_comma }: RecordMapping): string | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim().replace(/^\+(?=\d)/, "");
  return decimal_comma ? trimmed.replaceAll(".", "").replace(",", ".") : trimmed;
}
