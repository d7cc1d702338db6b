import { describe, expect, it } from "vitest";
import type { PlacedEvent } from "@/lib/domain/assembly";
import type { Stage } from "@/lib/domain/journey";
import { summariseJourney } from "@/lib/domain/journey-summary";
import type { SystemKind, SystemRegistry } from "@/lib/domain/system";

const KINDS: Record<string, SystemKind> = {
  oms: "oms",
  "wms-east": "wms",
  "wms-west": "wms",
  erp: "erp",
  dhl: "carrier",
  ups: "carrier",
  middleware: "middleware",
};
const systems: SystemRegistry = {
  exact: new Map(
    Object.entries(KINDS).map(([id, kind]) => [id, { id, name: id.toUpperCase(), kind, identifiers: {} }]),
  ),
  families: [],
};

let count = 0;
/** `says("wms-east", "10:15", "pick.completed", "order 1, shipment A", { quantity: "3" })`; an object may carry a qualifier: "invoice 7 reversed". */
function says(
  source: string,
  clock: string,
  type: string,
  objects: string,
  more: Partial<PlacedEvent> = {},
): PlacedEvent {
  count += 1;
  return {
    id: `e${count}`,
    source,
    type,
    occurredAt: at(clock),
    outcome: "ok",
    objects: objects.split(", ").map((name) => {
      const [objectType = "", id = "", qualifier = ""] = name.split(" ");
      return { type: objectType, id, qualifier };
    }),
    quantity: null,
    amount: null,
    currency: "",
    promisedAt: null,
    sharedWith: 0,
    ...more,
  };
}

const at = (clock: string): string => `2026-11-23T${clock}:00.000Z`;
const units = (quantity: number) => ({ quantity: String(quantity) });

/** The stages by name: "full 10:15", "partial" or "none"; with the summary's stage and sentence. */
function told(...events: PlacedEvent[]) {
  const inOrder = [...events].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  const summary = summariseJourney(
    inOrder,
    inOrder.flatMap((event) => event.objects),
    systems,
  );
  const stages = Object.fromEntries(
    summary.stages.map(({ stage, state, completedAt }) => [
      stage,
      completedAt ? `${state} ${completedAt.slice(11, 16)}` : state,
    ]),
  ) as Record<Stage, string>;
  return { ...stages, stage: summary.stage, sentence: summary.sentence, summary };
}

describe("a plain order", () => {
  const order = [
    says("oms", "08:00", "order.created", "order 1", units(5)),
    says("erp", "08:30", "erp_order.created", "order 1, erp_order 80", units(5)),
    says("oms", "08:05", "order.allocated", "order 1", units(5)),
    says("oms", "08:10", "order.released", "order 1"),
    says("wms-east", "08:12", "fulfillment.accepted", "order 1, fulfillment F"),
    says("wms-east", "09:00", "pick.completed", "warehouse_task 1, shipment A", units(3)),
    says("wms-east", "09:10", "pick.completed", "warehouse_task 2, shipment A", units(2)),
    says("wms-east", "09:30", "pack.completed", "package P1, shipment A"),
    says("wms-east", "09:40", "pack.completed", "package P2, shipment A"),
    says("wms-east", "10:00", "shipment.confirmed", "order 1, shipment A", units(5)),
    says("erp", "10:30", "goods_issue.posted", "shipment A, erp_document 49", units(5)),
    says("dhl", "10:20", "carrier.accepted", "tracking T1, shipment A"),
    says("dhl", "12:00", "carrier.in_transit", "tracking T1"),
    says("dhl", "15:00", "carrier.in_transit", "tracking T1"),
    says("erp", "11:00", "invoice.posted", "invoice 7, erp_order 80", units(5)),
  ];

  it("is Ordered when it was first stated, and each later stage is complete with the event that completed it", () => {
    const { Ordered, Allocated, Released, Picked, Packed, Shipped, Delivered, Invoiced } = told(...order);
    expect({ Ordered, Allocated, Released, Picked, Packed, Shipped, Delivered, Invoiced }).toEqual({
      Ordered: "full 08:00",
      Allocated: "full 08:05",
      Released: "full 08:10",
      Picked: "full 09:10",
      Packed: "full 09:40",
      Shipped: "full 10:00",
      Delivered: "none",
      Invoiced: "full 11:00",
    });
  });

  it("shipped when the warehouse says it left: neither later scans nor the ERP's posting move that", () => {
    expect(told(...order).sentence).toBe("Shipped on 2026-11-23 10:00 UTC, as WMS-EAST reported.");
  });

  it("shipped when the warehouse says it left although the ERP posted before", () => {
    const early = says("erp", "09:50", "goods_issue.posted", "shipment A, erp_document 48", units(5));
    expect(told(...order, early).Shipped).toBe("full 10:00");
  });

  it("shipped when the ERP says so where no warehouse or carrier reports", () => {
    const silent = order.filter((event) => event.source === "oms" || event.source === "erp");
    expect(told(...silent).Shipped).toBe("full 10:30");
  });

  it("shipped when the carrier took it where the warehouse's confirmation is missing, although the carrier knows only its tracking number", () => {
    const unconfirmed = order.filter((event) => event.type !== "shipment.confirmed" && event.source !== "dhl");
    const label = says("middleware", "09:35", "step.completed", "package P1, tracking T1");
    const scan = says("ups", "10:20", "carrier.accepted", "tracking T1");
    expect(told(...unconfirmed, label, scan).Shipped).toBe("full 10:20");
  });

  it("is wholly picked and packed at the latest when it is wholly shipped, though a message about it was lost", () => {
    const lossy = order.filter((event) => event.objects[0]?.id !== "2");
    const before = lossy.filter((event) => event.occurredAt < at("10:00"));
    expect([told(...before).Picked, told(...before).Packed]).toEqual(["partial", "partial"]);
    expect([told(...lossy).Picked, told(...lossy).Packed, told(...lossy).Shipped]).toEqual([
      "full 10:00",
      "full 10:00",
      "full 10:00",
    ]);
  });

  it("is not wholly packed while a part of it is still being picked", () => {
    const between = order.filter((event) => event.occurredAt < at("09:10"));
    const firstBox = says("wms-east", "09:05", "pack.completed", "package P1, shipment A");
    const secondPick = says("wms-east", "09:10", "pick.completed", "warehouse_task 2, shipment A", units(2));
    const secondBox = says("wms-east", "09:40", "pack.completed", "package P2, shipment A");
    expect(told(...between, firstBox).Packed).toBe("partial");
    expect(told(...between, firstBox, secondPick)).toMatchObject({ Picked: "full 09:10", Packed: "partial" });
    expect(told(...between, firstBox, secondPick, secondBox)).toMatchObject({
      Picked: "full 09:10",
      Packed: "full 09:40",
    });
  });
});

describe("an order of which a part is back-ordered", () => {
  // 53 ordered, 21 in stock: what SO-106821 of the sandbox looked like.
  const first = [
    says("oms", "08:00", "order.created", "order 1", units(53)),
    says("oms", "08:05", "order.allocated", "order 1", units(21)),
    says("oms", "08:10", "order.released", "order 1"),
    says("wms-west", "09:00", "pick.completed", "warehouse_task 1, shipment A", units(21)),
    says("wms-west", "09:30", "pack.completed", "package P1, shipment A"),
    says("wms-west", "10:00", "shipment.confirmed", "order 1, shipment A", units(21)),
    says("dhl", "10:20", "carrier.accepted", "tracking T1, shipment A"),
    says("dhl", "14:00", "carrier.in_transit", "tracking T1"),
  ];
  const rest = [
    says("oms", "16:00", "order.allocated", "order 1", units(32)),
    says("oms", "16:10", "order.released", "order 1"),
    says("wms-west", "17:00", "pick.completed", "warehouse_task 2, shipment B", units(32)),
    says("wms-west", "17:30", "pack.completed", "package P2, shipment B"),
    says("wms-west", "18:00", "shipment.confirmed", "order 1, shipment B", units(32)),
  ];
  const GOODS_STAGES = ["Allocated", "Released", "Picked", "Packed", "Shipped"] as const;
  const goods = (...events: PlacedEvent[]) => {
    const stages = told(...events);
    return GOODS_STAGES.map((stage) => stages[stage]);
  };

  it("is partial in every stage, also where the messages do not say how much", () => {
    expect(goods(...first)).toEqual(["partial", "partial", "partial", "partial", "partial"]);
  });

  it("is dated by the shipment that left, not by the last scan of it", () => {
    expect(told(...first).sentence).toBe("Partially shipped on 2026-11-23 10:00 UTC, as WMS-WEST reported.");
  });

  it("is not yet wholly delivered when all that left has arrived", () => {
    const arrived = says("dhl", "15:00", "carrier.delivered", "tracking T1");
    expect(told(...first, arrived)).toMatchObject({ Delivered: "partial", stage: "Partially delivered" });
  });

  it("is complete with the rest, stage by stage", () => {
    expect(goods(...first, ...rest)).toEqual(["full 16:00", "full 16:10", "full 17:00", "full 17:30", "full 18:00"]);
  });

  it("is complete when the order is cut to what had left: at the moment that left", () => {
    const cut = says("oms", "16:00", "order.changed", "order 1", units(21));
    expect(told(...first, cut).Shipped).toBe("full 10:00");
  });
});

describe("an order split over two warehouses", () => {
  const split = [
    says("oms", "08:00", "order.created", "order 1", units(5)),
    says("wms-east", "09:00", "pick.completed", "warehouse_task 1, shipment A", units(3)),
    says("wms-west", "09:20", "pick.completed", "warehouse_task 1, shipment B", units(2)),
    says("wms-east", "09:30", "pack.completed", "package P1, shipment A"),
    says("wms-east", "10:00", "shipment.confirmed", "order 1, shipment A", units(3)),
  ];
  const second = [
    says("wms-west", "11:00", "pack.completed", "package P2, shipment B"),
    says("wms-west", "11:30", "shipment.confirmed", "order 1, shipment B", units(2)),
  ];

  it("is packed and shipped when the second half is", () => {
    expect(told(...split)).toMatchObject({ Picked: "full 09:20", Packed: "partial", Shipped: "partial" });
    expect(told(...split, ...second)).toMatchObject({
      Picked: "full 09:20",
      Packed: "full 11:00",
      Shipped: "full 11:30",
    });
  });

  it("is not taken for whole because the ERP posted one half twice", () => {
    const twice = ["49", "50"].map((id) =>
      says("erp", "10:30", "goods_issue.posted", `shipment A, erp_document ${id}`, units(3)),
    );
    expect(told(...split, ...twice)).toMatchObject({ Shipped: "partial", stage: "Partially shipped" });
  });

  it("is delivered when the last parcel is, and partly with the first", () => {
    const label = [
      says("middleware", "09:40", "step.completed", "package P1, tracking T1"),
      says("middleware", "11:10", "step.completed", "package P2, tracking T2"),
    ];
    const one = says("ups", "14:00", "carrier.delivered", "tracking T1");
    const scan = says("ups", "15:00", "carrier.out_for_delivery", "tracking T2");
    const two = says("ups", "16:00", "carrier.delivered", "tracking T2");
    const partly = told(...split, ...second, ...label, one, scan);
    expect([partly.Delivered, partly.sentence]).toEqual([
      "partial",
      "Partially delivered on 2026-11-23 14:00 UTC, as UPS reported.",
    ]);
    expect(told(...split, ...second, ...label, one, scan, two).Delivered).toBe("full 16:00");
  });

  it("is paid when both invoices are", () => {
    const bills = [
      says("erp", "12:00", "invoice.posted", "invoice 7, erp_order 80", units(3)),
      says("erp", "12:30", "invoice.posted", "invoice 8, erp_order 80", units(2)),
      says("erp", "13:00", "payment.received", "payment 1, invoice 7"),
    ];
    const last = says("erp", "14:00", "payment.received", "payment 2, invoice 8");
    expect(told(...split, ...second, ...bills)).toMatchObject({ Invoiced: "full 12:30", Paid: "partial" });
    expect(told(...split, ...second, ...bills, last).Paid).toBe("full 14:00");
  });
});

describe("what was taken back", () => {
  const shipped = [
    says("oms", "08:00", "order.created", "order 1", units(5)),
    says("wms-east", "10:00", "shipment.confirmed", "order 1, shipment A", units(5)),
  ];

  it("is complete again only with the event that completed it again", () => {
    const cancelled = says("wms-east", "10:10", "shipment.cancelled", "order 1, shipment A");
    const again = says("wms-east", "11:00", "shipment.confirmed", "order 1, shipment A", units(5));
    expect(told(...shipped, cancelled).Shipped).toBe("none");
    expect(told(...shipped, cancelled, again).Shipped).toBe("full 11:00");
  });

  it("is not waited for: a cancelled shipment's goods leave with another", () => {
    const cancelled = says("wms-east", "10:10", "shipment.cancelled", "order 1, shipment A");
    const other = says("wms-west", "12:00", "shipment.confirmed", "order 1, shipment B", units(5));
    expect(told(...shipped, cancelled, other).Shipped).toBe("full 12:00");
  });

  it("is the document that the reversal names, not the posting beside it", () => {
    const events = [
      says("erp", "10:30", "goods_issue.posted", "erp_document 49, shipment A", units(5)),
      says("erp", "10:31", "goods_issue.posted", "erp_document 50, shipment A", units(5)),
      says("erp", "12:00", "goods_issue.reversed", "erp_document 51, shipment A, erp_document 50 reversed", units(5)),
    ];
    const { summary } = told(...shipped, ...events);
    expect([summary.agreed, summary.statusBySource.erp?.stage]).toEqual([true, "Shipped"]);
  });

  it("is an invoice that was billed again later", () => {
    const events = [
      says("erp", "11:00", "invoice.posted", "invoice 7, erp_order 80", units(5)),
      says("erp", "12:00", "invoice.reversed", "invoice 8, invoice 7 reversed, erp_order 80", units(5)),
    ];
    const again = says("erp", "13:00", "invoice.posted", "invoice 9, erp_order 80", units(5));
    const paid = says("erp", "14:00", "payment.received", "payment 1, invoice 9");
    expect(told(...shipped, ...events).Invoiced).toBe("none");
    expect(told(...shipped, ...events, again, paid)).toMatchObject({ Invoiced: "full 13:00", Paid: "full 14:00" });
  });
});

describe("orders of other kinds", () => {
  it("shared with others in one shipment are picked with the last task and shipped with the shipment, though units cannot tell", () => {
    const shared = { quantity: "40", sharedWith: 2 };
    const events = [
      says("oms", "08:00", "order.created", "order 1", units(5)),
      says("wms-east", "09:00", "pick.completed", "warehouse_task 1, shipment A", shared),
      says("wms-east", "09:15", "pick.completed", "warehouse_task 2, shipment A", shared),
      says("wms-east", "10:00", "shipment.confirmed", "shipment A, order 1", shared),
    ];
    expect(told(...events)).toMatchObject({ Picked: "full 09:15", Shipped: "full 10:00", stage: "Shipped" });
  });

  it("prepaid are paid when the money came and stand where their goods are", () => {
    const events = [
      says("oms", "08:00", "order.created", "order 1", units(5)),
      says("erp", "08:01", "payment.received", "payment 1, order 1"),
      says("wms-east", "09:00", "pick.completed", "warehouse_task 1, shipment A", units(2)),
    ];
    expect(told(...events)).toMatchObject({ Paid: "full 08:01", Picked: "partial" });
    expect(told(...events).sentence).toBe("Partially picked on 2026-11-23 09:00 UTC, as WMS-EAST reported.");
  });

  it("cancelled say when that was first said, and by whom", () => {
    const events = [
      says("oms", "08:00", "order.created", "order 1", units(5)),
      says("oms", "08:20", "order.cancelled", "order 1"),
      says("erp", "09:00", "order.cancelled", "order 1"),
    ];
    expect(told(...events).sentence).toBe("Cancelled on 2026-11-23 08:20 UTC, as OMS reported.");
  });

  it("purchased are delivered when the warehouse has received all, whenever the ERP posts it", () => {
    const events = [
      says("erp", "08:00", "purchase_order.created", "purchase_order 45", units(100)),
      says("wms-east", "08:30", "asn.received", "shipment ASN1, purchase_order 45", units(60)),
      says("wms-east", "09:00", "goods_receipt.posted", "shipment ASN1", units(60)),
      says("erp", "09:30", "goods_receipt.posted", "erp_document 50, purchase_order 45, shipment ASN1", units(60)),
    ];
    const rest = [
      says("wms-east", "11:00", "goods_receipt.posted", "shipment ASN2", units(40)),
      says("erp", "11:30", "goods_receipt.posted", "erp_document 51, purchase_order 45, shipment ASN2", units(40)),
    ];
    expect(told(...events)).toMatchObject({ Delivered: "partial", stage: "Partially delivered" });
    expect(told(...events, ...rest).sentence).toBe("Delivered on 2026-11-23 11:00 UTC, as WMS-EAST reported.");
  });
});
