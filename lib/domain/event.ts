/**
 * The canonical event (docs/events.md): a CloudEvents 1.0 envelope whose `data` says what happened to
 * which business objects. This schema is the only definition of its shape; every decoder ends here, and past this
 * point nothing checks an event's shape again.
 */
import { z } from "zod";

/** Limits with their numbers. What passes one becomes a dead letter that names the field. */
export const EVENT_LIMITS = {
  sourceChars: 128,
  idChars: 512,
  typeChars: 128,
  textChars: 65_536,
  bodyChars: 8 * 1024 * 1024,
  objects: 20_000,
  links: 40_000,
  lines: 10_000,
  /** Decimal(38, 9) in the store: 29 digits before the point, 9 after. */
  decimalIntegerDigits: 29,
  decimalFractionDigits: 9,
  /** Room for zeros that do not count, "000012.5000". */
  decimalChars: 64,
  /** DateTime64 in the store spans 1900–2299; a real business time is well inside. */
  earliestTime: "1970-01-01T00:00:00.000Z",
  latestTime: "2199-12-31T23:59:59.999Z",
} as const;

export const EVENT_KINDS = ["api_call", "message", "step", "posting"] as const;
export const EVENT_OUTCOMES = ["ok", "failed", "rejected", "skipped"] as const;
export const ERROR_CLASSES = ["technical", "business"] as const;
export const LINE_DIRECTIONS = ["in", "out"] as const;

// NUL ends C strings in half the systems behind us, and a lone surrogate has no UTF-8 form: neither can be stored and
// given back as it came, so neither is accepted.
const isStorable = (value: string): boolean => !value.includes("\u0000") && value.isWellFormed();
const storable = (max: number) =>
  z.string().max(max).refine(isStorable, { message: "must not contain U+0000 or a lone surrogate" });

const identifier = (max: number) =>
  storable(max).refine((value) => value.trim() !== "", { message: "must not be empty or blank" });

const DECIMAL = /^-?(\d+)(?:\.(\d+))?$/;

/** A decimal as a string ("12", "-0.5"), never a JSON number: a float loses digits before we see it. */
export const decimalString = z
  .string({ error: 'must be a decimal as a string, like "12.50" (a JSON number loses digits)' })
  // Bounded before any pattern runs: megabytes of zeros would keep a pattern busy for minutes.
  .max(EVENT_LIMITS.decimalChars, { abort: true })
  .refine((value) => DECIMAL.test(value), { message: 'must be a plain decimal, like "12.50"' })
  .refine(
    (value) => {
      const match = DECIMAL.exec(value);
      const integerDigits = (match?.[1] ?? "").replace(/^0+/, "").length;
      const fractionDigits = (match?.[2] ?? "").replace(/0+$/, "").length;
      return integerDigits <= EVENT_LIMITS.decimalIntegerDigits && fractionDigits <= EVENT_LIMITS.decimalFractionDigits;
    },
    { message: "must have at most 29 digits before the point and 9 after it" },
  );

/** RFC 3339 with an offset, turned into UTC with milliseconds ("2026-11-23T10:15:30.123Z"). */
export const timestamp = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'must be an RFC 3339 time with offset, like "2026-11-23T10:15:30.123Z"',
  })
  .refine((value) => !Number.isNaN(Date.parse(value)), { message: "must be a time that exists" })
  .transform((value) => new Date(value).toISOString())
  .refine((value) => value >= EVENT_LIMITS.earliestTime && value <= EVENT_LIMITS.latestTime, {
    message: "must lie between 1970 and 2199",
  });

// Fields of the sender's own are kept everywhere (loose): the payload is evidence.
const objectReference = z.looseObject({
  type: identifier(EVENT_LIMITS.typeChars),
  id: identifier(EVENT_LIMITS.idChars),
  /** The system that gave the number; used for types whose numbers are unique per issuer only. */
  issuer: identifier(EVENT_LIMITS.sourceChars).optional(),
});
const namedObject = objectReference.extend({ qualifier: storable(EVENT_LIMITS.typeChars).optional() });
const link = z.looseObject({ child: objectReference, parent: objectReference });

const line = z.looseObject({
  sku: storable(EVENT_LIMITS.idChars).optional(),
  location: storable(EVENT_LIMITS.idChars).optional(),
  quantity: decimalString.optional(),
  uom: storable(32).optional(),
  amount: decimalString.optional(),
  currency: storable(8).optional(),
  direction: z.enum(LINE_DIRECTIONS).optional(),
});

const eventError = z.looseObject({
  class: z.enum(ERROR_CLASSES).optional(),
  code: storable(EVENT_LIMITS.typeChars).optional(),
  message: storable(EVENT_LIMITS.textChars).optional(),
});

const posting = z.looseObject({
  companyCode: storable(64).optional(),
  period: storable(32).optional(),
  reverses: storable(EVENT_LIMITS.idChars).optional(),
});

/** The message as it was sent, kept whole so that it can be sent again. Contents are opaque to us. */
const message = z.looseObject({
  channel: storable(64).optional(),
  method: storable(16).optional(),
  path: storable(EVENT_LIMITS.textChars).optional(),
  idempotencyKey: storable(EVENT_LIMITS.idChars).optional(),
});

export const eventData = z.looseObject({
  kind: z.enum(EVENT_KINDS).default("message"),
  objects: z.array(namedObject).max(EVENT_LIMITS.objects),
  links: z.array(link).max(EVENT_LIMITS.links).optional(),
  outcome: z.enum(EVENT_OUTCOMES).default("ok"),
  interface: storable(EVENT_LIMITS.sourceChars).optional(),
  error: eventError.optional(),
  attempt: z.int().min(1).max(65_535).optional(),
  durationMs: z.number().min(0).max(4_294_967_295).optional(),
  lines: z.array(line).max(EVENT_LIMITS.lines).optional(),
  amount: decimalString.optional(),
  currency: storable(8).optional(),
  posting: posting.optional(),
  promisedAt: timestamp.optional(),
  message: message.optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
});

export const canonicalEvent = z.looseObject({
  specversion: z.literal("1.0").default("1.0"),
  id: identifier(EVENT_LIMITS.idChars),
  source: identifier(EVENT_LIMITS.sourceChars),
  type: identifier(EVENT_LIMITS.typeChars),
  time: timestamp,
  recordedtime: timestamp.optional(),
  sequence: storable(EVENT_LIMITS.typeChars).optional(),
  dataschema: storable(2048).optional(),
  data: eventData,
});

export type CanonicalEvent = z.output<typeof canonicalEvent>;
export type EventData = CanonicalEvent["data"];
export type EventKind = (typeof EVENT_KINDS)[number];
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];
export type EventLine = z.output<typeof line>;
/** An object as an event states it, before normalisation. */
export type StatedObject = z.output<typeof namedObject>;
/** A link as an event states it, before normalisation. */
export type StatedLink = z.output<typeof link>;
