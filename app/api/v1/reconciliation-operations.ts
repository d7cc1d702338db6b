/** Operations that read handoffs. */
import { z } from "zod";
import { handoffParameters } from "@/lib/queries/handoff-filter";
import { HANDOFF_SORTS } from "@/lib/queries/handoff-order";
import { pageParameters } from "../cursor";
import { operation } from "../operation";
import { handoff } from "./handoff-schemas";
import * as schemas from "./schemas";

const sorts = [...HANDOFF_SORTS, ...HANDOFF_SORTS.map((sort) => `-${sort}` as const)] as const;

export const handoffsOperation = operation({
  id: "listHandoffs",
  method: "GET",
  path: "/api/v1/handoffs",
  permission: "reconciliation:view",
  summary: "Handoffs, and what they add up to",
  description: "States are by the clock of the request; a cursor keeps the clock of its first page.",
  query: z.object({
    ...handoffParameters,
    sort: z.enum(sorts).optional().meta({
      description:
        "`stake` (largest first) when not given; `age`: longest broken first; `opened`: newest first; `rule`, `key`: by name. `-stake` is the other way round",
    }),
    ...pageParameters,
  }),
  answer: { status: 200, description: "A page of handoffs", schema: schemas.handoffList },
});

export const handoffOperation = operation({
  id: "readHandoff",
  method: "GET",
  path: "/api/v1/handoffs/{rule}/{keyType}/{keyId}",
  permission: "reconciliation:view",
  summary: "One handoff",
  parameters: {
    rule: "The rule: `goods-issue`",
    keyType: "Type of the key: `shipment`",
    keyId: "Its number, percent-encoded",
  },
  answer: { status: 200, description: "The handoff", schema: handoff },
  problems: [404],
});

export const handoffsLiveOperation = operation({
  id: "watchHandoffs",
  method: "GET",
  path: "/api/v1/handoffs/live",
  permission: "reconciliation:view",
  summary: "Be told when the totals of a filter change",
  description:
    "Server-sent events: `current` once, then `changed` whenever counts or money of the handoffs that match are others, by new facts, by acts or as time passes (its data is `{version}`). A comment every 15 s keeps the connection; the stream ends after 15 minutes, or when the session ends.",
  query: z.object(handoffParameters),
  answer: { status: 200, description: "The stream", contentType: "text/event-stream" },
  problems: [503],
});

/** What a spreadsheet program still opens with ease; CSV has no limit, it is streamed. */
export const HANDOFF_XLSX_ROWS_MAX = 100_000;

export const handoffExportOperation = operation({
  id: "exportHandoffs",
  method: "GET",
  path: "/api/v1/handoffs/export",
  permission: "reconciliation:view",
  summary: "The filtered handoffs as CSV or XLSX",
  description: `Above the columns: the filter, the business date, and how far each source is complete. XLSX holds at most ${HANDOFF_XLSX_ROWS_MAX} handoffs. Cells that a spreadsheet would run are led by an apostrophe in CSV, and are text in XLSX.`,
  query: z.object({
    ...handoffParameters,
    sort: z.enum(sorts).optional().meta({ description: "As in the list" }),
    date: z.iso.date().optional().meta({ description: "Business date that ages count to; today when not given" }),
    format: z.enum(["csv", "xlsx"]).optional().meta({ description: "`csv` when not given" }),
  }),
  answer: { status: 200, description: "The file", contentType: "text/csv" },
  problems: [413],
});

export const RECONCILIATION_OPERATIONS = [
  handoffsOperation,
  handoffOperation,
  handoffsLiveOperation,
  handoffExportOperation,
] as const;
