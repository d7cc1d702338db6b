import Link from "next/link";
import { auditPage } from "@/app/api/audit-page";
import { ApiProblem } from "@/app/api/problem";
import { parseQuery } from "@/app/api/request-input";
import { auditOperation } from "@/app/api/v1/operations";
import { buttonClass } from "@/components/ui/button";
import { plural } from "@/components/ui/number-format";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require-permission";
import { type AuditEntry, listAuditActions } from "@/lib/queries/audit";
import { services } from "@/lib/services";
import { AuditFilterForm } from "./audit-filter-form";
import { detailsText } from "./details-text";

export const metadata = { title: "Audit log" };

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: Props) {
  await requirePermission("audit:view");
  const query = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [[name, value]] : [],
    ),
  );
  const actions = await listAuditActions(services().store);
  const found = await findEntries(query);
  const filter = new URLSearchParams(query);
  filter.delete("cursor");
  return (
    <>
      <AuditFilterForm actions={actions} values={Object.fromEntries(filter)} />
      {"problem" in found ? (
        <ErrorState title="This filter cannot be read">{found.problem}</ErrorState>
      ) : (
        <AuditTable {...found} filter={filter} isFirstPage={!query.has("cursor")} />
      )}
    </>
  );
}

/** The same parameters as `GET /api/v1/audit`: a link to this page is a link to that list. */
async function findEntries(query: URLSearchParams) {
  try {
    return await auditPage(services().store, parseQuery(auditOperation.query, query));
  } catch (error) {
    if (error instanceof ApiProblem) return { problem: error.detail };
    throw error;
  }
}

interface TableProps {
  readonly items: readonly AuditEntry[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly filter: URLSearchParams;
  readonly isFirstPage: boolean;
}

function AuditTable({ items, nextCursor, total, filter, isFirstPage }: TableProps) {
  const older = new URLSearchParams(filter);
  if (nextCursor) older.set("cursor", nextCursor);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between text-sm text-ink-muted">
        <p>{plural(total, "entry", "entries")}</p>
        <a href={`/api/v1/audit/export?${filter}`} download className={buttonClass("plain", "small")}>
          Export CSV
        </a>
      </div>
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table className="w-full min-w-[56rem] text-sm">
          <caption className="sr-only">Audit log, newest first</caption>
          <thead>
            <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Did</th>
              <th scope="col">To what</th>
              <th scope="col">Details</th>
            </tr>
          </thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.id} className="*:border-t *:border-line *:px-3 *:py-2 *:align-top">
                <td className="whitespace-nowrap">
                  <Time at={entry.at} form="short" />
                </td>
                <td>
                  {entry.actor.name}
                  {entry.actor.kind === "person" ? null : <span className="text-ink-faint"> ({entry.actor.kind})</span>}
                </td>
                <td className="font-id">{entry.action}</td>
                <td className="font-id [overflow-wrap:anywhere]">{entry.target}</td>
                <td className="break-words text-ink-muted">{detailsText(entry.details)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {items.length === 0 ? <EmptyState title="Nothing matches">Widen the filter.</EmptyState> : null}
      </div>
      <nav aria-label="Pages of the audit log" className="flex justify-end gap-2">
        {isFirstPage ? null : (
          <Link href={`/admin/audit?${filter}`} className={buttonClass("plain", "small")}>
            Newest
          </Link>
        )}
        {nextCursor ? (
          <Link href={`/admin/audit?${older}`} className={buttonClass("plain", "small")}>
            Older
          </Link>
        ) : null}
      </nav>
    </div>
  );
}
