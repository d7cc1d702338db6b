/** Suggestions for orphans: what they may have been posted for (lib/domain/handoffs/near-miss.ts). */
import { type Suggestion, suggestMatches } from "@/lib/domain/handoffs/near-miss";
import type { FactReader } from "./fact-reader";
import type { HandoffFilter } from "./handoff-filter";
import { listHandoffs } from "./handoffs";

/** Open orphans, and handoffs that wait, that are looked at: those with most at stake. */
const HANDOFFS_PER_SIDE_MAX = 5_000;
const PAGE = 500;

export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
  /** True when there are more open handoffs than were looked at. */
  readonly truncated: boolean;
}

/** Best first. @param filter narrows both sides; its states have no say. @param now RFC 3339 */
export async function readSuggestions(reader: FactReader, filter: HandoffFilter, now: string): Promise<Suggestions> {
  const [orphans, late, pending] = await Promise.all([
    readSome(reader, { ...filter, states: ["orphan"], open: true }, now),
    readSome(reader, { ...filter, states: ["late"], open: true }, now),
    readSome(reader, { ...filter, states: ["pending"] }, now),
  ]);
  const sides = [orphans, late, pending];
  return {
    suggestions: suggestMatches(sides.flatMap(({ items }) => items)),
    truncated: sides.some(({ truncated }) => truncated),
  };
}

async function readSome(reader: FactReader, filter: HandoffFilter, now: string) {
  const items: Awaited<ReturnType<typeof listHandoffs>>["items"][number][] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listHandoffs>> = await listHandoffs(reader, filter, {
      limit: PAGE,
      cursor,
      sort: "stake",
      now,
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < HANDOFFS_PER_SIDE_MAX);
  return { items, truncated: cursor !== null };
}
