import { readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { type ErpWorkspace, handoffsOf, openWorkspace, runImport } from "./erp-import";
import { EXTRACT, LATER, missing, of, type Row, type Truth, table, truthOfExtract } from "./sap-extract";

describe.skipIf(missing)("an extract with spoiled rows", () => {
  let spoiled: TestStore;
  let own: ErpWorkspace;
  const truth = missing ? ({} as Truth) : truthOfExtract();

  /** Rewrites the table's rows, all in one file. */
  async function rewrite(folder: string, name: string, change: (lines: string[]) => string[]): Promise<void> {
    const parts = readdirSync(join(EXTRACT, name)).sort();
    const lines: string[] = [];
    for (const part of parts)
      lines.push(
        ...(await readFile(join(EXTRACT, name, part), "utf8")).split("\n").filter((line) => line.trim() !== ""),
      );
    await rm(join(folder, name), { recursive: true });
    await writeFile(join(folder, `${name}.jsonl`), change(lines).join("\n"));
  }

  const edit = (line: string, fields: object): string => JSON.stringify({ ...(JSON.parse(line) as object), ...fields });
  const firstWhere = (lines: string[], field: string, value: string) => {
    const at = lines.findIndex((line) => (JSON.parse(line) as Row)[field] === value);
    if (at === -1) throw new Error(`no row with ${field} ${value}`);
    return at;
  };

  beforeAll(async () => {
    spoiled = await startTestStore();
    own = await openWorkspace("sap-o2c");
  });

  afterAll(async () => {
    await spoiled?.stop();
    if (own) await rm(own.folder, { recursive: true, force: true });
  });

  it("turns each into a dead letter that names the field, and takes its neighbours", async () => {
    const folder = join(own.folder, "extract");
    await mkdir(folder);
    for (const name of [
      "sales_order_headers",
      "sales_order_items",
      "outbound_delivery_headers",
      "outbound_delivery_items",
      "billing_document_headers",
      "billing_document_items",
      "journal_entry_items_accounts_receivable",
    ])
      await cp(join(EXTRACT, name), join(folder, name), { recursive: true });
    const [first, second, third] = truth.deliveries.map((row) => of(row, "deliveryDocument"));
    await rewrite(folder, "outbound_delivery_headers", (lines) => {
      // A time of day that is none; a day that is none; a header that is cut off, whose items then lack it.
      lines[0] = edit(lines[0] ?? "", { creationTime: { hours: 25, minutes: 0, seconds: 0 } });
      lines[1] = edit(lines[1] ?? "", { creationDate: "31.03.2025" });
      lines[2] = (lines[2] ?? "").slice(0, 40);
      return lines;
    });
    const [unread = "", changed = ""] = truth.orders
      .map((row) => of(row, "salesOrder"))
      .filter((order) => truth.deliveredOfOrder.has(order))
      .slice(20);
    await rewrite(folder, "sales_order_items", (lines) => {
      const [bad, other] = [firstWhere(lines, "salesOrder", unread), firstWhere(lines, "salesOrder", changed)];
      lines[bad] = edit(lines[bad] ?? "", { requestedQuantity: "two" });
      lines[other] = edit(lines[other] ?? "", { requestedQuantity: "7.5" });
      return lines;
    });
    await rewrite(folder, "billing_document_items", (lines) => {
      const documents = lines.map((line) => of(JSON.parse(line) as Row, "billingDocument"));
      const [one = 0, two = 0] = documents.flatMap((id, at) =>
        documents.indexOf(id) === at && documents.lastIndexOf(id) === at ? at : [],
      );
      lines[one] = edit(lines[one] ?? "", { referenceSdDocument: "" });
      lines[two] = edit(lines[two] ?? "", { billingDocument: "99999999" });
      return lines;
    });
    await rewrite(folder, "journal_entry_items_accounts_receivable", (lines) => {
      lines[0] = edit(lines[0] ?? "", { amountInTransactionCurrency: "897.03-" });
      lines[1] = edit(lines[1] ?? "", { amountInTransactionCurrency: "8 97" });
      lines[2] = edit(lines[2] ?? "", { postingDate: null });
      return lines;
    });
    const done = await runImport(spoiled.url, own, [folder, "--source", "sap", "--format", "sap-o2c"]);
    expect(done.code, done.stderr).toBe(0);

    const letters = await spoiled.store.query<{ origin: string; path: string; reason: string }>(
      "SELECT origin, path, reason FROM dead_letters FINAL ORDER BY origin",
    );
    const orphaned = table("outbound_delivery_items").filter((row) => of(row, "deliveryDocument") === third).length;
    const at = (origin: RegExp) => letters.filter((letter) => origin.test(letter.origin)).map(({ path }) => path);
    expect(at(/outbound_delivery_headers\.jsonl:1$/)).toEqual(["creationTime.hours"]);
    expect(at(/outbound_delivery_headers\.jsonl:2$/)).toEqual(["creationDate"]);
    expect(at(/outbound_delivery_headers\.jsonl:3$/)).toHaveLength(1);
    expect(letters.filter(({ path }) => path === "deliveryDocument")).toHaveLength(orphaned);
    expect(at(/sales_order_headers/)).toEqual(["data.lines.0.quantity"]);
    expect(at(/journal_entry.*:2$/)).toEqual(["data.amount"]);
    expect(at(/journal_entry.*:3$/)).toEqual(["time"]);
    // The invoice whose item says no delivery; the item of an invoice that is not there; the invoice that is left without an item.
    expect(at(/billing_document_items/)).toEqual(["billingDocument"]);
    expect(at(/billing_document_headers/).sort()).toEqual(["billingDocument", "data.links.0.parent.id"]);
    for (const { path, reason } of letters) if (path !== "") expect(reason).toContain(path);

    const stored = async (type: string) =>
      (
        await spoiled.store.query<{ id: string }>(
          "SELECT event_id AS id FROM events FINAL WHERE type = {type:String}",
          { type },
        )
      ).map(({ id }) => id);
    const deliveries = await stored("delivery.created");
    expect(deliveries).toHaveLength(truth.deliveries.length - 3);
    for (const gone of [first, second, third]) expect(deliveries).not.toContain(`delivery-${gone}`);
    expect(await stored("order.created")).toHaveLength(truth.orders.length - 1);
    expect(await stored("journal.posted")).toHaveLength(truth.journal.length - 2);
    // 897.03- is negative, in SAP's way of writing it.
    const [signed] = await spoiled.store.query<{ amount: string }>(
      "SELECT toString(amount) AS amount FROM events FINAL WHERE type = 'journal.posted' AND has(objects.id, {id:String})",
      { id: of(truth.journal[0], "accountingDocument") },
    );
    expect(signed?.amount).toMatch(/^-897\.03/);

    const handoffs = await handoffsOf(spoiled.store, "order-delivery", LATER);
    expect(handoffs.get(unread)?.state).toBe("orphan");
    const [material, delivered] = (truth.linesOfOrder.get(changed) ?? [])[0] ?? [];
    expect(handoffs.get(changed)).toMatchObject({
      state: "mismatched",
      difference: { quantity: [{ sku: material, expected: "7.5", actual: delivered }] },
    });
  });
});
