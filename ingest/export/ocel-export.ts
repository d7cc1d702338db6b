/** What the store knows as an OCEL 2.0 log: everything, or one journey. */
import { linkGraph } from "@/lib/domain/correlation";
import { identify } from "@/lib/domain/identifier";
import type { Journey } from "@/lib/domain/journey";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import { systemOf } from "@/lib/domain/system";
import {
  readAllLinks,
  readEvents,
  readSharedEventIds,
  readSharedObjectIds,
  type StreamingReader,
  streamAllEvents,
} from "@/lib/queries/exported-events";
import { type JourneyRules, readJourney } from "@/lib/queries/journey";
import { type OcelInput, ocelDocument } from "./ocel-document";

/** The journey cannot be exported; the message says why. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

/** All events and all links that hold, as pieces of one JSON document. Objects and links are held in memory, events are not. */
export async function exportAll(reader: StreamingReader, rules: JourneyRules): Promise<AsyncGenerator<string>> {
  const { parents } = linkGraph(await readAllLinks(reader), rules.catalogue);
  const links = [...parents.values()].flatMap((ofChild) => [...ofChild.values()]);
  return ocelDocument({
    events: streamAllEvents(reader),
    links,
    sharedObjectIds: await readSharedObjectIds(reader),
    sharedEventIds: await readSharedEventIds(reader),
    identify: identifyBy(rules),
  });
}

/**
 * The events and objects of one root.
 * @throws ExportError when the object is no root, or its journey is longer than one answer carries.
 */
export async function exportJourney(
  reader: StreamingReader,
  rules: JourneyRules,
  root: ObjectRef,
): Promise<AsyncGenerator<string>> {
  const journey = await readJourney(reader, rules, root);
  if (journey === null) {
    throw new ExportError(
      `--root: no journey has the root ${root.type}:${root.id}; name an order as its journey's page shows it.`,
    );
  }
  if (journey.truncated) {
    throw new ExportError(
      `--root: the journey of ${root.type}:${root.id} is too long to be read at once; export everything instead.`,
    );
  }
  return ocelDocument({
    events: await readEvents(reader, journey.events),
    links: linksOf(journey),
    sharedObjectIds: sharedIds(journey),
    sharedEventIds: repeated(journey.events.map(({ id }) => id)),
    identify: identifyBy(rules),
  });
}

const linksOf = ({ objects }: Journey): OcelInput["links"] =>
  objects.flatMap((child) => child.parents.map((parent) => ({ child, parent })));

function sharedIds({ objects, events }: Journey): Set<string> {
  const named = [...objects, ...objects.flatMap(({ parents }) => parents), ...events.flatMap((event) => event.objects)];
  const unique = new Map(named.map((object) => [objectKey(object), object.id]));
  return repeated([...unique.values()]);
}

function repeated(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.size === seen.add(id).size));
}

const identifyBy =
  ({ catalogue, systems }: JourneyRules): OcelInput["identify"] =>
  (stated, source) =>
    identify(stated, source, systemOf(systems, source)?.identifiers ?? {}, catalogue);
