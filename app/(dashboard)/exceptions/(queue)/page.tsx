import { Bell } from "lucide-react";
import Link from "next/link";
import { EXCEPTION_TABS, STATE_LABELS } from "@/components/exceptions/exception-words";
import { QUEUE, queueFilter, queueHref } from "@/components/exceptions/filter-address";
import { QueueFilterForm } from "@/components/exceptions/filter-form";
import { GroupsTable } from "@/components/exceptions/groups-table";
import { LiveExceptions, Queue } from "@/components/exceptions/queue";
import { SavedViews } from "@/components/exceptions/saved-views";
import { buttonClass } from "@/components/ui/button";
import { withParameters } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { countFiringAlerts } from "@/lib/queries/alerts";
import { readAssignableNames, readExceptionChoices } from "@/lib/queries/exception-choices";
import { listExceptionGroups } from "@/lib/queries/exception-groups";
import { listExceptionViews } from "@/lib/queries/exception-views";
import { type ExceptionList, listExceptions } from "@/lib/queries/exceptions";
import { InvalidCursor } from "@/lib/queries/orders";
import { services } from "@/lib/services";
import { exceptionRightsOf } from "../exception-rights";
import { type PageParameters, parseQueueAddress, type QueueAddress } from "./queue-address";

export const metadata = { title: "Exceptions" };

const PAGE_ROWS = 50;
const GROUP_ROWS = 20;

export default async function ExceptionsPage({ searchParams }: { readonly searchParams: Promise<PageParameters> }) {
  const person = await requirePermission("exceptions:view");
  const address = parseQueueAddress(await searchParams);
  if ("problem" in address) return <UnreadableFilter problem={address.problem} />;
  const now = new Date().toISOString();
  const { store } = services();
  const [groups, list, choices, views, firing] = await Promise.all([
    listExceptionGroups(store, address.filter, { limit: GROUP_ROWS, now }),
    readPage(address, now),
    readExceptionChoices(store),
    listExceptionViews(store),
    countFiringAlerts(store),
  ]);
  const rights = exceptionRightsOf(person);
  const people = rights.mayAct ? await readAssignableNames(store, choices.owners) : [];
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="sr-only">Exceptions</h1>
      <LiveExceptions query={queueFilter(address.text).toString()} />
      <Views address={address} firing={firing} />
      <QueueFilterForm choices={choices} address={address.text} />
      <SavedViews views={views} address={address.text} maySave={rights.mayAct} />
      {list.items.length === 0 ? (
        <EmptyState title="Nothing here">
          No exception matches. That is good news, or a source is behind: see how far the figures reach.
        </EmptyState>
      ) : (
        <>
          <Block title="By cause" note={plural(groups.total, "cause")}>
            <GroupsTable groups={groups.items} />
          </Block>
          <Block title="Exceptions" note={plural(list.total, "exception")}>
            <Queue
              exceptions={list.items}
              total={list.total}
              rights={rights}
              people={[person.name, ...people.filter((name) => name !== person.name)]}
              address={address.text}
              sort={`${address.reverse ? "-" : ""}${address.sort}`}
            />
            <Pages address={address} next={list.nextCursor} />
          </Block>
        </>
      )}
    </div>
  );
}

async function readPage({ filter, sort, reverse, cursor }: QueueAddress, now: string): Promise<ExceptionList> {
  const { store } = services();
  const options = { limit: PAGE_ROWS, sort, reverse, now };
  try {
    return await listExceptions(store, filter, { ...options, cursor });
  } catch (error) {
    // A cursor somebody edited: the first page is the useful answer.
    if (error instanceof InvalidCursor) return listExceptions(store, filter, options);
    throw error;
  }
}

/** Where the exceptions stand: each an address. */
function Views({ address, firing }: { readonly address: QueueAddress; readonly firing: number }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line pb-2">
      <nav aria-label="State" className="flex flex-wrap gap-1">
        {EXCEPTION_TABS.map((tab) => (
          <Link
            key={tab}
            href={queueHref(address.text, { tab })}
            aria-current={address.tab === tab ? "page" : undefined}
            className="rounded px-3 py-1.5 text-sm font-medium text-ink-muted hover:text-ink aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent"
          >
            {STATE_LABELS[tab]}
          </Link>
        ))}
      </nav>
      <span className="flex flex-wrap gap-1">
        {address.filter.group ? (
          <Link className={buttonClass("plain", "small")} href={queueHref(address.text, { group: null })}>
            All causes
          </Link>
        ) : null}
        <Link className={buttonClass("quiet", "small")} href="/admin/alerts" prefetch={false}>
          <Bell aria-hidden className="size-3.5" />
          {firing === 0 ? "Alerts" : `${plural(firing, "alert")} firing`}
        </Link>
      </span>
    </div>
  );
}

interface BlockProps {
  readonly title: string;
  readonly note: string;
  readonly children: React.ReactNode;
}

function Block({ title, note, children }: BlockProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-3 py-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        <p className="text-xs text-ink-muted">{note}</p>
      </div>
      {children}
    </section>
  );
}

function Pages({ address, next }: { readonly address: QueueAddress; readonly next: string | null }) {
  if (address.cursor === null && next === null) return null;
  const hrefOf = (cursor: string | null) => `${QUEUE}${withParameters(address.text, { cursor })}`;
  return (
    <nav aria-label="Pages" className="flex items-center gap-2 border-t border-line p-3">
      {address.cursor === null ? null : (
        <Link className={buttonClass("plain", "small")} href={hrefOf(null)}>
          First page
        </Link>
      )}
      {next === null ? null : (
        <Link className={buttonClass("plain", "small")} href={hrefOf(next)}>
          Next page
        </Link>
      )}
    </nav>
  );
}

function UnreadableFilter({ problem }: { readonly problem: string }) {
  return (
    <ErrorState
      title="This filter cannot be read"
      actions={
        <a href={QUEUE} className={buttonClass("primary")}>
          Start without a filter
        </a>
      }
    >
      {problem}
    </ErrorState>
  );
}
