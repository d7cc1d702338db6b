import { z } from "zod";
import { listSources } from "@/lib/queries/sources";
import { decodeCursor, encodeCursor } from "../../cursor";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { sourcesOperation } from "../operations";

const position = z.strictObject({ after: z.string() });

export const GET = guardedRoute(sourcesOperation, async ({ query, services, now }) => {
  const after = query.cursor === undefined ? null : decodeCursor(position, query.cursor).after;
  const sources = await listSources(services.store, services.systems, now);
  const rest = after === null ? sources : sources.filter((state) => state.source > after);
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rest.length > items.length && last ? encodeCursor({ after: last.source }) : null,
    total: sources.length,
  };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
