/** The parts of an OTLP span, in either encoding, under one shape. */
import { z } from "zod";

/** 64-bit numbers are text in OTLP/JSON; plain numbers are accepted (protobuf JSON mapping). */
const nanoseconds = z
  .union([z.string().regex(/^\d{1,20}$/), z.int().min(0)], {
    error: "must be nanoseconds since 1970, as a string of digits",
  })
  .transform((value) => BigInt(value));

// A value may hold values: which of these fields is set says which kind it is.
const anyValue = z.looseObject({});
const attributes = z.array(z.looseObject({ key: z.string(), value: anyValue.optional() })).default([]);

const id = (bytes: number, encoding: IdEncoding) =>
  z
    .string()
    .transform((text) => (encoding === "hex" ? text : Buffer.from(text, "base64").toString("hex")).toLowerCase())
    .refine((hex) => hex.length === bytes * 2 && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/.test(hex), {
      message: `must be ${bytes} bytes, not all zero, as ${encoding}`,
    });

/** OTLP/JSON writes ids in hex; protobuf, as text, gives base64. */
export type IdEncoding = "hex" | "base64";

const spanSchema = (encoding: IdEncoding) =>
  z.looseObject({
    traceId: id(16, encoding),
    spanId: id(8, encoding),
    // Empty for the first span of a trace.
    parentSpanId: z.union([z.literal("").transform(() => undefined), id(8, encoding)]).optional(),
    name: z.string().default(""),
    kind: z.number().default(0),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds.optional(),
    attributes,
    events: z
      .array(z.looseObject({ timeUnixNano: nanoseconds.optional(), name: z.string().default(""), attributes }))
      .default([]),
    status: z
      .looseObject({ code: z.number().default(0), message: z.string().default("") })
      .default({ code: 0, message: "" }),
  });

const SCHEMAS = { hex: spanSchema("hex"), base64: spanSchema("base64") } as const;

export type Span = z.output<(typeof SCHEMAS)["hex"]>;

export const readSpan = (value: unknown, encoding: IdEncoding) => SCHEMAS[encoding].safeParse(value);

export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };

/** Attributes by name; the first of two with one name counts. */
export function attributesOf(list: unknown): Map<string, AttributeValue> {
  const found = new Map<string, AttributeValue>();
  for (const entry of Array.isArray(list) ? list : []) {
    const { key, value } = (entry ?? {}) as { key?: unknown; value?: unknown };
    if (typeof key === "string" && !found.has(key)) found.set(key, plainValue(value));
  }
  return found;
}

/** AnyValue → the value itself. A 64-bit number that a double would change stays text. */
function plainValue(value: unknown): AttributeValue {
  if (typeof value !== "object" || value === null) return null;
  const any = value as Record<string, unknown>;
  if (typeof any.stringValue === "string") return any.stringValue;
  if (typeof any.boolValue === "boolean") return any.boolValue;
  if (any.intValue !== undefined) return plainNumber(any.intValue);
  if (any.doubleValue !== undefined) return plainNumber(any.doubleValue);
  if (typeof any.bytesValue === "string") return any.bytesValue;
  const array = any.arrayValue as { values?: unknown } | undefined;
  if (array) return (Array.isArray(array.values) ? array.values : []).map(plainValue);
  const list = any.kvlistValue as { values?: unknown } | undefined;
  return list ? Object.fromEntries(attributesOf(list.values)) : null;
}

function plainNumber(value: unknown): AttributeValue {
  const number = Number(value);
  const isExact = Number.isFinite(number) && (typeof value === "number" || String(number) === value);
  // NaN and Infinity have no JSON number either.
  return isExact ? number : String(value);
}
