import { describe, expect, it } from "vitest";
import { clockNotes } from "@/components/journey/clock-note";
import { documentTree } from "@/components/journey/document-tree";
import { eventLabel, statusWord, subjectOf } from "@/components/journey/event-label";
import { filterEvents, readHistoryFilter } from "@/components/journey/history-filter";
import { linesOf } from "@/components/journey/history-lines";
import { MOMENTS_MAX, momentsOf, stopOf } from "@/components/journey/moments";
import { promiseStatus } from "@/components/journey/promise";
import { completeness } from "@/components/shell/completeness";
import type { JourneyEvent, JourneyObject, StageProgress } from "@/lib/domain/journey";
import { STAGES } from "@/lib/domain/journey";
import type { NamedObject, ObjectRef } from "@/lib/domain/object";

const MINUTE_MS = 60_000;
const START = Date.parse("2026-11-23T10:00:00.000Z");
const minute = (n: number): string => new Date(START + n * MINUTE_MS).toISOString();
const ref = (name: string): ObjectRef => ({ type: name.split("/")[0] ?? "", id: name.split("/")[1] ?? "" });
const named = (name: string, qualifier = ""): NamedObject => ({ ...ref(name), qualifier });

function event(
  id: string,
  source: string,
  type: string,
  at: number,
  objects: NamedObject[],
  more: Partial<JourneyEvent> = {},
): JourneyEvent {
  return {
    id,
    source,
    type,
    kind: "message",
    occurredAt: minute(at),
    recordedAt: null,
    receivedAt: minute(at),
    outcome: "ok",
    error: null,
    interface: "",
    attempt: 1,
    durationMs: null,
    objects,
    quantity: null,
    amount: null,
    currency: "",
    promisedAt: null,
    linkedBy: [],
    sharedWith: 0,
    ...more,
  };
}

const object = (name: string, ...parents: string[]): JourneyObject => ({
  ...ref(name),
  parents: parents.map((parent) => ({ ...ref(parent), source: "oms", eventId: "e" })),
});

describe("document flow", () => {
  const tree = (objects: JourneyObject[], events: JourneyEvent[] = []) =>
    documentTree({ root: ref("order/O"), objects, events }, () => true);
  const shape = (objects: JourneyObject[]) =>
    tree(objects).nodes.map((node) => `${"  ".repeat(node.depth)}${node.object.id}`);

  it("stands each document under its closest parent only, when it also names that one's own parent", () => {
    const objects = [
      object("order/O"),
      object("fulfillment/F", "order/O"),
      object("shipment/S", "fulfillment/F", "order/O"),
    ];
    expect(shape(objects)).toEqual(["O", "  F", "    S"]);
    expect(tree(objects).nodes.flatMap((node) => node.otherParents)).toEqual([]);
  });

  it("shows a document of two parents under both, and says so at each", () => {
    const objects = [
      object("order/O"),
      object("invoice/A", "order/O"),
      object("invoice/B", "order/O"),
      object("payment/P", "invoice/A", "invoice/B"),
    ];
    expect(shape(objects)).toEqual(["O", "  A", "    P", "  B", "    P"]);
    const payments = tree(objects).nodes.filter((node) => node.object.id === "P");
    expect(payments.map((node) => node.otherParents.map((parent) => parent.id))).toEqual([["B"], ["A"]]);
  });

  it("names a parent outside this journey: a shipment that carries another order too", () => {
    const objects = [object("order/O"), object("shipment/S", "order/O", "order/OTHER")];
    expect(tree(objects).nodes[1]?.otherParents).toEqual([ref("order/OTHER")]);
  });

  it("ends a branch where links lead back to itself", () => {
    const objects = [object("order/O"), object("package/A", "package/B", "order/O"), object("package/B", "package/A")];
    expect(shape(objects)).toEqual(["O", "  A", "    B"]);
  });

  it("takes a system's word on the document itself before a later mention of it", () => {
    const events = [
      event("1", "erp", "invoice.posted", 1, [named("invoice/I", "subject")]),
      event("2", "erp", "payment.received", 2, [named("payment/P", "subject"), named("invoice/I")]),
      event("3", "wms", "return.received", 3, [named("return/R", "subject"), named("invoice/I")]),
    ];
    const [, invoice] = tree([object("order/O"), object("invoice/I", "order/O")], events).nodes;
    expect(invoice?.statuses.get("erp")).toMatchObject({ event: { id: "1" }, isSubject: true });
    expect(invoice?.statuses.get("wms")).toMatchObject({ event: { id: "3" }, isSubject: false });
  });

  it("lists a failed call as a word on a document, and no successful one", () => {
    const call = { kind: "api_call" } as const;
    const events = [
      event("1", "gateway", "api.called", 1, [named("shipment/S")], { ...call, outcome: "failed" }),
      event("2", "gateway", "api.called", 2, [named("shipment/S")], call),
    ];
    const [, shipment] = tree([object("order/O"), object("shipment/S", "order/O")], events).nodes;
    expect(shipment?.statuses.get("gateway")?.event.id).toBe("1");
  });
});

describe("words of an event", () => {
  it("name known and unknown types alike", () => {
    expect(eventLabel("goods_issue.posted")).toBe("Goods issue posted");
    expect(eventLabel("api.called")).toBe("API call");
    expect(eventLabel("acme.widget-frobbed")).toBe("Acme widget frobbed");
  });

  it("put failure before what was attempted", () => {
    expect(statusWord({ type: "goods_issue.posted", outcome: "ok" })).toBe("Posted");
    expect(statusWord({ type: "goods_issue.posted", outcome: "failed" })).toBe("Failed");
  });

  it("are about the stated subject, else about the first object that is no trace", () => {
    expect(subjectOf([named("order/O"), named("invoice/I", "subject")])?.id).toBe("I");
    expect(subjectOf([named("trace/T"), named("shipment/S")])?.id).toBe("S");
    expect(subjectOf([])).toBeNull();
  });
});

describe("history", () => {
  const events = [
    event("1", "oms", "order.created", 0, [named("order/SO-1")]),
    event("2", "erp", "goods_issue.posted", 5, [named("shipment/SH-77")], {
      kind: "posting",
      outcome: "failed",
      error: { class: "technical", code: "503", message: "Service away" },
    }),
  ];
  const ids = (query: string) =>
    filterEvents(events, readHistoryFilter(new URLSearchParams(query))).map(({ id }) => id);

  it("keeps what matches every filter of the address", () => {
    expect(ids("")).toEqual(["1", "2"]);
    expect(ids("source=erp")).toEqual(["2"]);
    expect(ids("kind=message")).toEqual(["1"]);
    expect(ids("outcome=failed&source=oms")).toEqual([]);
  });

  it("finds every word, in any case, in numbers, labels and errors", () => {
    expect(ids("text=sh-77")).toEqual(["2"]);
    expect(ids("text=AWAY+goods+issue")).toEqual(["2"]);
    expect(ids("text=away+order")).toEqual([]);
  });

  it("begins a day where the zone's own day begins", () => {
    const late = [event("1", "oms", "a", 13 * 60 + 30, []), event("2", "oms", "b", 14 * 60 + 30, [])];
    const days = (zone: string) => linesOf(late, zone, 2026).flatMap((line) => (line.kind === "day" ? [line.day] : []));
    expect(days("UTC")).toEqual(["Mon 23 November", "Tue 24 November"]);
    expect(days("Europe/Berlin")).toEqual(["Tue 24 November"]);
    expect(linesOf(late, "Europe/Berlin", 2027)[0]).toMatchObject({ day: "Tue 24 November 2026" });
  });
});

describe("the three times of an event", () => {
  const kinds = (more: Partial<JourneyEvent>) =>
    clockNotes(event("1", "oms", "a", 0, [], more)).map(({ kind }) => kind);

  it("are annotated when clocks disagree or the event came late, and only then", () => {
    expect(kinds({ recordedAt: minute(1), receivedAt: minute(2) })).toEqual([]);
    expect(kinds({ recordedAt: minute(-3) })).toEqual(["skew"]);
    expect(kinds({ receivedAt: minute(-3) })).toEqual(["skew"]);
    expect(kinds({ receivedAt: minute(90) })).toEqual(["late"]);
  });
});

describe("moments of a journey", () => {
  it("are thinned evenly, keeping the first and the last", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ receivedAt: new Date(START + index).toISOString() }));
    const moments = momentsOf(many);
    expect(moments.length).toBe(MOMENTS_MAX);
    expect([moments[0], moments.at(-1)]).toEqual([many[0]?.receivedAt, many.at(-1)?.receivedAt]);
    expect(new Set(moments).size).toBe(MOMENTS_MAX);
  });

  it("stand on the last one at or before the time shown, and at the end for now", () => {
    const moments = [minute(0), minute(10), minute(20)];
    expect(stopOf(moments, null)).toBe(3);
    expect(stopOf(moments, minute(10))).toBe(1);
    expect(stopOf(moments, minute(15))).toBe(1);
    expect(stopOf(moments, minute(-5))).toBe(0);
    expect(stopOf(moments, minute(99))).toBe(2);
  });
});

describe("the promise", () => {
  const stages = (deliveredAt: string | null, state: StageProgress["state"] = "full"): StageProgress[] =>
    STAGES.map((stage) =>
      stage === "Delivered" && deliveredAt
        ? { stage, state, firstAt: deliveredAt, completedAt: state === "full" ? deliveredAt : null }
        : { stage, state: "none", firstAt: null, completedAt: null },
    );
  const status = (
    deliveredAt: string | null,
    nowMinute: number,
    more: { stage?: string; state?: StageProgress["state"] } = {},
  ) =>
    promiseStatus(
      { promisedAt: minute(60), stages: stages(deliveredAt, more.state), stage: more.stage ?? "Shipped" },
      START + nowMinute * MINUTE_MS,
    );

  it("is kept or missed by the delivery, whatever the time is now", () => {
    expect(status(minute(50), 500)).toEqual({ state: "kept", byMs: 10 * MINUTE_MS });
    expect(status(minute(75), 500)).toEqual({ state: "missed", byMs: 15 * MINUTE_MS });
  });

  it("is due, then late, until all is delivered", () => {
    expect(status(null, 30)).toEqual({ state: "due", byMs: 30 * MINUTE_MS });
    expect(status(minute(50), 90, { state: "partial" })).toEqual({ state: "late", byMs: 30 * MINUTE_MS });
  });

  it("falls away with a cancelled order", () => {
    expect(status(null, 90, { stage: "Cancelled" }).state).toBe("none");
  });
});

describe("complete through", () => {
  it("is the least of the sources that keep pace, and names those that do not", () => {
    const nowMs = START + 60 * MINUTE_MS;
    const found = completeness({ oms: minute(60), erp: minute(55), "wms-west": minute(33), dhl: minute(10) }, nowMs);
    expect(found.throughMs).toBe(START + 55 * MINUTE_MS);
    expect(found.behind).toEqual([
      { source: "dhl", byMs: 45 * MINUTE_MS },
      { source: "wms-west", byMs: 22 * MINUTE_MS },
    ]);
  });

  it("never lies in the future, though a source's clock may", () => {
    expect(completeness({ oms: minute(90), erp: minute(58) }, START + 60 * MINUTE_MS)).toEqual({
      throughMs: START + 58 * MINUTE_MS,
      behind: [],
    });
  });
});
