/**
 * Events and links as one OCEL 2.0 JSON document, in pieces. Events pass through; objects are gathered until the end, because the format
 * lists each object once with all it has.
 */
import type { ObjectRef } from "@/lib/domain/object";
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { ExportedEvent } from "@/lib/queries/exported-events";

export interface OcelInput {
  readonly events: AsyncIterable<ExportedEvent> | Iterable<ExportedEvent>;
  /** The links that hold. */
  readonly links: Iterable<{ readonly child: ObjectRef; readonly parent: ObjectRef }>;
  /** Ids that need their type (objects) or source (events) before them to be unique in the log. */
  readonly sharedObjectIds: ReadonlySet<string>;
  readonly sharedEventIds: ReadonlySet<string>;
  /** The identity of an object as an event of this source states it. */
  identify(stated: { readonly type: string; readonly id: string; readonly issuer?: string }, source: string): ObjectRef;
}

type Scalar = string | number | boolean;

interface OcelAttribute {
  readonly name: string;
  readonly time?: string;
  readonly value: Scalar;
}

interface GatheredObject extends ObjectRef {
  readonly attributes: OcelAttribute[];
  readonly children: Map<ObjectKey, ObjectRef>;
}

/** Events that only say what the format has a place of its own for (ingest/decode/ocel.ts makes them). */
const FOLDED_TYPES = new Set(["object.related", "object.described"]);

export async function* ocelDocument(input: OcelInput): AsyncGenerator<string> {
  const objects = new Map<ObjectKey, GatheredObject>();
  const eventTypes = new Declarations();
  const objectTypes = new Declarations();
  const objectId = (object: ObjectRef): string =>
    input.sharedObjectIds.has(object.id) ? `${object.type}:${object.id}` : object.id;
  const gather = (object: ObjectRef): GatheredObject => {
    const key = objectKey(object);
    const known = objects.get(key) ?? { type: object.type, id: object.id, attributes: [], children: new Map() };
    objects.set(key, known);
    return known;
  };

  yield '{"events":[';
  let separator = "";
  for await (const event of input.events) {
    const data = dataOf(event.payload);
    for (const object of event.objects) gather(object);
    gatherAttributes(data, event, input, gather);
    if (FOLDED_TYPES.has(event.type)) continue;
    const attributes = attributesOf(event, data);
    eventTypes.declare(event.type, attributes);
    const id = input.sharedEventIds.has(event.id) ? `${event.source}:${event.id}` : event.id;
    const relationships = event.objects.map((object) => ({ objectId: objectId(object), qualifier: object.qualifier }));
    yield `${separator}\n${JSON.stringify({ id, type: event.type, time: event.occurredAt, attributes, relationships })}`;
    separator = ",";
  }

  for (const { child, parent } of input.links) {
    gather(child);
    gather(parent).children.set(objectKey(child), child);
  }
  yield '\n],"objects":[';
  separator = "";
  for (const { type, attributes, children, ...object } of objects.values()) {
    objectTypes.declare(type, attributes);
    const relationships = [...children.values()].map((child) => ({ objectId: objectId(child), qualifier: "has" }));
    yield `${separator}\n${JSON.stringify({ id: objectId({ type, id: object.id }), type, attributes, relationships })}`;
    separator = ",";
  }
  yield `\n],"objectTypes":${JSON.stringify(objectTypes.list())},"eventTypes":${JSON.stringify(eventTypes.list())}}\n`;
}

/** What each type's attributes are, as far as they were seen. */
class Declarations {
  readonly #types = new Map<string, Map<string, string>>();

  declare(type: string, attributes: readonly OcelAttribute[]): void {
    const known = this.#types.get(type) ?? new Map<string, string>();
    for (const { name, value } of attributes) {
      const before = known.get(name);
      // Of several types of value, only text holds them all.
      known.set(name, before === undefined || before === typeOf(value) ? typeOf(value) : "string");
    }
    this.#types.set(type, known);
  }

  list() {
    return [...this.#types]
      .map(([name, attributes]) => ({
        name,
        attributes: [...attributes].map(([attribute, type]) => ({ name: attribute, type })),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function typeOf(value: Scalar): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  return typeof value === "boolean" ? "boolean" : "string";
}

type Data = Readonly<Record<string, unknown>>;

function dataOf(payload: string): Data {
  const { data } = JSON.parse(payload) as { data: Data };
  return data;
}

const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

function attributesOf(event: ExportedEvent, data: Data): OcelAttribute[] {
  const own: readonly (readonly [string, Scalar | null])[] = [
    ["source", event.source],
    ["kind", event.kind],
    ["outcome", event.outcome],
    ["interface", event.interface],
    ["error", event.errorCode],
    ["quantity", event.quantity],
    ["amount", event.amount],
    ["currency", event.currency],
  ];
  const told = own.flatMap(([name, value]) => (value === null || value === "" ? [] : [{ name, value }]));
  const names = new Set(own.map(([name]) => name));
  const free = Object.entries((data.attributes ?? {}) as Data).flatMap(([name, value]) =>
    isScalar(value) ? [{ name: names.has(name) ? `data.${name}` : name, value }] : [],
  );
  return [...told, ...free];
}

interface StatedObject {
  readonly type: string;
  readonly id: string;
  readonly attributes?: unknown;
}

/** Attributes of objects, which an imported log's events carry with the objects they name or describe. */
function gatherAttributes(
  data: Data,
  event: ExportedEvent,
  input: OcelInput,
  gather: (object: ObjectRef) => GatheredObject,
): void {
  const described =
    event.type === "object.described" ? [(data.attributes as { object?: StatedObject } | undefined)?.object] : [];
  for (const stated of [...(data.objects as readonly StatedObject[]), ...described]) {
    if (!stated) continue;
    const isDescribed = described.includes(stated);
    if (!isDescribed && !Array.isArray(stated.attributes)) continue;
    const { attributes } = gather(input.identify(stated, event.source));
    for (const attribute of Array.isArray(stated.attributes) ? (stated.attributes as unknown[]) : []) {
      const { name, time, value } = attribute as { name?: unknown; time?: unknown; value?: unknown };
      if (typeof name !== "string" || !isScalar(value)) continue;
      attributes.push({ name, time: typeof time === "string" ? time : event.occurredAt, value });
    }
  }
}
