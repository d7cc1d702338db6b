import Decimal from "decimal.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { CanonicalEvent, EventData } from "@/sandbox/event";
import { simulate, type Truth } from "@/sandbox/simulation";
import { correlate } from "@/sandbox/truth";

let counter = 0;

/** An event as short as its objects: `event("erp", ["invoice INV1", "erp_order 008"])`. */
function event(source: string, names: readonly string[], data: Partial<EventData> = {}, type = "step.completed") {
  counter += 1;
  return {
    specversion: "1.0",
    id: `e${counter}`,
    source,
    type,
    time: new Date(1_800_000_000_000 + counter * 1000).toISOString(),
    recordedtime: new Date(1_800_000_000_000 + counter * 1000).toISOString(),
    dataschema: "https://schemas.example.com/x/1",
    data: { objects: names.map(ref), ...data },
  } as const satisfies CanonicalEvent;
}

function ref(name: string): { type: string; id: string } {
  const blank = name.indexOf(" ");
  return { type: name.slice(0, blank), id: name.slice(blank + 1) };
}

const link = (child: string, parent: string) => ({ child: ref(child), parent: ref(parent) });

function rootsOf(events: readonly CanonicalEvent[], of: CanonicalEvent): string[] {
  return [...correlate(events).rootsOfEvent(of)].sort();
}

/** Daylight saving is written out, so that no calendar of the code is trusted: 2026-03-08 07:00Z to 2026-11-01 06:00Z. */
function monthInNewYork(time: string): string {
  const isSummer = time >= "2026-03-08T07:00" && time < "2026-11-01T06:00";
  return new Date(Date.parse(time) - (isSummer ? 4 : 5) * 3_600_000).toISOString().slice(0, 7);
}

describe("the reference for correlation", () => {
  it("follows a tracking number up to its order, in any order of the events", () => {
    const events = [
      event("carrier-ups", ["tracking 1Z1", "depot Reno"]),
      event("wms-east", ["package P1", "shipment S1"]),
      event("middleware", ["tracking 1Z1", "package P1"]),
      event("wms-east", ["shipment S1", "order O1"]),
    ];
    const [scan] = events;
    if (scan === undefined) throw new Error("no scan");
    expect(rootsOf(events, scan)).toEqual(["order O1"]);
    expect(rootsOf([...events].reverse(), scan)).toEqual(["order O1"]);
    expect(rootsOf(events.slice(0, 3), scan)).toEqual(["shipment S1"]);
    expect(rootsOf(events.slice(0, 1), scan)).toEqual(["tracking 1Z1"]);
  });

  it("links to the nearest higher rank only", () => {
    const events = [event("erp", ["order O1", "erp_order 1", "shipment S1", "invoice I1"])];
    const reference = correlate([...events, event("wms-east", ["shipment S1", "order O2"])]);
    expect([...reference.rootsOfObject("invoice I1")]).toEqual(["order O2"]);
  });

  it("keeps an invoice of one order out of the other order of its shared shipment", () => {
    const invoice = event("erp", ["invoice I1", "erp_order 0001", "shipment S1"], {
      links: [link("invoice I1", "erp_order 0001")],
    });
    const events = [
      event("wms-east", ["shipment S1", "order O1", "order O2"]),
      event("erp", ["erp_order 0001", "order O1"]),
      invoice,
    ];
    expect(rootsOf(events, invoice)).toEqual(["order O1"]);
  });

  it("shares a collective payment between the orders of its invoices", () => {
    const payment = event("erp", ["payment 77", "invoice I1", "invoice I2"]);
    const events = [event("erp", ["invoice I1", "order O1"]), event("erp", ["invoice I2", "order O2"]), payment];
    expect(rootsOf(events, payment)).toEqual(["order O1", "order O2"]);
  });

  it("tells the task of one warehouse from that of another, whoever quotes it", () => {
    const quoted = event("middleware", [], { objects: [{ type: "warehouse_task", id: "4711", issuer: "wms-west" }] });
    const events = [
      event("wms-east", ["warehouse_task 4711", "order O1"]),
      event("wms-west", ["warehouse_task 4711", "order O2"]),
      quoted,
    ];
    expect(rootsOf(events, quoted)).toEqual(["order O2"]);
  });

  it("strips the ERP's leading zeros and everybody's blanks, and nobody else's zeros", () => {
    const events = [
      event("erp", ["erp_order 0080", "order O1"]),
      event("wms-central", ["erp_order 80", "shipment S1  "]),
    ];
    const pick = event("wms-east", ["shipment S1"]);
    expect(rootsOf([...events, pick], pick)).toEqual(["order O1"]);
    const other = event("wms-east", ["erp_order 0080"]);
    expect(rootsOf([...events, other], other)).toEqual(["erp_order 0080"]);
  });

  it("takes a cycle for one object", () => {
    const scan = event("carrier-ups", ["package P2"]);
    const loop = [
      event("wms-east", ["package P1", "package P2"], { links: [link("package P2", "package P1")] }),
      event("wms-east", ["package P1", "package P2"], { links: [link("package P1", "package P2")] }),
    ];
    expect(rootsOf([...loop, scan], scan)).toEqual(["package P1"]);
    expect(rootsOf([...loop, event("wms-east", ["package P2", "order O1"]), scan], scan)).toEqual(["order O1"]);
  });

  it("lets a retraction take back what was said before it, and a later statement stand", () => {
    const scan = event("carrier-ups", ["tracking 1Z1"]);
    const wrong = event("middleware", ["tracking 1Z1", "order O1"]);
    const back = event(
      "middleware",
      ["tracking 1Z1", "order O1"],
      { links: [link("tracking 1Z1", "order O1")] },
      "link.retracted",
    );
    expect(rootsOf([back, wrong, scan], scan)).toEqual(["tracking 1Z1"]);
    const again = event("middleware", ["tracking 1Z1", "order O1"]);
    expect(rootsOf([again, back, wrong, scan], scan)).toEqual(["order O1"]);
  });

  it("links a marketplace's order under ours, and neither through what nobody declared", () => {
    const theirs = event("marketplace", ["order 111-1", "wave W1"]);
    const events = [
      theirs,
      event("oms", ["order O1", "order 111-1", "wave W1"], { links: [link("order 111-1", "order O1")] }),
      event("wms-east", ["wave W1", "order O2"]),
    ];
    expect(rootsOf(events, theirs)).toEqual(["order O1"]);
    const wave = event("wms-east", ["wave W1"]);
    expect(rootsOf([...events, wave], wave)).toEqual([]);
  });
});

describe("the truth of a simulation", () => {
  let events: Map<string, CanonicalEvent>;
  let truth: Truth;
  beforeAll(() => {
    const simulated = simulate({ orders: 1500, days: 14, seed: "truth", complete: true });
    events = new Map(simulated.feed.map(({ event }) => [`${event.source} ${event.id}`, event]));
    truth = simulated.truth;
  });
  const get = (key: { source: string; id: string }): CanonicalEvent => {
    const found = events.get(`${key.source} ${key.id}`);
    if (found === undefined) throw new Error(`truth names ${key.source} ${key.id}, which is not in the feed`);
    return found;
  };

  it("places every event that names more than context, and no other", () => {
    const placed = new Set(truth.roots.flatMap((root) => root.events.map(({ source, id }) => `${source} ${id}`)));
    const context = new Set(["sku", "location", "customer", "carrier", "depot", "wave"]);
    for (const [key, { data }] of events) {
      const onlyContext = data.objects.every(({ type }) => context.has(type));
      expect(`${key} ${placed.has(key)}`).toBe(`${key} ${!onlyContext}`);
    }
    expect(truth.counts.contextOnly).toBe(events.size - placed.size);
    expect(truth.counts.contextOnly).toBeGreaterThan(50);
  });

  it("correlates alike over the whole feed at once, shuffled", () => {
    const shuffled = [...events.values()].sort((a, b) => (a.id + a.source < b.id + b.source ? -1 : 1));
    const reference = correlate(shuffled);
    const roots = new Map<string, Set<string>>();
    for (const each of shuffled) {
      for (const root of reference.rootsOfEvent(each)) {
        roots.set(root, (roots.get(root) ?? new Set()).add(`${each.source} ${each.id}`));
      }
    }
    expect(roots.size).toBe(truth.roots.length);
    for (const { type, id, events: own } of truth.roots) {
      expect([...(roots.get(`${type} ${id}`) ?? [])].sort()).toEqual(
        own.map((key) => `${key.source} ${key.id}`).sort(),
      );
    }
  });

  it("gives every order a journey of its own, and leaves little outside of one", () => {
    const journeys = new Set(truth.roots.filter(({ type }) => type === "order").map(({ id }) => id));
    expect([...journeys].sort()).toEqual(truth.orders.map(({ order }) => order).sort());
    const strays = truth.roots.filter(({ type }) => type !== "order" && type !== "purchase_order");
    expect(strays.length).toBeLessThan(truth.orders.length / 50);
    // What stays outside is a mistyped shipment, a number the carrier never referenced, or what hangs on a lost event.
    for (const stray of strays) expect(["shipment", "erp_document", "tracking", "package"]).toContain(stray.type);
  });

  it("shares a consolidated shipment, and only its own events, between its orders", () => {
    const shared = truth.orders
      .filter(({ shapes }) => shapes.includes("consolidatedShipment"))
      .map(({ order }) => order);
    expect(shared.length).toBeGreaterThan(20);
    for (const root of truth.roots.filter(({ type, id }) => type === "order" && shared.includes(id))) {
      const own = root.events.map(get);
      const confirmed = own.filter(({ type }) => type === "shipment.confirmed");
      expect(confirmed.some(({ data }) => data.objects.filter(({ type }) => type === "order").length > 1)).toBe(true);
      expect(own.filter(({ source, type }) => source === "oms" && type === "order.created")).toHaveLength(1);
    }
  });

  it("names only events of the feed in its faults, and they belong to the order it blames", () => {
    const own = new Map(
      truth.roots.map((root) => [root.id, new Set(root.events.map(({ source, id }) => `${source} ${id}`))]),
    );
    const elsewhere = new Set(["orphanGoodsIssue", "mistypedGoodsIssue", "unreferencedTracking"]);
    expect(truth.faults.length).toBeGreaterThan(60);
    for (const fault of truth.faults) {
      expect(fault.why).not.toBe("");
      for (const key of fault.events) {
        get(key);
        if (!elsewhere.has(fault.kind)) expect(own.get(fault.order)).toContain(`${key.source} ${key.id}`);
      }
    }
  });

  it("keeps books that the events bear out, order by order", () => {
    const roots = new Map(truth.roots.filter(({ type }) => type === "order").map((root) => [root.id, root]));
    for (const order of truth.orders) {
      const { shapes } = order;
      // What is shared between orders cannot be told apart by an event's total; all other orders must add up alone.
      const shared = ["consolidatedShipment", "collectiveGoodsIssue", "collectiveInvoice", "collectivePayment"];
      if (shared.some((shape) => shapes.includes(shape))) continue;
      const own = (roots.get(order.order)?.events ?? []).map(get);
      const total = (type: string) =>
        own.filter((each) => each.type === type).reduce((sum, { data }) => sum.plus(data.amount ?? 0), new Decimal(0));
      const last = (type: string) =>
        own
          .filter((each) => each.type === type)
          .sort((a, b) => (a.time < b.time ? -1 : 1))
          .at(-1);
      const wanted = new Decimal(
        (last("order.changed") ?? own.find((each) => each.type === "order.created" && each.source === "oms"))?.data
          .amount ?? 0,
      );
      const cancelled = own.some(({ type }) => type === "order.cancelled");
      expect(new Decimal(order.ordered.amount).minus(order.cancelled.amount).toFixed(2)).toBe(
        cancelled ? "0.00" : wanted.toFixed(2),
      );
      expect(order.shipped.amount).toBe(total("shipment.confirmed").toFixed(2));
      expect(order.posted.amount).toBe(total("goods_issue.posted").minus(total("goods_issue.reversed")).toFixed(2));
      // The books are in dollars, the documents of a site abroad are not.
      if (shapes.includes("exportOrder")) continue;
      expect(order.invoiced.amount).toBe(total("invoice.posted").minus(total("invoice.reversed")).toFixed(2));
      expect(order.paid.amount).toBe(total("payment.received").toFixed(2));
      expect(order.credited.amount).toBe(total("credit_memo.posted").toFixed(2));
    }
  });

  it("finds order, shipment, posting, invoice and payment equal wherever no fault was planted", () => {
    const faulty = new Set(truth.faults.map(({ order }) => order));
    const whole = truth.orders.filter(({ order }) => !faulty.has(order));
    expect(whole.length).toBeGreaterThan(1300);
    for (const { order, ordered, cancelled, shipped, posted, invoiced, paid } of whole) {
      const due = new Decimal(ordered.amount).minus(cancelled.amount).toFixed(2);
      expect([order, shipped.amount, posted.amount, invoiced.amount, paid.amount]).toEqual([order, due, due, due, due]);
      expect(shipped.quantity).toBe(posted.quantity);
      expect(shipped.quantity).toBe(invoiced.quantity);
    }
  });

  it("expects of each fault what its events show", () => {
    const documents = (shipment: string) =>
      [...events.values()].filter(
        ({ type, data }) => type === "goods_issue.posted" && data.objects.some(({ id }) => id === shipment),
      );
    for (const { kind, order, expected, events: keys } of truth.faults) {
      const [first] = expected;
      if (first === undefined) continue;
      if (kind === "missingGoodsIssue") expect(documents(first.key.id)).toEqual([]);
      if (kind === "duplicateGoodsIssue") expect(documents(first.key.id)).toHaveLength(2);
      if (kind === "wrongPeriodGoodsIssue") {
        const [shipped, posted] = keys.map(get);
        expect(first.period?.expected).toBe(monthInNewYork(shipped?.time ?? ""));
        expect(first.period?.actual).toBe(posted?.data.posting?.period);
        expect(first.period?.actual).not.toBe(first.period?.expected);
      }
      if (kind === "wrongQuantityGoodsIssue" || kind === "wrongQuantityGoodsReceipt") {
        const [shipped, posted] = keys.map(get);
        for (const { sku, expected: due, actual } of first.quantity ?? []) {
          const sum = (of?: CanonicalEvent) =>
            (of?.data.lines ?? [])
              .filter((line) => line.sku === sku)
              .reduce((total, line) => total + Number(line.quantity), 0);
          expect([sum(shipped), sum(posted)]).toEqual([Number(due), Number(actual)]);
          expect(due).not.toBe(actual);
        }
      }
      const [invoice] = keys.map(get);
      const isAlone = invoice?.data.objects.filter(({ type }) => type === "shipment").length === 1;
      const isConsolidated = truth.orders.some(
        ({ order: id, shapes }) => id === order && shapes.includes("consolidatedShipment"),
      );
      if (kind === "wrongAmountInvoice" && isAlone && !isConsolidated && invoice?.data.currency === "USD")
        expect(invoice.data.amount).toBe(first.amount?.actual);
    }
  });

  it("is the same when every event also names its order", () => {
    const options = { orders: 400, days: 10, seed: "variant" };
    const native = simulate(options);
    const full = simulate({ ...options, variant: "full" });
    const places = (of: Truth) =>
      of.roots
        .map(
          ({ type, id, events: own }) =>
            `${type} ${id}: ${own
              .map((key) => `${key.source} ${key.id}`)
              .sort()
              .join()}`,
        )
        .sort();
    expect(places(full.truth)).toEqual(places(native.truth));
    const scans = full.feed.filter(({ event: { source } }) => source.startsWith("carrier-"));
    const named = scans.filter(({ event: { data } }) => data.objects.some(({ type }) => type === "order"));
    expect(named.length / scans.length).toBeGreaterThan(0.97);
  });

  it("speaks of nothing that the feed has not reached", () => {
    const { feed, truth: soFar } = simulate({ orders: 400, days: 10, seed: "cut" });
    const delivered = new Set(feed.map(({ event }) => `${event.source} ${event.id}`));
    for (const { events: own } of soFar.roots)
      for (const { source, id } of own) expect(delivered).toContain(`${source} ${id}`);
    for (const { detectableAt } of soFar.faults) expect(detectableAt <= soFar.about.end).toBe(true);
    expect(soFar.counts.events).toBe(delivered.size);
    expect(soFar.counts.deliveries).toBe(feed.length);
  });
});
