"use client";
import Link from "next/link";
import { journeyHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { plural } from "@/components/ui/number-format";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ObjectRef } from "@/lib/domain/object";

export interface FoundObject {
  readonly object: ObjectRef;
  readonly roots: readonly ObjectRef[];
  readonly lastEventAt: string | null;
}

const ROOTS_SHOWN = 8;

/** What a search found: each object, and the journeys it belongs to. */
export function SearchResults({
  query,
  results,
}: {
  readonly query: string;
  readonly results: readonly FoundObject[];
}) {
  const vocabulary = useVocabulary();
  if (results.length === 0) {
    return (
      <EmptyState title={`Nothing is known by “${query}”`}>
        Any order, shipment, tracking, document or invoice number is found, in any case, with or without spaces and
        leading zeros. If it was sent to us just now, its source may be behind: see the top of the page.
      </EmptyState>
    );
  }
  return (
    <section aria-label="Search results" className="rounded-lg border border-line bg-surface">
      <h2 className="border-b border-line px-3 py-2 text-sm font-semibold">
        {plural(results.length, "match", "matches")} for “{query}”
      </h2>
      <ul>
        {results.map(({ object, roots, lastEventAt }) => (
          <li
            key={`${object.type}/${object.id}`}
            className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line px-3 py-2 last:border-b-0"
          >
            <span className="min-w-56">
              <span className="text-ink-muted">{vocabulary.object(object.type)}</span>{" "}
              <span className="font-id">{object.id}</span>
            </span>
            <span className="flex flex-wrap gap-x-3">
              {roots.length === 0 ? (
                <span className="text-ink-muted">
                  Named by many orders, part of none: search by a number of the order itself.
                </span>
              ) : (
                roots
                  .slice(0, ROOTS_SHOWN)
                  .map((root) => <Identifier key={`${root.type}/${root.id}`} object={root} typed copy={false} />)
              )}
              {roots.length > ROOTS_SHOWN ? (
                <Link href={journeyHref(object)} className="text-accent underline-offset-2 hover:underline">
                  and {roots.length - ROOTS_SHOWN} more
                </Link>
              ) : null}
            </span>
            {lastEventAt ? <Time at={lastEventAt} className="ml-auto text-xs text-ink-muted" /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
