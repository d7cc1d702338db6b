/** What a mapping file may say (docs/mapping-guide.md). Declarative: paths, constants and tables, no code. */
import { z } from "zod";
import { EVENT_KINDS, EVENT_OUTCOMES } from "@/lib/domain/event";
import { faultsOfTables, recordTables, treeTables } from "./mapping-tables";
import { csvOptions, recordMappingFields, recordsPaths, unknownLookups } from "./record-mapping";

const name = z.string().min(1);

/** Sources that send this format to /v1/sources/{source}: names, or families like `wms-*`. */
const sources = z.array(z.string().regex(/^[^*]+\*?$/, "must be a source name, or a family like wms-*")).default([]);

/** A zone for times that carry no offset. */
const zone = name
  .default("UTC")
  .refine(isZone, { message: 'must be a time zone like "Europe/Berlin", "UTC" or "+02:00"' });

/** A type of event, as its name alone or with what else it says. */
const eventType = z.union([
  name.transform((type) => ({ type, kind: undefined, outcome: undefined, interface: undefined })),
  z.strictObject({
    type: name,
    kind: z.enum(EVENT_KINDS).optional(),
    outcome: z.enum(EVENT_OUTCOMES).optional(),
    interface: name.optional(),
  }),
]);

const ocelMapping = z.strictObject({
  format: z.literal("ocel2"),
  sources,
  zone,
  /** OCEL object type → ours. Types that are not listed keep their name. */
  objects: z.record(name, name).default({}),
  /** OCEL event type → ours. Types that are not listed keep their name. */
  events: z.record(name, eventType).default({}),
});

const otlpMapping = z.strictObject({
  format: z.literal("otlp"),
  /** `service.name` → the source that its spans are events of. A service that is not listed is a source by its own name. */
  services: z.record(name, name).default({}),
  /** Attribute of a span or its resource → type of the object whose id it holds. */
  objects: z.record(name, name).default({}),
  /** Attributes that name the interface, first match wins. */
  interfaces: z.array(name).default([]),
});

const common = { sources, zone, ...recordMappingFields };
const tree = { records: recordsPaths, tables: treeTables, ...common };
const flat = { tables: recordTables, ...common };
const jsonMapping = z.strictObject({ format: z.literal("json"), ...tree });
const linesMapping = z.strictObject({ format: z.literal("jsonl"), ...flat });
const csvMapping = z.strictObject({ format: z.literal("csv"), csv: csvOptions, ...flat });
const xmlMapping = z.strictObject({ format: z.literal("xml"), ...tree });

const x12Mapping = z.strictObject({
  format: z.literal("x12"),
  sources,
  zone,
  /** What the number of an order in these documents is: an order of ours, or a purchase order. */
  order: name.default("order"),
  /** 214 status code (AT701) → event type. Codes that are not listed are carrier.status. */
  statuses: z.record(name, name).default({}),
  /** False takes sets whose SE01 is wrong, for partners whose software miscounts. */
  check_segment_count: z.boolean().default(true),
  keep_record: z.boolean().default(true),
});

export const mappingFile = z
  .discriminatedUnion("format", [
    ocelMapping,
    otlpMapping,
    x12Mapping,
    jsonMapping,
    linesMapping,
    csvMapping,
    xmlMapping,
  ])
  .superRefine((mapping, context) => {
    if (!("lookups" in mapping)) return;
    for (const lookup of unknownLookups(mapping)) {
      context.addIssue({
        code: "custom",
        path: ["lookups"],
        message: `must have a table "${lookup}", which a rule names`,
      });
    }
    for (const { path, message } of faultsOfTables(mapping))
      context.addIssue({ code: "custom", path: [...path], message });
  });

export type Mapping = z.output<typeof mappingFile>;
export type RecordMapping = z.output<typeof jsonMapping | typeof linesMapping | typeof csvMapping | typeof xmlMapping>;
export type X12Mapping = z.output<typeof x12Mapping>;
export type OtlpMapping = z.output<typeof otlpMapping>;
export type OcelMapping = z.output<typeof ocelMapping>;

function isZone(text: string): boolean {
  if (/^[+-]\d{2}:\d{2}$/.test(text)) return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
