import { describe, expect, it } from "vitest";
import type { PlacedEvent } from "@/lib/domain/assembly";
import { summariseJourney } from "@/lib/domain/journey-summary";
import type { SystemKind, SystemRegistry } from "@/lib/domain/system";

const KINDS: Record<string, SystemKind> = {
  oms: "oms",
  "wms-east": "wms",
  "wms-west": "wms",
  erp: "erp",
  carrier: "carrier",
};
const systems: SystemRegistry = {
  exact: new Map(
    Object.entries(KINDS).map(([id, kind]) => [id, { id, name: id.toUpperCase(), kind, identifiers: {} }]),
  ),
  families: [],
};

let minute = 0;
function event(source: string, type: string, objects: string[], more: Partial<PlacedEvent> = {}): PlacedEvent {
  minute += 1;
  const at = new Date(Date.UTC(2026, 10, 1, 8, minute)).toISOString();
  return {
    id: `e${minute}`,
    source,
    type,
    occurredAt: at,
    outcome: "ok",
    objects: objects.map((name) => {
      const [objectType = "", id = ""] = name.split(" ");
      return { type: objectType, id, qualifier: "" };
    }),
    quantity: null,
    amount: null,
    currency: "",
    promisedAt: null,
    sharedWith: 0,
    ...more,
  };
}

const summarise = (...events: PlacedEvent[]) => {
  const objects = events.flatMap((one) => one.objects);
  return summariseJourney(events, objects, systems);
};

describe("the stage of an order", () => {
  it("is partial while one of its shipments has not left, and whole when both have", () => {
    const created = event("oms", "order.created", ["order 1"], { quantity: "5" });
    const accepted = event("wms-west", "fulfillment.accepted", ["order 1", "shipment B"]);
    const first = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"], { quantity: "3" });
    const second = event("wms-west", "shipment.confirmed", ["order 1", "shipment B"], { quantity: "2" });
    expect(summarise(created, accepted, first).stage).toBe("Partially shipped");
    expect(summarise(created, accepted, first).nextStep).toBe("Ship the rest");
    expect(summarise(created, accepted, first, second).stage).toBe("Shipped");
  });

  it("is partial while fewer units have left than were ordered, whatever the number of shipments", () => {
    const created = event("oms", "order.created", ["order 1"], { quantity: "5" });
    const short = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"], { quantity: "3" });
    expect(summarise(created, short).stage).toBe("Partially shipped");
  });

  it("does not count the same units twice when WMS and ERP both report them", () => {
    const created = event("oms", "order.created", ["order 1"], { quantity: "6" });
    const shipped = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"], { quantity: "3" });
    const posted = event("erp", "goods_issue.posted", ["shipment A", "erp_document 9"], { quantity: "3" });
    expect(summarise(created, shipped, posted).stage).toBe("Partially shipped");
  });

  it("is taken back by a cancelled shipment, and reached again by the next", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const shipped = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"]);
    const cancelled = event("wms-east", "shipment.cancelled", ["order 1", "shipment A"]);
    const again = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"]);
    expect(summarise(created, shipped, cancelled).stage).toBe("Ordered");
    expect(summarise(created, shipped, cancelled, again).stage).toBe("Shipped");
  });

  it("of a prepaid order follows its goods, not its money", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const paid = event("erp", "payment.received", ["order 1", "payment 7"]);
    const picked = event("wms-east", "pick.completed", ["order 1", "shipment A"]);
    expect(summarise(created, paid, picked).stage).toBe("Picked");
  });

  it("is Cancelled when nothing of it has left", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const cancelled = event("oms", "order.cancelled", ["order 1"]);
    const summary = summarise(created, cancelled);
    expect([summary.stage, summary.nextStep, summary.statusBySource.oms?.stage]).toEqual([
      "Cancelled",
      null,
      "Cancelled",
    ]);
  });

  it("is not reached by an attempt that failed", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const failed = event("erp", "goods_issue.posted", ["order 1", "shipment A"], { outcome: "failed" });
    const summary = summarise(created, failed);
    expect([summary.stage, summary.failures]).toEqual(["Ordered", 1]);
  });
});

describe("what systems believe", () => {
  it("disagrees while the ERP has no goods issue for what the warehouse shipped, and agrees once it has", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const known = event("erp", "erp_order.created", ["order 1", "erp_order 80"]);
    const shipped = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"]);
    const posted = event("erp", "goods_issue.posted", ["shipment A", "erp_document 9"]);
    const before = summarise(created, known, shipped);
    expect([before.agreed, before.statusBySource.erp?.disagreement]).toEqual([false, "has not posted the goods issue"]);
    expect(before.sentence).toContain("ERP has not posted the goods issue");
    expect(summarise(created, known, shipped, posted).agreed).toBe(true);
  });

  it("says nothing against an ERP that takes no part in the order", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const shipped = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"]);
    expect(summarise(created, shipped).agreed).toBe(true);
  });

  it("disagrees when a warehouse ships after the OMS cancelled", () => {
    const created = event("oms", "order.created", ["order 1"]);
    const cancelled = event("oms", "order.cancelled", ["order 1"]);
    const shipped = event("wms-east", "shipment.confirmed", ["order 1", "shipment A"]);
    const summary = summarise(created, cancelled, shipped);
    expect([summary.stage, summary.agreed]).toEqual(["Shipped", false]);
    expect(summary.statusBySource["wms-east"]?.disagreement).toBe("shipped after OMS cancelled the order");
  });
});

describe("the summary of a purchase order", () => {
  it("waits for the goods, then for the rest of them, then for nothing", () => {
    const placed = event("erp", "purchase_order.created", ["purchase_order 9"], { quantity: "5" });
    const some = event("erp", "goods_receipt.posted", ["purchase_order 9", "shipment A"], { quantity: "3" });
    const rest = event("erp", "goods_receipt.posted", ["purchase_order 9", "shipment B"], { quantity: "2" });
    expect(summarise(placed).nextStep).toBe("Receive the goods");
    expect(summarise(placed, some).nextStep).toBe("Receive the rest");
    expect(summarise(placed, some, rest).nextStep).toBeNull();
  });
});

it("a sentence tells what failed from what was rejected", () => {
  const created = event("oms", "order.created", ["order 1"]);
  const failed = event("gateway", "api.called", ["order 1"], { outcome: "failed" });
  const rejected = event("wms-east", "return.inspected", ["order 1"], { outcome: "rejected" });
  expect(summarise(created, failed, rejected).sentence).toMatch(/; 1 message failed; 1 was rejected\.$/);
  expect(summarise(created, failed, rejected).failures).toBe(2);
});
