/** The journey of a root; an object that is none leads on to its root, or asks which; an unknown number gets a helpful 404. */
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { JourneyView } from "@/components/journey/journey-view";
import { momentsOf } from "@/components/journey/moments";
import { SearchResults } from "@/components/orders/search-results";
import { buttonClass } from "@/components/ui/button";
import { journeyHref, withParameters } from "@/components/ui/href";
import { NotFoundState } from "@/components/ui/states";
import type { Person } from "@/lib/auth/session";
import { timestamp } from "@/lib/domain/event";
import { readJourney, resolveRoots } from "@/lib/queries/journey";
import { readRuleBook } from "@/lib/queries/rule-book";
import { onlyRootOf, searchObjects } from "@/lib/queries/search";
import { services } from "@/lib/services";

interface JourneyPageProps {
  readonly type: string;
  readonly id: string;
  readonly parameters: Readonly<Record<string, string | string[] | undefined>>;
  /** Who has been let in. */
  readonly person: Person;
}

export async function JourneyPage({ type, id, parameters, person }: JourneyPageProps) {
  const shared = services();
  const asOf = timeOf(parameters.asOf);
  const journey = await readJourney(
    shared.store,
    shared,
    { type, id },
    {
      asOf,
      now: new Date().toISOString(),
      finance: shared.finance,
    },
  );
  if (journey) {
    const rules = await readRuleBook(shared.store);
    const latest = asOf === null ? journey : await readJourney(shared.store, shared, { type, id }, { asOf: null });
    return (
      <JourneyView
        key={`${type}/${id}`}
        journey={journey}
        moments={momentsOf((latest ?? journey).events)}
        mayViewPayload={person.permissions.includes("payload:view")}
        mayRetractLinks={person.permissions.includes("link:retract")}
        mayReconcile={person.permissions.includes("reconciliation:view")}
        rules={rules}
      />
    );
  }
  const { roots } = await resolveRoots(shared.store, shared.catalogue, { type, id });
  const isItself = roots.some((root) => root.type === type && root.id === id);
  if (isItself) return <NotYetKnown href={journeyHref({ type, id })} id={id} />;
  const [only] = roots;
  if (only && roots.length === 1) redirect(`${journeyHref(only)}${asOf ? withParameters("", { asOf }) : ""}`);
  // Under another type, or in another writing: whatever the number finds.
  const { results } = await searchObjects(shared.store, shared.catalogue, id);
  const onlyFound = onlyRootOf(results.filter((result) => result.roots.length > 0));
  if (roots.length === 0 && onlyFound) redirect(journeyHref(onlyFound));
  const choices = roots.length > 0 ? [{ object: { type, id }, roots, lastEventAt: null }] : results;
  if (choices.length === 0) notFound();
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-semibold">Which order?</h1>
      <SearchResults query={id} results={choices} />
    </div>
  );
}

function NotYetKnown({ href, id }: { readonly href: string; readonly id: string }) {
  return (
    <NotFoundState
      title={`Nothing had named ${id} by then`}
      actions={
        <Link href={href} className={buttonClass("primary")}>
          Show it as of now
        </Link>
      }
    >
      Its first event reached us later.
    </NotFoundState>
  );
}

/** A time from the address; anything else means now. So do years that the store does not know ("+275760", "-0001"). */
function timeOf(value: string | string[] | undefined): string | null {
  const atMs = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) return null;
  const at = new Date(atMs).toISOString();
  return timestamp.safeParse(at).success ? at : null;
}
