/** What people have decided about handoffs, as facts: events of source `throughline`. */
import { HANDOFF_ACTS } from "@/lib/domain/handoffs/act";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";
import { handoffEventsOf } from "./handoff-events";

const readActs = handoffEventsOf(HANDOFF_ACTS);

/** Every act of one rule that names any of these keys, in no order. */
export async function readActsAbout(
  reader: FactReader,
  rule: string,
  keys: readonly ObjectRef[],
): Promise<HandoffEvent[]> {
  const acts = await readActs(reader, keys.map(objectKey), null);
  return acts.filter(({ source, attributes }) => source === OWN_SOURCE && attributes.rule === rule);
}

/** Which of these acts are stored. */
export async function readStoredActIds(reader: FactReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await reader.query<{ event_id: string }>(
    "SELECT event_id FROM events WHERE source = {source:String} AND event_id IN {ids:Array(String)}",
    { source: OWN_SOURCE, ids: [...ids] },
  );
  return new Set(rows.map(({ event_id }) => event_id));
}
