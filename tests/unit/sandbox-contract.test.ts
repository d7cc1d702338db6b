import Decimal from "decimal.js";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { CanonicalEvent, FeedRecord } from "@/sandbox/event";
import { upsCheckDigit } from "@/sandbox/numbers";
import { simulate, type Truth } from "@/sandbox/simulation";

/** The public contract's canonical event, written here a second time and strictly: an unknown member is an error. */
const decimal = z.string().regex(/^-?(0|[1-9]\d*)(\.\d+)?$/);
const time = z.iso.datetime({ precision: 3 });
const objectRef = z.strictObject({
  type: z.string().regex(/^[a-z_]+$/),
  id: z.string().refine((id) => id.trim() !== ""),
  qualifier: z.string().optional(),
  issuer: z.string().optional(),
});
const line = z.strictObject({
  sku: z.string().min(1),
  location: z.string().optional(),
  quantity: decimal,
  uom: z.enum(["EA", "DZ", "CS"]),
  amount: decimal.optional(),
  currency: z.enum(["USD", "CAD", "EUR"]).optional(),
  direction: z.enum(["in", "out"]).optional(),
});
const types =
  "order.created|changed|cancelled|allocated|backordered|released,fulfillment.requested|accepted|rejected,pick.completed,pack.completed,substitution.made,shortage.reported,shipment.confirmed|cancelled,carrier.accepted|in_transit|out_for_delivery|delivered|exception,goods_issue.posted|reversed,goods_receipt.posted|reversed,erp_order.created,invoice.posted|reversed,payment.received,journal.posted,credit_memo.posted,return.requested|received|inspected,inventory.adjusted|moved|counted|reserved|unreserved,purchase_order.created,asn.received,api.called,step.completed,message.dead_lettered,link.retracted"
    .split(",")
    .flatMap((group) => {
      const [subject = "", verbs = ""] = group.split(".");
      return verbs.split("|").map((verb) => `${subject}.${verb}`);
    });
const canonicalEvent = z.strictObject({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  source: z.enum([
    "oms",
    "marketplace",
    "erp",
    "gateway",
    "middleware",
    "wms-east",
    "wms-central",
    "wms-west",
    "carrier-dhl",
    "carrier-ups",
  ]),
  type: z.enum(types),
  time,
  recordedtime: time,
  sequence: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  dataschema: z.url(),
  data: z.strictObject({
    kind: z.enum(["api_call", "message", "step", "posting"]),
    objects: z.array(objectRef).min(1),
    links: z.array(z.strictObject({ child: objectRef, parent: objectRef })).optional(),
    outcome: z.enum(["ok", "failed", "rejected", "skipped"]).optional(),
    interface: z
      .string()
      .regex(/^[a-z-]+\.[a-z-]+$/)
      .optional(),
    error: z
      .strictObject({ class: z.enum(["technical", "business"]), code: z.string().min(1), message: z.string().min(1) })
      .optional(),
    attempt: z.int().min(1).optional(),
    durationMs: z.int().min(0).optional(),
    lines: z.array(line).min(1).optional(),
    amount: decimal.optional(),
    currency: z.enum(["USD", "CAD", "EUR"]).optional(),
    posting: z
      .strictObject({
        companyCode: z.enum(["1000", "2000"]),
        period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
        reverses: z.string().min(1).optional(),
      })
      .optional(),
    promisedAt: time.optional(),
    message: z
      .strictObject({
        channel: z.literal("http"),
        method: z.enum(["GET", "POST"]),
        path: z.string().startsWith("/"),
        headers: z.record(z.string(), z.string()),
        body: z.string().refine((body) => typeof JSON.parse(body) === "object"),
        idempotencyKey: z.string().min(1),
      })
      .optional(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  }),
});

const keyOf = (event: CanonicalEvent) => `${event.source} ${event.id}`;

let feed: FeedRecord[];
let events: CanonicalEvent[];
let truth: Truth;

beforeAll(() => {
  const simulated = simulate({ orders: 1200, days: 14, seed: "contract", complete: true });
  ({ feed, truth } = simulated);
  events = [...new Map(feed.map(({ event }) => [keyOf(event), event])).values()];
});

describe("the feed", () => {
  it("holds nothing but canonical events", () => {
    for (const event of events) {
      const parsed = canonicalEvent.safeParse(JSON.parse(JSON.stringify(event)));
      if (!parsed.success) throw new Error(`${keyOf(event)} ${event.type}: ${z.prettifyError(parsed.error)}`);
    }
  });

  it("is in delivery order, and nothing is delivered before its source recorded it", () => {
    const late = feed.filter(({ deliverAt }, i) => deliverAt < (feed[i - 1]?.deliverAt ?? 0));
    expect(late).toEqual([]);
    // Central's clock is behind and UPS's is ahead, by less than five minutes: the recorded time is theirs.
    const early = feed.filter(({ deliverAt, event }) => deliverAt < Date.parse(event.recordedtime) - 300_000);
    expect(early).toEqual([]);
  });

  it("gives one id to one event only: what repeats is the very same event", () => {
    const known = new Map<string, string>();
    for (const { event } of feed) {
      const text = JSON.stringify(event);
      expect(known.get(keyOf(event)) ?? text).toBe(text);
      known.set(keyOf(event), text);
    }
    expect(known.size).toBeLessThan(feed.length);
  });

  it("numbers the log of each sequenced source without a gap, but for lost events", () => {
    for (const source of ["oms", "middleware", "wms-east", "wms-central", "wms-west"]) {
      const own = events.filter((event) => event.source === source);
      const numbers = own.map((event) => Number(event.sequence)).sort((a, b) => a - b);
      expect(new Set(numbers).size).toBe(own.length);
      const lost = (numbers.at(-1) ?? 0) - numbers.length;
      expect(lost).toBeLessThanOrEqual(truth.counts.frequencies.lostEvent?.happened ?? 0);
      const byNumber = [...own].sort((a, b) => Number(a.sequence) - Number(b.sequence));
      expect(byNumber.map((event) => event.recordedtime)).toEqual(own.map((event) => event.recordedtime).sort());
    }
    expect(events.filter((event) => event.source === "gateway" && event.sequence !== undefined)).toEqual([]);
  });

  it("names every object that a link speaks of", () => {
    for (const { data } of events) {
      const named = new Set(data.objects.map(({ type, id }) => `${type} ${id}`));
      for (const { child, parent } of data.links ?? []) {
        expect(named).toContain(`${child.type} ${child.id}`);
        expect(named).toContain(`${parent.type} ${parent.id}`);
      }
    }
  });

  it("states amounts that are the sum of their lines", () => {
    const summed = events.filter(({ data }) => data.amount !== undefined && data.lines !== undefined);
    expect(summed.length).toBeGreaterThan(1000);
    for (const event of summed) {
      const sum = (event.data.lines ?? []).reduce((total, { amount }) => total.plus(amount ?? "NaN"), new Decimal(0));
      expect(`${event.type} ${sum.toFixed(2)}`).toBe(`${event.type} ${event.data.amount}`);
    }
  });

  it("reverses only what was posted before, for the same amount", () => {
    const posted = new Map(
      events
        .filter(({ type }) => type === "goods_issue.posted" || type === "invoice.posted")
        .map((event) => [event.data.objects[0]?.id, event]),
    );
    const reversals = events.filter(({ data }) => data.posting?.reverses !== undefined);
    expect(reversals.length).toBeGreaterThan(5);
    for (const reversal of reversals) {
      const original = posted.get(reversal.data.posting?.reverses);
      expect(original?.data.amount).toBe(reversal.data.amount);
      expect(Date.parse(original?.time ?? "")).toBeLessThan(Date.parse(reversal.time));
    }
  });

  it("keeps the original payload of every failed call and every dead letter, to be sent again", () => {
    const failed = events.filter(
      ({ type, data }) => type === "message.dead_lettered" || (type === "api.called" && data.error !== undefined),
    );
    expect(failed.length).toBeGreaterThan(20);
    for (const { data } of failed) {
      expect(data.message?.idempotencyKey).toBeTruthy();
      expect(data.error?.message).toBeTruthy();
    }
  });

  it("says only what each system can know", () => {
    const allowed: Record<string, readonly string[]> = {
      "carrier-ups": ["tracking", "depot"],
      "carrier-dhl": ["tracking", "depot", "shipment"],
      gateway: ["trace", "order", "fulfillment", "shipment", "sku", "location"],
      marketplace: ["order"],
    };
    for (const event of events) {
      const types = allowed[event.source];
      if (types !== undefined) for (const { type } of event.data.objects) expect(types).toContain(type);
      if (event.type === "pick.completed") expect(event.data.objects.map(({ type }) => type)).not.toContain("order");
    }
  });
});

describe("the numbers", () => {
  it("collide between warehouses, as task numbers do", () => {
    const tasks = (source: string) =>
      new Set(
        events
          .filter((event) => event.source === source)
          .flatMap(({ data }) => data.objects.filter(({ type }) => type === "warehouse_task").map(({ id }) => id)),
      );
    const east = tasks("wms-east");
    const shared = [...tasks("wms-west")].filter((id) => east.has(id));
    expect(shared.length).toBeGreaterThan(100);
  });

  it("have the shapes that people know", () => {
    const ids = (type: string, source: string) =>
      events
        .filter((event) => event.source === source)
        .flatMap(({ data }) => data.objects.filter((object) => object.type === type).map(({ id }) => id));
    for (const id of ids("erp_order", "erp")) expect(id).toMatch(/^00800\d{5}$/);
    for (const id of ids("tracking", "carrier-dhl")) expect(id).toMatch(/^JD\d{18}$/);
    for (const id of ids("tracking", "carrier-ups")) {
      expect(id).toMatch(/^1Z[0-9A-Z]{6}\d{10}$/);
      expect(Number(id.at(-1))).toBe(upsCheckDigit(id.slice(2, -1)));
    }
    for (const id of ids("order", "marketplace")) expect(id).toMatch(/^11\d-\d{7}-\d{7}$/);
    for (const id of ids("erp_order", "wms-central")) expect(id).toMatch(/^800\d{5}$/);
  });

  it("carry UPS's own check digit", () => {
    // Published by UPS as an example of its format.
    expect(upsCheckDigit("999AA1012345678")).toBe(4);
    expect(upsCheckDigit("5R8939035756712")).toBe(7);
  });
});
