/** OCEL 2.0 JSON taken apart: each object and event with its own bytes, so that a bad one spoils only itself. */
import { z } from "zod";
import { type Fault, faultOfIssues } from "./fault";
import { parseJson } from "./json";
import { membersOf, splitOutermost, startsWith } from "./json-text";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const objectAttribute = z.object({ name: z.string(), time: z.string().optional(), value });
const eventAttribute = z.object({ name: z.string(), value });
const relationship = z.object({ objectId: z.string().min(1), qualifier: z.string().default("") });

const ocelObject = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  attributes: z.array(objectAttribute).default([]),
  relationships: z.array(relationship).default([]),
});
const ocelEvent = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  time: z.string(),
  attributes: z.array(eventAttribute).default([]),
  relationships: z.array(relationship).default([]),
});

export type OcelObject = z.output<typeof ocelObject>;
export type OcelEvent = z.output<typeof ocelEvent>;

export type OcelItem<T> =
  | { readonly ok: true; readonly value: T; readonly raw: Buffer }
  | { readonly ok: false; readonly fault: Fault; readonly raw: Buffer };

export interface OcelLog {
  readonly objects: readonly OcelItem<OcelObject>[];
  readonly events: readonly OcelItem<OcelEvent>[];
}

/** The log's objects and events, or why it is no OCEL 2.0 JSON. */
export function readOcelLog(body: Buffer): OcelLog | Fault {
  const members = membersOf(body);
  if (members === null)
    return { path: "", reason: "expected one JSON object (OCEL 2.0), got text that is not; send the log whole" };
  const objects = readItems(members.get("objects"), "objects", ocelObject);
  const events = readItems(members.get("events"), "events", ocelEvent);
  if ("reason" in objects) return objects;
  if ("reason" in events) return events;
  return { objects: objects.items, events: events.items };
}

function readItems<T>(bytes: Buffer | undefined, path: string, schema: z.ZodType<T>): { items: OcelItem<T>[] } | Fault {
  const parts = bytes === undefined || !startsWith(bytes, "[") ? null : splitOutermost(bytes);
  if (parts === null || parts === "too-many") {
    return {
      path,
      reason: `${path}: expected an array, as OCEL 2.0 JSON has it, got none; check that the file is OCEL 2.0`,
    };
  }
  const items: OcelItem<T>[] = [];
  for (const [index, raw] of parts.entries()) {
    const parsed = parseJson(raw);
    if (!parsed.ok && parsed.syntax)
      return { path: `${path}.${index}`, reason: `${path}.${index}: ${parsed.fault.reason}` };
    const checked = parsed.ok ? schema.safeParse(parsed.value) : null;
    if (checked?.success) items.push({ ok: true, value: checked.data, raw });
    else if (parsed.ok)
      items.push({ ok: false, fault: faultOfIssues(checked?.error?.issues ?? [], parsed.value), raw });
    else items.push({ ok: false, fault: parsed.fault, raw });
  }
  return { items };
}
