/** The frozen handoffs of a close as cells of a spreadsheet. */
import { CSV_START, csvLine, sheetToXlsx } from "@/components/ui/sheet";
import type { FrozenHandoff } from "@/lib/domain/handoffs/period-close";

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

const CHUNK_CHARS = 64 * 1024;

/** Written as it is read: memory holds a chunk, whatever the period holds. */
export function closeAsCsv(handoffs: AsyncIterable<FrozenHandoff>): ReadableStream<Uint8Array> {
  const chunks = csvChunks(handoffs);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}

async function* csvChunks(handoffs: AsyncIterable<FrozenHandoff>): AsyncGenerator<string, void, undefined> {
  let chunk = CSV_START + csvLine(COLUMNS);
  for await (const handoff of handoffs) {
    chunk += csvLine(rowOf(handoff));
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

export async function closeAsXlsx(
  name: string,
  handoffs: AsyncIterable<FrozenHandoff>,
): Promise<Uint8Array<ArrayBuffer>> {
  const rows: string[][] = [];
  for await (const handoff of handoffs) rows.push(rowOf(handoff));
  return sheetToXlsx({ name, columns: COLUMNS, rows });
}
