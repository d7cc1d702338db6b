/** Search by any number that a customer, a carrier or an accountant may quote, as typed. */
import { type ObjectCatalogue, type ObjectRef, objectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { rootsOfObjects } from "./journey";
import { tupleOfKey } from "./links";

export const SEARCH_RESULT_LIMIT = 50;
/** Shorter beginnings would match half of everything. */
const PREFIX_MIN_CHARS = 4;

export interface SearchResult {
  readonly object: ObjectRef;
  /** It is the number that was typed, but for case, separators and leading zeros; false for one that only begins so. */
  readonly exact: boolean;
  /** The journeys it belongs to; empty for context (a SKU belongs to no order). */
  readonly roots: readonly ObjectRef[];
  /** Null when the object was named by links only. */
  readonly lastEventAt: string | null;
}

/** Exact matches first (as written, then by case, separators and leading zeros), then numbers that begin so. */
export async function searchObjects(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  typed: string,
): Promise<{ results: SearchResult[] }> {
  const q = typed.trim();
  if (q === "" || q.includes("\u0000")) return { results: [] };
  const found = await findObjects(reader, q);
  if (found.length === 0) return { results: [] };
  const objects = found.map(({ object }) => object);
  const [roots, lastEventAt] = await Promise.all([
    rootsOfObjects(reader, catalogue, objects),
    readLastEventAt(reader, objects),
  ]);
  return {
    results: found.map(({ object, exact }, index) => ({
      object,
      exact,
      roots: roots[index] ?? [],
      lastEventAt: lastEventAt.get(objectKey(object)) ?? null,
    })),
  };
}

/** Where the question leaves no choice: the one journey that all the results lead to. What only begins so has no say beside the number itself. */
export function onlyRootOf(results: readonly Pick<SearchResult, "exact" | "roots">[]): ObjectRef | null {
  const meant = results.some((result) => result.exact) ? results.filter((result) => result.exact) : results;
  if (meant.some((result) => result.roots.length === 0)) return null;
  const roots = new Map(meant.flatMap((result) => result.roots.map((root) => [objectKey(root), root])));
  const [only] = roots.values();
  return roots.size === 1 ? (only ?? null) : null;
}

async function findObjects(reader: FactReader, q: string): Promise<Pick<SearchResult, "object" | "exact">[]> {
  const rows = await reader.query<{ object_type: string; object_id: string; is_longer: number }>(
    // Blanks may part a run of digits ("1Z 999 AA1 0123…"): the number is looked for as typed and without any.
    `WITH [throughline_search_key({q:String}), throughline_search_key({joined:String})] AS typed_keys
     SELECT object_type, object_id, is_longer FROM (
       SELECT object_type, object_id, min(NOT has(typed_keys, search_key)) AS is_longer
       FROM objects_by_search_key
       WHERE search_key IN (throughline_search_key({q:String}), throughline_search_key({joined:String}))
          OR (lengthUTF8(throughline_search_key({q:String})) >= {prefixMin:UInt8}
              AND startsWith(search_key, throughline_search_key({q:String})))
       GROUP BY object_type, object_id
     )
     ORDER BY is_longer, object_id != {q:String}, lengthUTF8(object_id), object_type, object_id
     LIMIT {limit:UInt16}`,
    { q, joined: q.replaceAll(/\s+/g, ""), prefixMin: PREFIX_MIN_CHARS, limit: SEARCH_RESULT_LIMIT },
  );
  return rows.map((row) => ({ object: { type: row.object_type, id: row.object_id }, exact: row.is_longer === 0 }));
}

async function readLastEventAt(reader: FactReader, objects: readonly ObjectRef[]): Promise<Map<string, string>> {
  const rows = await reader.query<{ object_type: string; object_id: string; last_event_at: string }>(
    `SELECT object_type, object_id, max(occurred_at) AS last_event_at FROM events_by_object
     WHERE (object_type, object_id) IN {keys:Array(Tuple(String, String))}
     GROUP BY object_type, object_id`,
    { keys: objects.map((object) => tupleOfKey(objectKey(object))) },
  );
  return new Map(rows.map((row) => [objectKey({ type: row.object_type, id: row.object_id }), row.last_event_at]));
}
