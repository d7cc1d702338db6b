/**
 * The mapping of a source's own records (JSON, lines of JSON, CSV, XML) to events: what the file may say. docs/mapping-guide.md
 * explains it with examples; ingest/decode/mapping.ts carries it out.
 */
import { z } from "zod";
import { EVENT_KINDS } from "@/lib/domain/event";

const text = z.string().min(1);
export const path = text.regex(
  /^[^\s=].*$/,
  "must be a path: line_items.0.sku, $.id (from the record), ^.id (from around the list) or . (the element itself)",
);

/** "a.b" is a path, "=text" is that text; anything more is an object. */
export type MappedValue = string | MappedValueParts;

export interface MappedValueParts {
  readonly path?: string | undefined;
  readonly const?: string | undefined;
  /** The first that is there. */
  readonly first?: readonly MappedValue[] | undefined;
  /** All, one after another; nothing when one is missing. */
  readonly concat?: readonly MappedValue[] | undefined;
  readonly separator?: string | undefined;
  /** Decimals multiplied: unit price by quantity. */
  readonly product?: readonly MappedValue[] | undefined;
  /** A calendar day, written as `times` says; the time of day beside it, and the offset, have no say. */
  readonly date?: MappedValue | undefined;
  /** With `date`: a path to the time of day, as a text (11:31:13, 113113, PT11H31M13S) or an object of hours, minutes and seconds. */
  readonly clock?: string | undefined;
  /** With `date`: how the day is written, in yyyy, MM and dd. */
  readonly as?: string | undefined;
  /** 000010 becomes 10; what is not all digits stays. */
  readonly strip_leading_zeros?: boolean | undefined;
  /** Filled up with zeros from the left to so many characters. */
  readonly pad?: number | undefined;
  /** A table of `lookups`; a value that it does not hold is a fault unless there is a default. */
  readonly lookup?: string | undefined;
  readonly default?: string | undefined;
}

const WAYS = "path, const, first, concat, product, date";

export const value: z.ZodType<MappedValue> = z.lazy(() =>
  z.union(
    [
      text,
      z
        .strictObject({
          path: path.optional(),
          const: z.string().optional(),
          first: z.array(value).min(1).optional(),
          concat: z.array(value).min(1).optional(),
          separator: z.string().optional(),
          product: z.array(value).min(2).optional(),
          date: value.optional(),
          clock: path.optional(),
          as: text.optional(),
          strip_leading_zeros: z.boolean().optional(),
          pad: z.int().min(1).max(64).optional(),
          lookup: text.optional(),
          default: z.string().optional(),
        })
        .refine(
          ({ path, const: constant, first, concat, product, date }) =>
            [path, constant, first, concat, product, date].filter((way) => way !== undefined).length === 1,
          { message: `must have exactly one of ${WAYS}` },
        )
        .refine(({ date, clock, as }) => date !== undefined || (clock === undefined && as === undefined), {
          message: "must have date beside clock or as",
        })
        .refine(({ clock, as }) => as === undefined || (clock === undefined && isDayPattern(as)), {
          message: "must have as made of yyyy, MM and dd, and no clock beside it",
        }),
    ],
    {
      error: `must be a path, =text, or an object with one of ${WAYS} (date: with clock, or as made of yyyy, MM and dd; any: with lookup, default, separator, pad, strip_leading_zeros)`,
    },
  ),
);

/** Letters stand for parts of the day only: a period has no other. */
const isDayPattern = (pattern: string): boolean => {
  const rest = pattern.replace(/yyyy|MM|dd/g, "");
  return rest !== pattern && !/[A-Za-z]/.test(rest);
};

const condition = z
  .strictObject({
    path,
    is: z.union([z.string().transform((only) => [only]), z.array(z.string()).min(1)]).optional(),
    not: z.union([z.string().transform((only) => [only]), z.array(z.string()).min(1)]).optional(),
    exists: z.boolean().optional(),
  })
  .refine(({ is, not, exists }) => is !== undefined || not !== undefined || exists !== undefined, {
    message: "must have is, not or exists",
  });

/** All must hold. */
const conditions = z.array(condition).default([]);

const reference = z.strictObject({ type: value, id: value, issuer: value.optional() });

const objectRule = reference.extend({
  /** One object per element of this list. */
  each: path.optional(),
  when: conditions,
  qualifier: value.optional(),
  /** An object whose id is not there is left out; without this it is a fault. */
  optional: z.boolean().default(false),
});

const linkRule = z.strictObject({
  each: path.optional(),
  when: conditions,
  child: reference,
  parent: reference,
  optional: z.boolean().default(false),
});

const linesRule = z.strictObject({
  each: path,
  when: conditions,
  sku: value.optional(),
  location: value.optional(),
  quantity: value.optional(),
  uom: value.optional(),
  amount: value.optional(),
  currency: value.optional(),
  direction: value.optional(),
});

const eventRule = z.strictObject({
  /** The table whose records this rule is for; where the mapping has tables. */
  table: text.optional(),
  when: conditions,
  /** One event per element of this list; paths then start at the element, and `$.` at the record. */
  each: path.optional(),
  /** Without it, the id is a hash of what the event says. */
  id: value.optional(),
  type: value,
  time: value,
  recorded_time: value.optional(),
  sequence: value.optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  outcome: value.optional(),
  interface: value.optional(),
  error: z.strictObject({ class: value.optional(), code: value.optional(), message: value.optional() }).optional(),
  amount: value.optional(),
  currency: value.optional(),
  promised_at: value.optional(),
  posting: z
    .strictObject({ company_code: value.optional(), period: value.optional(), reverses: value.optional() })
    .optional(),
  objects: z.array(objectRule),
  /** Stated links replace what would be inferred, even when there are none. */
  links: z.array(linkRule).optional(),
  /** Several: goods with their quantities, and charges that have none. */
  lines: z
    .preprocess(
      (given) => (given === undefined || Array.isArray(given) ? given : [given]),
      z.array(linesRule).min(1).optional(),
    )
    .optional(),
  attributes: z.record(text, value).default({}),
});

/** Fields that every format of records has. */
export const recordMappingFields = {
  /** How times are written; tried in turn. */
  times: z.array(text).min(1).default(["iso"]),
  /** Numbers like 1.234,50. */
  decimal_comma: z.boolean().default(false),
  encoding: z.enum(["utf-8", "latin1"]).default("utf-8"),
  /** Keeps the source's own record with each event, as data.record. */
  keep_record: z.boolean().default(true),
  /** What becomes of a record that no rule matches. */
  otherwise: z.enum(["dead_letter", "skip"]).default("dead_letter"),
  lookups: z.record(text, z.record(z.string(), z.string())).default({}),
  events: z.array(eventRule).min(1),
};

/**
 * Where the records are in a tree: a path to a list or to one record, or several to try in turn; `.` is the body itself, a record or a list
 * of them, and what holds without any.
 */
export const recordsPathsAsWritten = z.union([path.transform((only) => [only]), z.array(path).min(1)]);
export const recordsPaths = recordsPathsAsWritten.default(["."]);

export const csvOptions = z
  .strictObject({
    delimiter: z.string().length(1).default(","),
    quote: z.string().length(1).default('"'),
    /** True: the first line names the columns. A list names them itself. */
    header: z.union([z.literal(true), z.array(text).min(1)]).default(true),
    /** Lines before the header. */
    skip_lines: z.int().min(0).default(0),
  })
  .prefault({});

export type EventRule = z.output<typeof eventRule>;
export type ObjectRule = z.output<typeof objectRule>;
export type LinesRule = z.output<typeof linesRule>;
export type LinkRule = z.output<typeof linkRule>;
export type ReferenceRule = z.output<typeof reference>;
export type Condition = z.output<typeof condition>;
export type CsvOptions = z.output<typeof csvOptions>;

interface Looked {
  readonly lookups: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly events: readonly EventRule[];
}

/** The lookups that rules name and the file does not have. */
export function unknownLookups({ lookups, events }: Looked): string[] {
  const named = new Set<string>();
  collectLookups(events, named);
  return [...named].filter((lookup) => !Object.hasOwn(lookups, lookup));
}

function collectLookups(node: unknown, named: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, inner] of Object.entries(node)) {
    if (key === "lookup" && typeof inner === "string") named.add(inner);
    else collectLookups(inner, named);
  }
}
