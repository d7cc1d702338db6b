/** One page of the audit log, as the API and the admin page show it. */
import { z } from "zod";
import type { Store } from "@/lib/clickhouse/client";
import { type AuditFilter, listAudit } from "@/lib/queries/audit";
import { decodeCursor, encodeCursor } from "./cursor";

const position = z.strictObject({ at: z.iso.datetime({ precision: 3 }), id: z.string() });

/** @throws ApiProblem 400 for a cursor that is not ours */
export async function auditPage(
  store: Store,
  query: AuditFilter & { readonly limit: number; readonly cursor?: string | undefined },
) {
  const { limit, cursor, ...filter } = query;
  const after = cursor === undefined ? null : decodeCursor(position, cursor);
  const { items, next, total } = await listAudit(store, filter, { limit, after });
  return { items, nextCursor: next && encodeCursor(next), total };
}
