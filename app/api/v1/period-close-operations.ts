/** Operations by which finance closes a period. */
import { z } from "zod";
import { operation } from "../operation";
import * as schemas from "./period-close-schemas";

/** A spreadsheet of more is no longer pleasant; CSV has no limit, it is streamed. */
export const XLSX_ROWS_MAX = 20_000;
export const CHANGES_SHOWN_MAX = 500;

const view = { method: "GET", permission: "reconciliation:view" } as const;
const ofClose = { parameters: { id: "The close" }, problems: [404] } as const;

export const checklistOperation = operation({
  ...view,
  id: "readCloseChecklist",
  path: "/api/v1/period-closes/checklist",
  summary: "What is still open about a period",
  query: schemas.companyPeriod,
  answer: { status: 200, description: "By rule and by source", schema: schemas.checklistAnswer },
});

export const listClosesOperation = operation({
  ...view,
  id: "listPeriodCloses",
  path: "/api/v1/period-closes",
  summary: "Periods that were closed, and opened again, newest first",
  answer: { status: 200, description: "The last 500 acts", schema: schemas.periodActList },
});

export const closePeriodOperation = operation({
  id: "closePeriod",
  method: "POST",
  path: "/api/v1/period-closes",
  permission: "reconciliation:close",
  summary: "Sign a period off",
  description:
    "Freezes every handoff of the period and the hash over them. Each open item of the checklist must be acknowledged with a note, in the number in which it is open. 409 when the period is closed already, or changed meanwhile.",
  body: schemas.closeRequest,
  answer: { status: 202, description: "Signed", schema: schemas.periodAct },
  problems: [404, 409, 413, 415],
});

export const reopenPeriodOperation = operation({
  id: "reopenPeriod",
  method: "POST",
  path: "/api/v1/period-closes/{id}/reopen",
  permission: "reconciliation:close",
  summary: "Open a closed period again; what was frozen stays",
  parameters: { id: "The close" },
  body: schemas.reopenRequest,
  answer: { status: 202, description: "Opened", schema: schemas.periodAct },
  problems: [404, 409, 413, 415],
});

export const verifyCloseOperation = operation({
  ...view,
  ...ofClose,
  id: "verifyPeriodClose",
  path: "/api/v1/period-closes/{id}/verify",
  summary: "Recompute the hash of a close from what is stored",
  answer: { status: 200, description: "Whether it is what was signed", schema: schemas.verification },
});

export const changesOperation = operation({
  ...view,
  ...ofClose,
  id: "listChangesAfterClose",
  path: "/api/v1/period-closes/{id}/changes",
  summary: "Handoffs of a closed period that are no longer as they were signed",
  answer: {
    status: 200,
    description: `How many of each kind, and the first ${CHANGES_SHOWN_MAX}`,
    schema: schemas.changesAnswer,
  },
});

export const exportCloseOperation = operation({
  ...view,
  ...ofClose,
  id: "exportPeriodClose",
  path: "/api/v1/period-closes/{id}/export",
  summary: "The frozen result as CSV or XLSX",
  description: `XLSX holds at most ${XLSX_ROWS_MAX} handoffs. Cells that a spreadsheet would run are led by an apostrophe.`,
  query: z.object({ format: z.enum(["csv", "xlsx"]).optional().meta({ description: "`csv` when not given" }) }),
  answer: { status: 200, description: "The file", contentType: "text/csv" },
  problems: [404, 413],
});

export const PERIOD_CLOSE_OPERATIONS = [
  checklistOperation,
  listClosesOperation,
  closePeriodOperation,
  reopenPeriodOperation,
  verifyCloseOperation,
  changesOperation,
  exportCloseOperation,
] as const;
