/** The frozen handoffs of a close as cells of a spreadsheet. */
import type { FrozenHandoff } from "@/lib/domain/handoffs/period-close";
import type { StreamedSheet } from "./sheet-stream";

const COLUMNS = [
  "Rule",
  "Rule version",
  "Key type",
  "Key",
  "State",
  "Expected quantity",
  "Actual quantity",
  "Expected amount",
  "Actual amount",
  "Currency",
  "At stake",
  "Company code",
  "Period",
  "Location",
  "Partner",
  "Opened",
  "Due",
  "Broken",
  "Settled",
  "Decision",
  "Decided by",
  "Decided at",
  "Reason",
  "Note",
  "Events expected",
  "Events found",
] as const;

const rowOf = (handoff: FrozenHandoff): string[] => {
  const { totals, resolution } = handoff;
  return [
    handoff.rule,
    String(handoff.ruleVersion),
    handoff.key.type,
    handoff.key.id,
    handoff.state,
    totals.expectedQuantity ?? "",
    totals.actualQuantity ?? "",
    totals.expectedAmount ?? "",
    totals.actualAmount ?? "",
    totals.currency,
    handoff.stake,
    handoff.companyCode,
    handoff.period,
    handoff.location,
    handoff.partner,
    handoff.openedAt,
    handoff.dueAt ?? "",
    handoff.brokenAt ?? "",
    handoff.settledAt ?? "",
    resolution?.kind ?? "",
    resolution?.by ?? "",
    resolution?.at ?? "",
    resolution?.reason ?? "",
    resolution?.note ?? "",
    handoff.from.map(({ source, id }) => `${source}/${id}`).join(" "),
    handoff.to.map(({ source, id }) => `${source}/${id}`).join(" "),
  ];
};

/** The frozen result as a table to stream. */
export const closeSheet = (name: string, handoffs: AsyncIterable<FrozenHandoff>): StreamedSheet => ({
  name,
  head: [],
  columns: COLUMNS,
  rows: rowsOf(handoffs),
});

async function* rowsOf(handoffs: AsyncIterable<FrozenHandoff>) {
  for await (const handoff of handoffs) yield rowOf(handoff);
}
