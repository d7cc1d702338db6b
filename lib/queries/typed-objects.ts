/** Which objects the stored events of some types name: where a rule begins to look. In sets, by primary key. */
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";

const EVENTS_PER_SET = 5_000;

export interface TypedObjects {
  /** Events in this set. */
  readonly events: number;
  /** Type of event → objects that events of it name. */
  readonly namedBy: ReadonlyMap<string, ReadonlySet<ObjectKey>>;
}

/** When the events occurred: not before `from`, before `to`. RFC 3339. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** @param period of this period only; else of all history */
export async function* readObjectsOfTypes(
  reader: FactReader,
  types: readonly string[],
  period: Period | null = null,
): AsyncGenerator<TypedObjects, void, undefined> {
  let after: { source: string; id: string } | null = { source: "", id: "" };
  while (after) {
    const rows: TypedRow[] = await reader.query<TypedRow>(
      `SELECT source, event_id, type, objects FROM events
       WHERE (source, event_id) > ({source:String}, {id:String}) AND ${ofTypes(period)}
       ORDER BY source, event_id LIMIT ${EVENTS_PER_SET}`,
      { ...after, types, ...period },
    );
    if (rows.length > 0) yield { events: rows.length, namedBy: namesOf(rows) };
    const last: TypedRow | undefined = rows.at(-1);
    after = last && rows.length === EVENTS_PER_SET ? { source: last.source, id: last.event_id } : null;
  }
}

/** How many rows that reads: duplicates that are not merged yet count again. */
export async function countEventsOfTypes(
  reader: FactReader,
  types: readonly string[],
  period: Period | null = null,
): Promise<number> {
  const [row] = await reader.query<{ events: string }>(
    `SELECT count() AS events FROM events WHERE ${ofTypes(period)}`,
    { types, ...period },
  );
  return Number(row?.events ?? 0);
}

const ofTypes = (period: Period | null): string =>
  period === null
    ? "type IN {types:Array(String)}"
    : `type IN {types:Array(String)}
       AND occurred_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
       AND occurred_at < parseDateTime64BestEffort({to:String}, 3, 'UTC')`;

interface TypedRow {
  source: string;
  event_id: string;
  type: string;
  objects: { type: string; id: string }[];
}

function namesOf(rows: readonly TypedRow[]): Map<string, Set<ObjectKey>> {
  const namedBy = new Map<string, Set<ObjectKey>>();
  for (const row of rows) {
    const named = namedBy.get(row.type) ?? new Set<ObjectKey>();
    namedBy.set(row.type, named);
    for (const object of row.objects) named.add(objectKey(object));
  }
  return namedBy;
}
