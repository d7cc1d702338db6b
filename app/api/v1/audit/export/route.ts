import { sheetToCsv } from "@/components/ui/sheet";
import { type AuditEntry, listAudit, recordAudit } from "@/lib/queries/audit";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { ApiProblem } from "../../../problem";
import { AUDIT_EXPORT_ROWS_MAX, auditExportOperation } from "../../operations";

const COLUMNS = ["at", "actorKind", "actorId", "actorName", "action", "target", "details", "id"] as const;

export const GET = guardedRoute(auditExportOperation, async ({ query, caller, services, now }) => {
  const { items, total } = await listAudit(services.store, query, { limit: AUDIT_EXPORT_ROWS_MAX, after: null });
  if (total > items.length) {
    throw new ApiProblem(
      413,
      `${total} entries match; one file holds at most ${AUDIT_EXPORT_ROWS_MAX}. Narrow the times.`,
    );
  }
  const entry = {
    actor: caller.actor,
    action: "audit.exported",
    target: "audit log",
    details: { ...query, entries: total },
  };
  await recordAudit(services.store, entry, now);
  const csv = sheetToCsv({ name: "Audit log", columns: COLUMNS, rows: items.map(rowOf) });
  return new Response(csv, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="audit-log-${now.toISOString().slice(0, 10)}.csv"`,
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

const rowOf = (entry: AuditEntry): string[] => [
  entry.at,
  entry.actor.kind,
  entry.actor.id,
  entry.actor.name,
  entry.action,
  entry.target,
  JSON.stringify(entry.details),
  entry.id,
];
