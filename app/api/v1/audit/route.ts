import { z } from "zod";
import { listAudit } from "@/lib/queries/audit";
import { decodeCursor, encodeCursor } from "../../cursor";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { auditOperation } from "../operations";

const position = z.strictObject({ at: z.iso.datetime({ precision: 3 }), id: z.string() });

export const GET = guardedRoute(auditOperation, async ({ query, services }) => {
  const { limit, cursor, ...filter } = query;
  const after = cursor === undefined ? null : decodeCursor(position, cursor);
  const { items, next, total } = await listAudit(services.store, filter, { limit, after });
  return { items, nextCursor: next && encodeCursor(next), total };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
