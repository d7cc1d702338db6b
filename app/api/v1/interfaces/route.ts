import { z } from "zod";
import type { Interface } from "@/lib/domain/interface";
import { decodeCursor, encodeCursor } from "../../cursor";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { interfacesOperation } from "../exception-operations";

const position = z.strictObject({ after: z.string() });

export const GET = guardedRoute(interfacesOperation, async ({ query, services }) => {
  const after = query.cursor === undefined ? null : decodeCursor(position, query.cursor).after;
  const declared = [...services.interfaces.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rest = after === null ? declared : declared.filter(({ id }) => id > after);
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(shown),
    nextCursor: rest.length > page.length && last ? encodeCursor({ after: last.id }) : null,
    total: declared.length,
  };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

/** Without addresses and references to secrets. */
const shown = (declared: Interface) => ({
  id: declared.id,
  name: declared.name ?? declared.id,
  description: declared.description,
  source: declared.source,
  target: declared.target,
  owner: declared.owner,
  channel: declared.channel === undefined ? null : "http" in declared.channel ? "http" : "kafka",
  safety: declared.safety,
  finance: declared.finance,
  severity: declared.severity,
  slaSeconds: declared.sla / 1000,
  ratePerSecond: declared.rate_limit.per_second,
  lifecycle: declared.lifecycle,
  retiresOn: declared.retires_on ?? null,
  hasLookup: declared.lookup !== undefined,
  hasContract: declared.contract !== undefined,
  effect: declared.effect?.type ?? null,
});
