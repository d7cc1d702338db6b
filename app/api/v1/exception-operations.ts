/** Operations on exceptions: the queue, its groups, what people do about them. */
import { z } from "zod";
import { exceptionParameters } from "@/lib/queries/exception-filter";
import { EXCEPTION_SORTS } from "@/lib/queries/exception-order";
import { pageParameters } from "../cursor";
import { operation } from "../operation";
import * as schemas from "./exception-schemas";

const sorts = [...EXCEPTION_SORTS, ...EXCEPTION_SORTS.map((sort) => `-${sort}` as const)] as const;
const sort = z.enum(sorts).optional().meta({
  description:
    "`rank` (value × nearness of the promise) when not given; `age`: longest failing first; `recent`: last failed first; `occurrences`, `value`: most first; `due`: soonest first. `-rank` is the other way round",
});
const onePath = { id: "The exception" };

export const exceptionsOperation = operation({
  id: "listExceptions",
  method: "GET",
  path: "/api/v1/exceptions",
  permission: "exceptions:view",
  summary: "The queue of exceptions",
  description: "States are by the clock of the request; a cursor keeps the clock of its first page.",
  query: z.object({ ...exceptionParameters, sort, ...pageParameters }),
  answer: { status: 200, description: "A page of exceptions", schema: schemas.exceptionList },
});

export const exceptionOperation = operation({
  id: "readException",
  method: "GET",
  path: "/api/v1/exceptions/{id}",
  permission: "exceptions:view",
  summary: "One exception: failures, trail, replays, breaks",
  parameters: onePath,
  answer: { status: 200, description: "The exception", schema: schemas.exceptionDetail },
  problems: [404],
});

export const exceptionGroupsOperation = operation({
  id: "listExceptionGroups",
  method: "GET",
  path: "/api/v1/exception-groups",
  permission: "exceptions:view",
  summary: "The queue by cause, what holds up most first",
  query: z.object({ ...exceptionParameters, ...pageParameters }),
  answer: { status: 200, description: "A page of groups", schema: schemas.exceptionGroupList },
});

/** What a spreadsheet program still opens with ease; CSV has no limit, it is streamed. */
export const EXCEPTION_XLSX_ROWS_MAX = 100_000;

export const exceptionExportOperation = operation({
  id: "exportExceptions",
  method: "GET",
  path: "/api/v1/exceptions/export",
  permission: "exceptions:view",
  summary: "The filtered queue as CSV or XLSX",
  description: `Above the columns: the filter and how far each source is complete. XLSX holds at most ${EXCEPTION_XLSX_ROWS_MAX} exceptions. Cells that a spreadsheet would run are led by an apostrophe in CSV, and are text in XLSX.`,
  query: z.object({
    ...exceptionParameters,
    sort,
    format: z.enum(["csv", "xlsx"]).optional().meta({ description: "`csv` when not given" }),
  }),
  answer: { status: 200, description: "The file", contentType: "text/csv" },
  problems: [413],
});

export const exceptionsLiveOperation = operation({
  id: "watchExceptions",
  method: "GET",
  path: "/api/v1/exceptions/live",
  permission: "exceptions:view",
  summary: "Be told when the queue changes",
  description:
    "Server-sent events: `current` once, then `changed` whenever exceptions that match are others than before (its data is `{version}`). A comment every 15 s keeps the connection; the stream ends after 15 minutes, or when the session ends.",
  query: z.object(exceptionParameters),
  answer: { status: 200, description: "The stream", contentType: "text/event-stream" },
  problems: [503],
});

const actParts = {
  method: "POST",
  permission: "exceptions:act",
  answer: {
    status: 202,
    description: "Stored as facts; the queue follows within moments",
    schema: schemas.exceptionActAnswer,
  },
  problems: [404, 413, 415, 502, 503],
} as const;

export const exceptionActOperation = operation({
  ...actParts,
  id: "actOnException",
  path: "/api/v1/exceptions/{id}/actions",
  summary: "Acknowledge, assign, comment, tag, resolve, ignore, reopen",
  description: "Two who act at once are both heard; with `acts`, the answer says what others did since you looked.",
  parameters: onePath,
  body: schemas.exceptionAct,
});

export const exceptionBulkActOperation = operation({
  ...actParts,
  id: "actOnExceptions",
  path: "/api/v1/exceptions/actions",
  summary: "The same about these exceptions, or about all that match now",
  body: schemas.exceptionBulkAct,
});

export const exceptionViewsOperation = operation({
  id: "listExceptionViews",
  method: "GET",
  path: "/api/v1/exception-views",
  permission: "exceptions:view",
  summary: "Saved views of the queue, shared by all",
  answer: { status: 200, description: "All of them, by name", schema: schemas.exceptionViewList },
});

export const saveExceptionViewOperation = operation({
  id: "saveExceptionView",
  method: "POST",
  path: "/api/v1/exception-views",
  permission: "exceptions:act",
  summary: "Save a view of the queue under a name",
  body: schemas.exceptionViewDraft,
  answer: { status: 200, description: "The view", schema: schemas.exceptionView },
  problems: [413, 415],
});

export const deleteExceptionViewOperation = operation({
  id: "deleteExceptionView",
  method: "POST",
  path: "/api/v1/exception-views/{id}/delete",
  permission: "exceptions:act",
  summary: "Take a saved view away",
  parameters: { id: "The view" },
  answer: { status: 200, description: "What is left", schema: schemas.exceptionViewList },
  problems: [404],
});

export const interfacesOperation = operation({
  id: "listInterfaces",
  method: "GET",
  path: "/api/v1/interfaces",
  permission: "journey:view",
  summary: "The interfaces that are declared",
  query: z.object(pageParameters),
  answer: { status: 200, description: "A page of interfaces, by id", schema: schemas.interfaceList },
});

export const EXCEPTION_OPERATIONS = [
  exceptionsOperation,
  exceptionOperation,
  exceptionGroupsOperation,
  exceptionExportOperation,
  exceptionsLiveOperation,
  exceptionActOperation,
  exceptionBulkActOperation,
  exceptionViewsOperation,
  saveExceptionViewOperation,
  deleteExceptionViewOperation,
  interfacesOperation,
] as const;
