/**
 * OCEL 2.0 JSON (ocel-standard.org) → events. Each log event is one event under its own id; relations between objects become explicit
 * links carried by exactly one event each; what no event names is said by synthetic events that belong to no journey. The result depends
 * on what the log says, not on the order in which it says it.
 */
import type { OcelMapping } from "@/lib/config/mapping-schema";
import { contentHashOf } from "@/lib/domain/canonical-json";
import { EVENT_LIMITS } from "@/lib/domain/event";
import type { FormatDecoder } from "./decode";
import type { DecodeContext, Decoded } from "./decoded";
import { deadLetter, decodeBuiltEvent } from "./event";
import { type Fault, faultAt } from "./fault";
import { compare, linkOfRelation, type MappedObject, placeLinks, type RankOfType, statedLink } from "./ocel-links";
import { type OcelEvent, type OcelItem, type OcelObject, readOcelLog } from "./ocel-log";
import { parseTime } from "./time";

/** An object of the log with its type as we call it. */
interface LogObject extends MappedObject {
  readonly attributes: OcelObject["attributes"];
  readonly relationships: OcelObject["relationships"];
}

/** An event that can stand: its time is known and its objects are in the log. */
interface LogEvent {
  readonly index: number;
  readonly raw: Buffer;
  readonly id: string;
  readonly time: string;
  readonly value: OcelEvent;
  readonly objectIds: ReadonlySet<string>;
}

/** @param rankOf the rank of a type of ours, from config/objects.yaml. */
export function ocelDecoder(mapping: OcelMapping, rankOf: RankOfType): FormatDecoder {
  return (body, context) => {
    if (context.source === null) {
      const reason =
        "source: expected a source for the whole log, got none; name it (--source NAME, or /v1/sources/{source})";
      return { unreadable: { kind: "unsupported", path: "source", reason } };
    }
    const log = readOcelLog(body);
    if ("reason" in log) return { unreadable: { kind: "syntax", ...log } };
    const decoded: Decoded[] = [];
    const objects = readObjects(log.objects, log.events.length, mapping, context, decoded);
    const events = readEvents(log.events, objects, mapping, context, decoded);
    const itemCount = log.events.length + log.objects.length;
    for (const result of eventsOf(events, objects, itemCount, mapping, rankOf, context)) decoded.push(result);
    return decoded.sort((a, b) => a.index - b.index);
  };
}

/** Objects by id; bad ones are dead letters after the events. An object that stands twice keeps all it says. */
function readObjects(
  items: readonly OcelItem<OcelObject>[],
  firstIndex: number,
  mapping: OcelMapping,
  context: DecodeContext,
  dead: Decoded[],
): Map<string, LogObject> {
  const objects = new Map<string, LogObject>();
  for (const [position, item] of items.entries()) {
    const at = { index: firstIndex + position, raw: item.raw };
    if (!item.ok) {
      dead.push(deadLetter("decode", under(`objects.${position}`, item.fault), at, context));
      continue;
    }
    const { id, type, attributes, relationships } = item.value;
    const known = objects.get(id);
    const ours = Object.hasOwn(mapping.objects, type) ? (mapping.objects[type] ?? type) : type;
    if (known && known.type !== ours) {
      const what = "expected one type per object id, got two; give the objects ids of their own";
      dead.push(deadLetter("decode", faultAt(["objects", position, "type"], what), at, context));
      continue;
    }
    objects.set(id, {
      id,
      type: ours,
      attributes: [...(known?.attributes ?? []), ...attributes],
      relationships: [...(known?.relationships ?? []), ...relationships],
    });
  }
  return objects;
}

function readEvents(
  items: readonly OcelItem<OcelEvent>[],
  objects: ReadonlyMap<string, LogObject>,
  mapping: OcelMapping,
  context: DecodeContext,
  dead: Decoded[],
): LogEvent[] {
  const events: LogEvent[] = [];
  for (const [index, { raw, ...item }] of items.entries()) {
    const fault = item.ok ? faultOfEvent(item.value, objects, mapping) : item.fault;
    if (!item.ok || typeof fault !== "string") {
      const step = item.ok ? "validate" : "decode";
      dead.push(deadLetter(step, under(`events.${index}`, fault as Fault), { index, raw }, context));
      continue;
    }
    const objectIds = new Set(item.value.relationships.map(({ objectId }) => objectId));
    events.push({ index, raw, id: item.value.id, time: fault, value: item.value, objectIds });
  }
  return events;
}

/** The event's time in UTC, or what is wrong with the event. */
function faultOfEvent(
  event: OcelEvent,
  objects: ReadonlyMap<string, LogObject>,
  { zone }: OcelMapping,
): string | Fault {
  const time = parseTime(event.time, zone);
  if (time === null)
    return faultAt(["time"], 'expected a time like "2026-11-23T10:15:30Z", got another; write it as ISO 8601');
  const unknown = event.relationships.findIndex(({ objectId }) => !objects.has(objectId));
  if (unknown === -1) return time;
  return faultAt(
    ["relationships", unknown, "objectId"],
    "expected an object that the log declares, got another; add it to objects",
  );
}

function under(prefix: string, fault: Fault): Fault {
  const path = fault.path === "" ? prefix : `${prefix}.${fault.path}`;
  return { path, reason: fault.path === "" ? `${prefix}: ${fault.reason}` : `${prefix}.${fault.reason}` };
}

function eventsOf(
  events: readonly LogEvent[],
  objects: ReadonlyMap<string, LogObject>,
  itemCount: number,
  mapping: OcelMapping,
  rankOf: RankOfType,
  context: DecodeContext,
): Decoded[] {
  const placed = placeLinks(relationsOf(objects, rankOf), events, EVENT_LIMITS.links);
  const describers = describersOf(events);
  const linksOf = (key: string | null) =>
    (placed.get(key) ?? []).flatMap(({ childId, parentId }) => {
      const [child, parent] = [objects.get(childId), objects.get(parentId)];
      return child && parent ? [statedLink(child, parent)] : [];
    });
  const named = events.map((event) => {
    const describes = (objectId: string): boolean => describers.get(objectId) === event.id;
    const candidate = candidateOf(event, objects, mapping, describes, linksOf(event.id), context);
    return decodeBuiltEvent(candidate, event, context);
  });
  const earliest = events.reduce((least, { time }) => (least === "" || time < least ? time : least), "");
  const said = { source: context.source, time: earliest || "1970-01-01T00:00:00.000Z", specversion: "1.0" };
  const related = linksOf(null).map((link) => ({ type: "object.related", data: { objects: [], links: [link] } }));
  const unnamed = [...objects.values()].filter(({ id }) => !describers.has(id)).sort((a, b) => compare(a.id, b.id));
  const described = unnamed.map(({ id, type, attributes }) => ({
    type: "object.described",
    data: { objects: [], links: [], attributes: { object: { type, id, attributes } } },
  }));
  // Numbered after all items of the log; their raw bytes are what they say.
  const synthetic = [...related, ...described].map((candidate, position) => {
    const id = `ocel-${contentHashOf({ ...said, ...candidate }).slice(0, 32)}`;
    const raw = Buffer.from(JSON.stringify(candidate));
    return decodeBuiltEvent({ ...said, id, ...candidate }, { index: itemCount + position, raw }, context);
  });
  return [...named, ...synthetic];
}

/** Each pair of related objects once, whatever qualifiers it is related under. */
function relationsOf(objects: ReadonlyMap<string, LogObject>, rankOf: RankOfType) {
  const relations = new Map<string, { childId: string; parentId: string }>();
  for (const source of objects.values()) {
    for (const { objectId } of source.relationships) {
      const target = objects.get(objectId);
      const link = target ? linkOfRelation(source, target, rankOf) : null;
      if (!link) continue;
      relations.set(JSON.stringify([link.child.id, link.parent.id]), {
        childId: link.child.id,
        parentId: link.parent.id,
      });
    }
  }
  return [...relations.values()];
}

/** Which event tells the attributes of an object: the first, by time and id, that names it. */
function describersOf(events: readonly LogEvent[]): Map<string, string> {
  const first = new Map<string, LogEvent>();
  for (const event of events) {
    for (const objectId of event.objectIds) {
      const known = first.get(objectId);
      if (!known || (compare(event.time, known.time) || compare(event.id, known.id)) < 0) first.set(objectId, event);
    }
  }
  return new Map([...first].map(([objectId, { id }]) => [objectId, id]));
}

function candidateOf(
  { value, id, time }: LogEvent,
  objects: ReadonlyMap<string, LogObject>,
  mapping: OcelMapping,
  describes: (objectId: string) => boolean,
  links: readonly unknown[],
  context: DecodeContext,
): unknown {
  const mapped = Object.hasOwn(mapping.events, value.type) ? mapping.events[value.type] : undefined;
  return {
    specversion: "1.0",
    id,
    source: context.source,
    type: mapped?.type ?? value.type,
    time,
    data: {
      kind: mapped?.kind,
      objects: value.relationships.map(({ objectId, qualifier }) => {
        const object = objects.get(objectId);
        const told =
          describes(objectId) && object && object.attributes.length > 0 ? { attributes: object.attributes } : {};
        return { type: object?.type, id: objectId, ...(qualifier === "" ? {} : { qualifier }), ...told };
      }),
      links,
      outcome: mapped?.outcome,
      interface: mapped?.interface,
      attributes: attributesOf(value),
    },
  };
}

/** By name; a name that stands several times has all its values. */
function attributesOf({ type, attributes }: OcelEvent): Record<string, unknown> {
  const values = new Map<string, unknown[]>();
  for (const { name, value } of attributes) values.set(name, [...(values.get(name) ?? []), value]);
  const told = [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all] as const);
  // Put first, so that a log that was exported from here keeps the type it first had.
  return Object.fromEntries([["ocel:type", type] as const, ...told]);
}
