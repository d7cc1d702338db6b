import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Decimal } from "decimal.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJourney } from "@/lib/queries/journey";
import { startTestStore, type TestStore } from "./embedded-store";
import {
  countByState,
  type ErpWorkspace,
  handoffsOf,
  type ImportRun,
  keysIn,
  openWorkspace,
  runImport,
} from "./erp-import";
import { bag, EXTRACT, LATER, missing, of, plain, type Row, type Truth, table, truthOfExtract } from "./sap-extract";

let test: TestStore;
let workspace: ErpWorkspace;
let done: ImportRun;

describe.skipIf(missing)("SAP order to cash, through a mapping file", () => {
  const truth = missing ? ({} as Truth) : truthOfExtract();

  beforeAll(async () => {
    test = await startTestStore();
    workspace = await openWorkspace("sap-o2c");
    done = await runImport(test.url, workspace, [EXTRACT, "--source", "sap", "--format", "sap-o2c"]);
  });

  afterAll(async () => {
    await test?.stop();
    if (workspace) await rm(workspace.folder, { recursive: true, force: true });
  });

  it("imports the folder: one event for each document, and the cancelled invoices, listed twice, once", () => {
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const { orders, orderItems, deliveries, billings, journal, cleared } = truth;
    const rejected = orderItems.filter((row) => of(row, "salesDocumentRjcnReason") !== "");
    const issued = deliveries.filter((row) => row.actualGoodsMovementDate !== null);
    const accepted = [orders, rejected, deliveries, issued, billings, journal, cleared].reduce(
      (sum, rows) => sum + rows.length,
      0,
    );
    const twice = table("billing_document_cancellations").length;
    expect(twice).toBe(80);
    expect(done.stdout).toContain(`${accepted} accepted, ${twice} duplicate, 0 dead letters`);
  });

  it("puts every document's events in the journey of the order that the files' own references lead to", async () => {
    const journeys = new Map<string, Set<string>>();
    const put = (order: string | undefined, event: string) =>
      journeys.set(order ?? "?", (journeys.get(order ?? "?") ?? new Set()).add(event));
    for (const row of truth.orders) put(of(row, "salesOrder"), `order.created ${of(row, "salesOrder")}`);
    for (const row of truth.orderItems)
      if (of(row, "salesDocumentRjcnReason") !== "")
        put(of(row, "salesOrder"), `order.item_rejected ${plain(of(row, "salesOrderItem"))}`);
    for (const row of truth.deliveries) {
      const delivery = of(row, "deliveryDocument");
      put(truth.orderOfDelivery.get(delivery), `delivery.created ${delivery}`);
      if (row.actualGoodsMovementDate !== null)
        put(truth.orderOfDelivery.get(delivery), `goods_issue.posted ${delivery}`);
    }
    const orderOfBilling = (billing: string) => truth.orderOfDelivery.get(truth.deliveryOfBilling.get(billing) ?? "");
    const orderOfLedger = new Map<string, string | undefined>();
    for (const row of truth.billings) {
      const billing = of(row, "billingDocument");
      const isCancel = of(row, "cancelledBillingDocument") !== "";
      put(orderOfBilling(billing), `${isCancel ? "invoice.reversed" : "invoice.posted"} ${billing}`);
    }
    for (const row of truth.journal) {
      orderOfLedger.set(of(row, "accountingDocument"), orderOfBilling(of(row, "referenceDocument")));
      put(orderOfBilling(of(row, "referenceDocument")), `journal.posted ${of(row, "accountingDocument")}`);
    }
    for (const row of truth.cleared)
      put(orderOfLedger.get(of(row, "accountingDocument")), `receivable.cleared ${of(row, "accountingDocument")}`);

    const SUBJECT: Record<string, string> = {
      "order.created": "order",
      "delivery.created": "shipment",
      "goods_issue.posted": "shipment",
      "invoice.posted": "invoice",
      "invoice.reversed": "invoice",
      "journal.posted": "journal_entry",
      "receivable.cleared": "journal_entry",
    };
    let [shown, expected, correct] = [0, 0, 0];
    const wrong: string[] = [];
    for (const row of truth.orders) {
      const id = of(row, "salesOrder");
      const journey = await readJourney(test.store, workspace.rules, { type: "order", id });
      const due = journeys.get(id) ?? new Set();
      const found = new Set(
        journey?.events.map((event) => {
          const subject = event.objects.find(
            ({ type, qualifier }) => type === SUBJECT[event.type] && qualifier === "subject",
          )?.id;
          return `${event.type} ${event.type === "order.item_rejected" ? plain(event.id.split("-").at(-1) ?? "") : subject}`;
        }),
      );
      const common = [...due].filter((event) => found.has(event)).length;
      if (common !== due.size || common !== found.size) wrong.push(id);
      [shown, expected, correct] = [shown + found.size, expected + due.size, correct + common];
    }
    expect(journeys.size).toBe(100);
    expect({ precision: correct / shown, recall: correct / expected, wrong }).toEqual({
      precision: 1,
      recall: 1,
      wrong: [],
    });
    const [roots] = await test.store.query<{ roots: number }>("SELECT toUInt32(count()) AS roots FROM journeys FINAL");
    expect(roots?.roots).toBe(truth.orders.length);
  });

  it("lists the 14 orders without a delivery, and agrees with the files on all others", async () => {
    const handoffs = await handoffsOf(test.store, "order-delivery", LATER);
    const undelivered: string[] = [];
    const different: string[] = [];
    for (const row of truth.orders) {
      const id = of(row, "salesOrder");
      const delivered = truth.deliveredOfOrder.get(id);
      if (!delivered) undelivered.push(id);
      else if (bag(delivered) !== bag(truth.linesOfOrder.get(id) ?? [])) different.push(id);
    }
    expect(undelivered).toHaveLength(14);
    expect(keysIn(handoffs, "late")).toEqual(undelivered.sort());
    expect(keysIn(handoffs, "mismatched")).toEqual(different);
    expect(countByState(handoffs)).toEqual({ late: 14, matched: truth.orders.length - 14 - different.length });
  });

  it("is not late before its time: what was ordered within the last seven days waits", async () => {
    const now = "2025-04-08T12:00:00.000Z";
    const handoffs = await handoffsOf(test.store, "order-delivery", now);
    const open = truth.orders.filter((row) => !truth.deliveredOfOrder.has(of(row, "salesOrder")));
    const isDue = (row: Row) => Date.parse(of(row, "creationDate")) + 7 * 86_400_000 <= Date.parse(now);
    expect(keysIn(handoffs, "late")).toEqual(
      open
        .filter(isDue)
        .map((row) => of(row, "salesOrder"))
        .sort(),
    );
    expect(keysIn(handoffs, "pending")).toEqual(
      open
        .filter((row) => !isDue(row))
        .map((row) => of(row, "salesOrder"))
        .sort(),
    );
  });

  it("lists the 83 deliveries whose goods were never issued", async () => {
    const handoffs = await handoffsOf(test.store, "delivery-goods-issue", LATER);
    const unissued = truth.deliveries.filter((row) => of(row, "overallGoodsMovementStatus") === "A");
    expect(unissued).toHaveLength(83);
    expect(keysIn(handoffs, "late")).toEqual(unissued.map((row) => of(row, "deliveryDocument")).sort());
    expect(countByState(handoffs)).toEqual({ late: 83, matched: 3 });
  });

  it("nets every one of the 80 cancelled invoices out: their deliveries are not billed", async () => {
    const handoffs = await handoffsOf(test.store, "delivery-invoice", LATER);
    expect(truth.cancelled.size).toBe(80);
    const open: string[] = [];
    for (const cancel of truth.cancels) {
      const [own, old] = [of(cancel, "billingDocument"), of(cancel, "cancelledBillingDocument")];
      const delivery = truth.deliveryOfBilling.get(old) ?? "?";
      expect(truth.deliveryOfBilling.get(own)).toBe(delivery);
      open.push(delivery);
      const handoff = handoffs.get(delivery);
      expect(handoff, delivery).toMatchObject({ state: "late", actualQuantity: null });
      expect(handoff?.to.toSorted()).toEqual([`billing-${old}`, `billing-${own}`].sort());
    }
    const billed = new Map(
      truth.standing.map((row) => [
        truth.deliveryOfBilling.get(of(row, "billingDocument")) ?? "?",
        of(row, "billingDocument"),
      ]),
    );
    const never = truth.deliveries
      .map((row) => of(row, "deliveryDocument"))
      .filter((id) => !billed.has(id) && !open.includes(id));
    expect(never).toHaveLength(3);
    expect(keysIn(handoffs, "late")).toEqual([...open, ...never].sort());
    const agreeing = [...billed].filter(
      ([delivery, billing]) =>
        bag(truth.linesOfDelivery.get(delivery) ?? []) === bag(truth.linesOfBilling.get(billing) ?? []),
    );
    expect(keysIn(handoffs, "matched")).toEqual(agreeing.map(([delivery]) => delivery).sort());
    expect(countByState(handoffs)).toEqual({ late: 83, matched: 3 });
  });

  it("compares each order's total with what was billed for it, net of cancellations, to the cent", async () => {
    const handoffs = await handoffsOf(test.store, "order-invoiced-total", LATER);
    const billedOf = new Map<string, Decimal>();
    for (const row of truth.standing) {
      const order = truth.orderOfDelivery.get(truth.deliveryOfBilling.get(of(row, "billingDocument")) ?? "") ?? "?";
      billedOf.set(order, (billedOf.get(order) ?? new Decimal(0)).plus(of(row, "totalNetAmount")));
    }
    const expected = { late: [] as string[], matched: [] as string[], mismatched: [] as string[] };
    for (const row of truth.orders) {
      const [id, total] = [of(row, "salesOrder"), new Decimal(of(row, "totalNetAmount"))];
      const billed = billedOf.get(id);
      if (!billed) expected.late.push(id);
      else if (billed.minus(total).abs().lessThanOrEqualTo("0.05")) expected.matched.push(id);
      else expected.mismatched.push(id);
      expect(new Decimal(handoffs.get(id)?.expectedAmount ?? "-1").equals(total), id).toBe(true);
      if (billed) expect(new Decimal(handoffs.get(id)?.actualAmount ?? "-1").equals(billed), id).toBe(true);
    }
    for (const state of ["late", "matched", "mismatched"] as const)
      expect(keysIn(handoffs, state)).toEqual(expected[state].sort());
    expect(expected.matched).toHaveLength(3);
  });

  it("lists the 40 billing documents without a journal row, by the number they should have there", async () => {
    const handoffs = await handoffsOf(test.store, "invoice-journal", LATER);
    const posted = new Set(truth.journal.map((row) => of(row, "referenceDocument")));
    const unposted = truth.billings.filter((row) => !posted.has(of(row, "billingDocument")));
    expect(unposted).toHaveLength(40);
    expect(keysIn(handoffs, "late")).toEqual(unposted.map((row) => of(row, "accountingDocument")).sort());
    for (const row of unposted)
      expect(handoffs.get(of(row, "accountingDocument"))?.from).toEqual([`billing-${of(row, "billingDocument")}`]);
    const billingOf = new Map(truth.billings.map((row) => [of(row, "billingDocument"), row]));
    const elsewhere = truth.journal.filter(
      (row) =>
        of(row, "postingDate").slice(0, 7) !==
        of(billingOf.get(of(row, "referenceDocument")), "billingDocumentDate").slice(0, 7),
    );
    expect(countByState(handoffs)).toEqual({ late: 40, matched: truth.journal.length - elsewhere.length });
    expect(new Set([...handoffs.values()].map(({ companyCode }) => companyCode))).toEqual(new Set(["ABCD"]));
  });

  it("finds the receivables that nobody cleared, and that none was paid: what went was cancelled", async () => {
    const handoffs = await handoffsOf(test.store, "journal-clearing", LATER);
    const clearedOf = new Map(
      truth.cleared.map((row) => [of(row, "accountingDocument"), of(row, "amountInTransactionCurrency")]),
    );
    const open = truth.journal.filter((row) => !clearedOf.has(of(row, "accountingDocument")));
    const different = truth.journal.filter((row) => {
      const amount = clearedOf.get(of(row, "accountingDocument"));
      return amount !== undefined && !new Decimal(amount).equals(of(row, "amountInTransactionCurrency"));
    });
    expect(open).toHaveLength(3);
    expect(keysIn(handoffs, "late")).toEqual(open.map((row) => of(row, "accountingDocument")).sort());
    expect(countByState(handoffs)).toEqual({ late: 3, matched: truth.journal.length - 3 - different.length });
    const cancellations = new Set(truth.cancels.map((row) => of(row, "accountingDocument")));
    const paid = truth.cleared.filter((row) => !cancellations.has(of(row, "clearingAccountingDocument")));
    const [payments] = await test.store.query<{ payments: number }>(
      "SELECT toUInt32(count()) AS payments FROM events FINAL WHERE type = 'payment.received'",
    );
    expect(payments?.payments).toBe(paid.length);
  });

  it("imported again changes nothing", async () => {
    const again = await runImport(test.url, workspace, [EXTRACT, "--source", "sap", "--format", "sap-o2c"]);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/ 0 accepted, [\d,]+ duplicate, 0 dead letters/);
  });

  it("judges history anew when a rule is changed: with rejections counted, the undelivered orders ask for nothing", async () => {
    const file = join(workspace.configDir, "handoffs.yaml");
    const rules = await readFile(file, "utf8");
    await writeFile(
      file,
      rules.replace("compare: [quantity by sku]\n", "compare: [quantity by sku]\n    unless: order.item_rejected\n"),
    );
    await runImport(test.url, workspace, [
      join(EXTRACT, "sales_order_headers"),
      join(EXTRACT, "sales_order_items"),
      "--source",
      "sap",
      "--format",
      "sap-o2c",
    ]);
    const handoffs = await handoffsOf(test.store, "order-delivery", LATER);
    // An order of which every item was rejected; none in the extract was rejected in part.
    const rejected = truth.orders
      .map((row) => of(row, "salesOrder"))
      .filter((id) =>
        truth.orderItems.every((item) => of(item, "salesOrder") !== id || of(item, "salesDocumentRjcnReason") !== ""),
      );
    expect(keysIn(handoffs, "void")).toEqual(rejected.sort());
    expect(countByState(handoffs)).toEqual({ void: 14, matched: 86 });
  });
});
