import { SHEET_TYPES } from "@/components/ui/sheet";
import { companyOf } from "@/lib/domain/handoffs/business-time";
import { filterOf } from "@/lib/queries/handoff-filter";
import type { HandoffSort } from "@/lib/queries/handoff-order";
import { countHandoffs, streamHandoffs } from "@/lib/queries/handoffs";
import { readCompleteThrough } from "@/lib/queries/journey";
import { readRuleBook } from "@/lib/queries/rule-book";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { dateIn, HANDOFF_SHEET_COLUMNS, handoffCells, type SheetContext, sheetHead } from "../../../handoff-sheet";
import { ApiProblem } from "../../../problem";
import { csvStream, xlsxStream } from "../../../sheet-stream";
import { HANDOFF_XLSX_ROWS_MAX, handoffExportOperation } from "../../reconciliation-operations";

export const GET = guardedRoute(handoffExportOperation, async ({ request, query, services, now }) => {
  const { format = "csv", sort = "stake", date, ...parameters } = query;
  const { store, systems, finance } = services;
  const filter = filterOf(parameters);
  const clock = now.toISOString();
  const [chosen = ""] = [filter.companyCode ?? []].flat();
  const timeZone = companyOf(finance, chosen, "").time_zone;
  const businessDate = date ?? dateIn(timeZone, now);
  const [total, rules, completeThrough] = await Promise.all([
    countHandoffs(store, filter, clock),
    readRuleBook(store),
    readCompleteThrough(store, null),
  ]);
  if (format === "xlsx" && total > HANDOFF_XLSX_ROWS_MAX)
    throw new ApiProblem(413, `${total} handoffs; a spreadsheet holds at most ${HANDOFF_XLSX_ROWS_MAX}. Take CSV.`);
  const order = { sort: sort.replace(/^-/, "") as HandoffSort, reverse: sort.startsWith("-"), now: clock };
  const sheet = {
    name: "Handoffs",
    head: sheetHead({
      filter: new URL(request.url).searchParams,
      businessDate,
      now: clock,
      completeThrough,
      systems,
      total,
    }),
    columns: HANDOFF_SHEET_COLUMNS,
    rows: cellsOf(streamHandoffs(store, filter, order), { rules, businessDate, timeZone }),
  };
  return new Response(format === "csv" ? csvStream(sheet) : await xlsxStream(sheet), {
    headers: {
      "content-type": SHEET_TYPES[format],
      "content-disposition": `attachment; filename="handoffs-${businessDate}.${format}"`,
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

async function* cellsOf(handoffs: ReturnType<typeof streamHandoffs>, context: SheetContext) {
  for await (const handoff of handoffs) yield handoffCells(handoff, context);
}
