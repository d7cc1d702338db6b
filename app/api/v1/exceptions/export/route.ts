import { SHEET_TYPES } from "@/components/ui/sheet";
import { filterOf } from "@/lib/queries/exception-filter";
import type { ExceptionSort } from "@/lib/queries/exception-order";
import { countExceptions, streamExceptions } from "@/lib/queries/exceptions";
import { readCompleteThrough } from "@/lib/queries/journey";
import { EXCEPTION_SHEET_COLUMNS, exceptionCells } from "../../../exception-sheet";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { sheetHead } from "../../../handoff-sheet";
import { orderOf } from "../../../paged";
import { ApiProblem } from "../../../problem";
import { csvStream, xlsxStream } from "../../../sheet-stream";
import { EXCEPTION_XLSX_ROWS_MAX, exceptionExportOperation } from "../../exception-operations";

export const GET = guardedRoute(exceptionExportOperation, async ({ request, query, services, now }) => {
  const { format = "csv", sort = "rank", ...parameters } = query;
  const { store, systems } = services;
  const filter = filterOf(parameters);
  const clock = now.toISOString();
  const [total, completeThrough] = await Promise.all([
    countExceptions(store, filter, clock),
    readCompleteThrough(store, null),
  ]);
  if (format === "xlsx" && total > EXCEPTION_XLSX_ROWS_MAX)
    throw new ApiProblem(413, `${total} exceptions; a spreadsheet holds at most ${EXCEPTION_XLSX_ROWS_MAX}. Take CSV.`);
  const sheet = {
    name: "Exceptions",
    head: sheetHead({
      of: "Exceptions",
      filter: new URL(request.url).searchParams,
      now: clock,
      completeThrough,
      systems,
      total,
    }),
    columns: EXCEPTION_SHEET_COLUMNS,
    rows: cellsOf(streamExceptions(store, filter, { now: clock, ...orderOf<ExceptionSort>(sort) })),
  };
  return new Response(format === "csv" ? csvStream(sheet) : await xlsxStream(sheet), {
    headers: {
      "content-type": SHEET_TYPES[format],
      "content-disposition": `attachment; filename="exceptions-${clock.slice(0, 10)}.${format}"`,
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

async function* cellsOf(exceptions: ReturnType<typeof streamExceptions>) {
  for await (const exception of exceptions) yield exceptionCells(exception);
}
