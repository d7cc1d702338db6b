/** Every operation of the API in one list: the routes obey it, `/api/v1/openapi.json` shows it, a test holds the two together. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import { ORDER_SORTS, SHOWN_STAGES } from "@/lib/queries/orders";
import { pageParameters } from "../cursor";
import { operation, type PublicOperation } from "../operation";
import { ALERT_OPERATIONS } from "./alert-operations";
import { EXCEPTION_OPERATIONS } from "./exception-operations";
import { HANDOFF_OPERATIONS } from "./handoff-operations";
import { HANDOFF_RULE_OPERATIONS } from "./handoff-rule-operations";
import { PERIOD_CLOSE_OPERATIONS } from "./period-close-operations";
import { RECONCILIATION_OPERATIONS } from "./reconciliation-operations";
import { REPLAY_OPERATIONS } from "./replay-operations";
import * as schemas from "./schemas";

const objectPath = {
  type: "Type of the object (`order`, `purchase_order`, `shipment`, …)",
  id: "Its number, percent-encoded",
};

export const searchOperation = operation({
  id: "search",
  method: "GET",
  path: "/api/v1/search",
  permission: "journey:view",
  summary: "Find an object by any number",
  description: "Any identifier, as typed: in any case, with or without separators and leading zeros.",
  query: z.object({ q: z.string().max(512).meta({ description: "The number" }) }),
  answer: { status: 200, description: "The objects that match, best first", schema: schemas.searchAnswer },
});

export const journeyOperation = operation({
  id: "readJourney",
  method: "GET",
  path: "/api/v1/journeys/{type}/{id}",
  permission: "journey:view",
  summary: "The journey of an order or another root",
  description:
    "404 when nothing names that object; 404 with a `roots` member when it is not a root itself: read the journey of one of those.",
  parameters: objectPath,
  query: z.object({
    asOf: timestamp
      .optional()
      .meta({ description: "What was known to us at this time (RFC 3339)", type: "string", format: "date-time" }),
  }),
  answer: { status: 200, description: "The journey", schema: schemas.journey },
  problems: [404],
});

export const liveOperation = operation({
  id: "watchJourney",
  method: "GET",
  path: "/api/v1/journeys/{type}/{id}/live",
  permission: "journey:view",
  summary: "Be told when a journey changes",
  description:
    "Server-sent events: `changed` whenever facts of this journey arrived (its data is `{version}`), a comment every 15 s to keep the connection. The stream ends after 15 minutes, or when the session ends; an EventSource connects again by itself.",
  parameters: objectPath,
  answer: { status: 200, description: "The stream", contentType: "text/event-stream" },
  problems: [503],
});

export const eventOperation = operation({
  id: "readEvent",
  method: "GET",
  path: "/api/v1/events/{source}/{id}",
  permission: "payload:view",
  summary: "One event with its payload",
  description: "Each view is audited. Personal data is masked for callers without the permission personal-data:view.",
  parameters: { source: "The source", id: "The CloudEvents id, percent-encoded" },
  answer: { status: 200, description: "The event", schema: schemas.eventAnswer },
  problems: [404],
});

const orderFilter = {
  type: z.string().max(128).optional().meta({ description: "Type of root; `order` when not given" }),
  sort: z.enum(ORDER_SORTS).optional().meta({ description: "`risk` (value × nearness of the promise) when not given" }),
  stage: z
    .enum(SHOWN_STAGES)
    .optional()
    .meta({ description: "Stage as shown: `Picked`, `Partially shipped`, `Cancelled`" }),
  state: z
    .enum(["all", "open", "late", "disagreed", "failed"])
    .optional()
    .meta({ description: "`open` when not given" }),
  source: z.string().max(128).optional().meta({ description: "Orders that this source reported on" }),
};

export const ordersOperation = operation({
  id: "listOrders",
  method: "GET",
  path: "/api/v1/orders",
  permission: "journey:view",
  summary: "Orders, or other roots",
  query: z.object({ ...orderFilter, ...pageParameters }),
  answer: { status: 200, description: "A page of orders", schema: schemas.orderList },
});

/** Twenty thousand rows are what a spreadsheet is still pleasant with, and a few megabytes. */
export const ORDER_EXPORT_ROWS_MAX = 20_000;

export const orderExportOperation = operation({
  id: "exportOrders",
  method: "GET",
  path: "/api/v1/orders/export",
  permission: "journey:view",
  summary: "Orders as CSV or XLSX",
  description: `All that match, at most ${ORDER_EXPORT_ROWS_MAX}. Cells that a spreadsheet would run are led by an apostrophe.`,
  query: z.object({
    ...orderFilter,
    format: z.enum(["csv", "xlsx"]).optional().meta({ description: "`csv` when not given" }),
  }),
  answer: { status: 200, description: "The file", contentType: "text/csv" },
  problems: [413],
});

export const sourcesOperation = operation({
  id: "listSources",
  method: "GET",
  path: "/api/v1/sources",
  permission: "journey:view",
  summary: "Sources: complete through, lag, gaps",
  query: z.object(pageParameters),
  answer: { status: 200, description: "A page of sources, by name", schema: schemas.sourceList },
});

const auditFilter = {
  actor: z.string().max(512).optional().meta({ description: "Id or name of the actor" }),
  action: z.string().max(128).optional().meta({ description: "`payload.viewed`, or a family: `user`" }),
  target: z.string().max(512).optional().meta({ description: "Any part of the target" }),
  from: timestamp.optional().meta({ description: "Not before (RFC 3339)", type: "string", format: "date-time" }),
  to: timestamp.optional().meta({ description: "Before (RFC 3339)", type: "string", format: "date-time" }),
};

export const auditOperation = operation({
  id: "listAudit",
  method: "GET",
  path: "/api/v1/audit",
  permission: "audit:view",
  summary: "The audit log, newest first",
  query: z.object({ ...auditFilter, ...pageParameters }),
  answer: { status: 200, description: "A page of the log", schema: schemas.auditList },
});

/** An export is one answer: about 30 MB at the most. */
export const AUDIT_EXPORT_ROWS_MAX = 100_000;

export const auditExportOperation = operation({
  id: "exportAudit",
  method: "GET",
  path: "/api/v1/audit/export",
  permission: "audit:view",
  summary: "The audit log as CSV",
  description: `At most ${AUDIT_EXPORT_ROWS_MAX} entries; the export is an entry itself. Cells that a spreadsheet would run are led by an apostrophe.`,
  query: z.object(auditFilter),
  answer: { status: 200, description: "The file", contentType: "text/csv" },
  problems: [413],
});

const linkActParts = {
  method: "POST",
  permission: "link:retract",
  body: schemas.linkAct,
  answer: {
    status: 202,
    description: "Stored as a fact; journeys follow within moments",
    schema: schemas.linkActAnswer,
  },
  problems: [404, 413, 415, 502, 503],
} as const;

export const retractLinkOperation = operation({
  ...linkActParts,
  id: "retractLink",
  path: "/api/v1/links/retractions",
  summary: "Take back a link between two objects",
  description: "Holds against every source until somebody restores the link. Recorded with your name and reason.",
});

export const restoreLinkOperation = operation({
  ...linkActParts,
  id: "restoreLink",
  path: "/api/v1/links/restorations",
  summary: "Lift the retraction of a link",
});

export const openapiOperation: PublicOperation = {
  id: "readOpenapi",
  method: "GET",
  path: "/api/v1/openapi.json",
  permission: null,
  summary: "This document",
  answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({ openapi: z.string() }) },
};

export const OPERATIONS = [
  searchOperation,
  journeyOperation,
  liveOperation,
  eventOperation,
  ordersOperation,
  orderExportOperation,
  sourcesOperation,
  auditOperation,
  auditExportOperation,
  retractLinkOperation,
  restoreLinkOperation,
  ...RECONCILIATION_OPERATIONS,
  ...HANDOFF_OPERATIONS,
  ...HANDOFF_RULE_OPERATIONS,
  ...PERIOD_CLOSE_OPERATIONS,
  ...EXCEPTION_OPERATIONS,
  ...REPLAY_OPERATIONS,
  ...ALERT_OPERATIONS,
  openapiOperation,
] as const;
