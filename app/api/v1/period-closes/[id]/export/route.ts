import { SHEET_TYPES } from "@/components/ui/sheet";
import { attachmentDisposition, attachmentName } from "@/lib/domain/handoffs/attachment";
import { streamFrozen } from "@/lib/queries/period-close-rows";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { requireClose } from "../../../../period-close-answer";
import { closeSheet } from "../../../../period-close-sheet";
import { ApiProblem } from "../../../../problem";
import { csvStream, xlsxStream } from "../../../../sheet-stream";
import { exportCloseOperation, XLSX_ROWS_MAX } from "../../../period-close-operations";

export const GET = guardedRoute(exportCloseOperation, async ({ params, query, services }) => {
  const { format = "csv" } = query;
  const { id, companyCode, period, rows, contentHash } = await requireClose(services.store, params.id);
  if (format === "xlsx" && rows > XLSX_ROWS_MAX)
    throw new ApiProblem(413, `${rows} handoffs; a spreadsheet holds at most ${XLSX_ROWS_MAX}. Take CSV.`);
  const name = `close-${companyCode}-${period}-${contentHash.slice(0, 12)}`;
  const sheet = closeSheet(`${companyCode} ${period}`, streamFrozen(services.store, id));
  const content = format === "csv" ? csvStream(sheet) : await xlsxStream(sheet);
  return new Response(content, {
    headers: {
      "content-type": SHEET_TYPES[format],
      "content-disposition": attachmentDisposition(attachmentName(`${name}.${format}`)),
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
