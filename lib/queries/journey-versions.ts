/** How much each journey holds: its version grows with the facts it includes (0003_journeys.sql). */
import { type ObjectKey, type ObjectRef, objectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { tupleOfKey } from "./links";

/** By object key; roots that are not projected yet are absent. A primary-key read of as many rows as there are roots. */
export async function readJourneyVersions(
  reader: FactReader,
  roots: readonly ObjectRef[],
): Promise<Map<ObjectKey, string>> {
  if (roots.length === 0) return new Map();
  const rows = await reader.query<{ root_type: string; root_id: string; latest: string }>(
    `SELECT root_type, root_id, toString(max(version)) AS latest FROM journeys
     WHERE (root_type, root_id) IN {keys:Array(Tuple(String, String))}
     GROUP BY root_type, root_id`,
    { keys: roots.map((root) => tupleOfKey(objectKey(root))) },
  );
  return new Map(rows.map((row) => [objectKey({ type: row.root_type, id: row.root_id }), row.latest]));
}
