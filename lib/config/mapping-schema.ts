/** What a mapping file may say (docs/mapping-guide.md). Declarative: paths, constants and tables, no code. */
import { z } from "zod";
import { EVENT_KINDS, EVENT_OUTCOMES } from "@/lib/domain/event";

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

export const mappingFile = z.discriminatedUnion("format", [ocelMapping]);

export type Mapping = z.output<typeof mappingFile>;
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
