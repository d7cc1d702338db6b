import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { clusterView, geometryOf, instantsOf } from "@/components/timeline/geometry";
import { arrowsOf, type TimelineHandoff } from "@/components/timeline/handoff-arrows";
import { itemsOf } from "@/components/timeline/items";
import { lanesOf, neighbourOf, stackLanes } from "@/components/timeline/lanes";
import { layoutLane } from "@/components/timeline/layout";
import {
  buildScale,
  clampView,
  continuedForActs,
  fitView,
  panView,
  pixelOf,
  timeOf,
  unitAt,
  unitOf,
  zoomView,
} from "@/components/timeline/scale";
import { Swimlanes, type SwimlanesProps } from "@/components/timeline/swimlanes";
import { gapsOf, stepFor, ticksOf } from "@/components/timeline/ticks";
import { PreferencesProvider } from "@/components/ui/preferences";
import { VocabularyProvider } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";

const START_MS = Date.parse("2026-11-23T10:00:00.000Z");
const at = (offsetMs: number): string => new Date(START_MS + offsetMs).toISOString();

let serial = 0;
function event(offsetMs: number, overrides: Partial<JourneyEvent> = {}): JourneyEvent {
  serial += 1;
  return {
    id: `e-${serial}`,
    source: "erp",
    kind: "message",
    type: "goods_issue.posted",
    occurredAt: at(offsetMs),
    recordedAt: null,
    receivedAt: at(offsetMs),
    outcome: "ok",
    error: null,
    interface: "if-1",
    attempt: 1,
    durationMs: null,
    objects: [{ type: "order", id: `SO-${serial}`, qualifier: "subject" }],
    quantity: null,
    amount: null,
    currency: "",
    promisedAt: null,
    linkedBy: [],
    sharedWith: 0,
    ...overrides,
  };
}
const attempt = (offsetMs: number, number: number, outcome: JourneyEvent["outcome"]): JourneyEvent =>
  event(offsetMs, {
    kind: "api_call",
    type: "api.called",
    source: "gateway",
    attempt: number,
    outcome,
    objects: [
      { type: "order", id: "SO-1", qualifier: "subject" },
      { type: "trace", id: `t-${number}`, qualifier: "" },
    ],
  });

const WEEK_MS = 7 * 86_400_000;
const offsets = fc.array(fc.integer({ min: 0, max: WEEK_MS }), { minLength: 1, maxLength: 60 });
const scales = fc
  .tuple(offsets, fc.boolean())
  .map(([times, compress]) => ({ times, scale: buildScale(times, compress) }));

describe("the time scale", () => {
  test("an instant comes back from its unit to within a millisecond, inside and outside what it was built from", () => {
    fc.assert(
      fc.property(scales, fc.integer({ min: -WEEK_MS, max: 2 * WEEK_MS }), ({ scale }, atMs) => {
        expect(Math.abs(timeOf(scale, unitOf(scale, atMs)) - atMs)).toBeLessThan(1);
      }),
    );
  });

  test("later is never drawn to the left of earlier", () => {
    fc.assert(
      fc.property(scales, fc.integer({ max: WEEK_MS, min: 0 }), fc.nat(WEEK_MS), ({ scale }, atMs, later) => {
        expect(unitOf(scale, atMs + later)).toBeGreaterThanOrEqual(unitOf(scale, atMs));
      }),
    );
  });

  test("a long pause is shortened and marked, and runs at full length when asked", () => {
    const times = [0, 1_000, 2_000, 86_400_000, 86_401_000];
    expect(buildScale(times, true).segments.map((segment) => segment.compressed)).toEqual([false, true, false]);
    expect(buildScale(times, true).units).toBeLessThan(3_600_000);
    expect(buildScale(times, false).units).toBe(86_401_000);
  });

  test("a lone instant has an extent to be drawn in, with itself in the middle", () => {
    const scale = buildScale([START_MS], true);
    const view = fitView(scale);
    expect(pixelOf(view, 1_000, unitOf(scale, START_MS))).toBeCloseTo(500);
  });

  test("what people do weeks later is on the axis, and pushes the journey together by no more than a tenth", () => {
    const hour = 3_600_000;
    const scale = continuedForActs(buildScale([START_MS, START_MS + hour], false), [START_MS + 2 * WEEK_MS]);
    expect(scale.units).toBeCloseTo(1.1 * hour);
    expect(unitOf(scale, START_MS + hour)).toBe(hour);
    expect(unitOf(scale, START_MS + 2 * WEEK_MS)).toBeCloseTo(scale.units);
    expect(scale.segments.map(({ compressed }) => compressed)).toEqual([false, true]);
  });

  test("an act amid the journey, or shortly after it, changes no rate", () => {
    const scale = buildScale([START_MS, START_MS + 3_600_000], false);
    expect(continuedForActs(scale, [START_MS + 60_000])).toEqual(scale);
    const after = continuedForActs(scale, [START_MS + 3_660_000]);
    expect(unitOf(after, START_MS + 3_660_000)).toBe(3_660_000);
    expect(after.segments.every(({ compressed }) => !compressed)).toBe(true);
  });

  test("acts of people stand apart from the journey, a replay's sends do not; alone, acts are the journey", () => {
    const own = { source: "throughline", type: "link.retracted", kind: "step" as const };
    const act = event(2 * WEEK_MS, own);
    const send = event(WEEK_MS, { source: "throughline", type: "api.called", kind: "api_call" });
    const of = (events: readonly JourneyEvent[]) =>
      instantsOf(
        lanesOf(events, () => "other"),
        [],
      );
    const { journey, acts } = of([event(0), send, act]);
    expect(new Set(journey)).toEqual(new Set([START_MS, START_MS + WEEK_MS]));
    expect(new Set(acts)).toEqual(new Set([START_MS + 2 * WEEK_MS]));
    expect(new Set(of([act]).journey)).toEqual(new Set([START_MS + 2 * WEEK_MS]));
  });

  test("no chain of zooms and pans leaves the journey or closes in beyond 20 ms", () => {
    const moves = fc.array(
      fc.tuple(fc.double({ min: 0.01, max: 5, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
    );
    fc.assert(
      fc.property(scales, moves, ({ scale }, steps) => {
        const whole = fitView(scale);
        let view = whole;
        for (const [factor, share] of steps) view = panView(scale, zoomView(scale, view, factor), share);
        const slack = scale.units * 1e-9 + 1e-6;
        expect(view.from).toBeGreaterThanOrEqual(whole.from - slack);
        expect(view.to).toBeLessThanOrEqual(whole.to + slack);
        expect(view.to - view.from).toBeGreaterThanOrEqual(Math.min(20, whole.to - whole.from) - slack);
      }),
    );
  });

  test("zooming holds what is under the pointer, and a pixel comes back from its unit", () => {
    const scale = buildScale([0, 3_600_000], false);
    const before = { from: 1_000_000, to: 2_000_000 };
    const after = zoomView(scale, before, 0.5, 0.25);
    expect(unitAt(after, 800, 200)).toBeCloseTo(unitAt(before, 800, 200));
    expect(pixelOf(after, 800, unitAt(after, 800, 123))).toBeCloseTo(123);
  });

  test("a window wider than the whole becomes the whole", () => {
    const scale = buildScale([0, 3_600_000], false);
    expect(clampView(scale, { from: -9e9, to: 9e9 })).toEqual(fitView(scale));
  });
});

describe("ticks", () => {
  test("stand apart, inside the plot and in order, whatever the scale, window and zone", () => {
    const zones = fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata");
    const windows = fc.tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.integer({ min: 200, max: 2_000 }));
    fc.assert(
      fc.property(offsets, fc.boolean(), zones, windows, (times, compress, zone, [factor, widthPx]) => {
        const scale = buildScale(
          times.map((time) => START_MS + time),
          compress,
        );
        const view = zoomView(scale, fitView(scale), factor);
        const xs = ticksOf(scale, view, { widthPx, zone, nowMs: START_MS }).map((tick) => tick.x);
        xs.forEach((x, index) => {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(widthPx);
          if (index > 0) expect(x - (xs[index - 1] ?? 0)).toBeGreaterThanOrEqual(60);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("the step is the finest round one that leaves room for its label", () => {
    expect(stepFor(60_000 / 100)).toBe(60_000);
    expect(stepFor(3_600_000 / 70)).toBe(3 * 3_600_000);
  });

  test("a shortened pause says how long nothing happened", () => {
    const scale = buildScale([0, 1_000, 2_000, 7_202_000, 7_203_000], true);
    expect(gapsOf(scale, fitView(scale), 900).map((gap) => gap.label)).toEqual(["2 h"]);
  });
});

describe("items", () => {
  test("the attempts of one call are one item whose last attempt decides, though each has its own trace", () => {
    const items = itemsOf([attempt(0, 1, "failed"), attempt(5_000, 2, "failed"), attempt(9_000, 3, "ok")]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ outcome: "ok", failed: true, milestone: true });
    expect(items[0]?.events).toHaveLength(3);
  });

  test("attempts that start over are another call", () => {
    const items = itemsOf([attempt(0, 1, "failed"), attempt(5_000, 2, "ok"), attempt(60_000, 1, "ok")]);
    expect(items.map((item) => item.events.length)).toEqual([2, 1]);
  });

  test("no event is lost or doubled by grouping", () => {
    const attempts = fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 1, max: 4 })), { maxLength: 40 });
    fc.assert(
      fc.property(attempts, (list) => {
        const events = list.sort(([a], [b]) => a - b).map(([offset, number]) => attempt(offset, number, "ok"));
        const grouped = itemsOf(events).flatMap((item) => item.events.map(({ id }) => id));
        expect(grouped.sort()).toEqual(events.map(({ id }) => id).sort());
      }),
    );
  });
});

const kinds = fc.constantFrom("message", "api_call", "step", "posting") as fc.Arbitrary<JourneyEvent["kind"]>;
const outcomes = fc.constantFrom("ok", "failed", "rejected", "skipped") as fc.Arbitrary<JourneyEvent["outcome"]>;
const crowd = fc
  .array(fc.tuple(fc.nat(20_000), kinds, outcomes), { minLength: 1, maxLength: 80 })
  .map((list) => list.sort(([a], [b]) => a - b).map(([offset, kind, outcome]) => event(offset, { kind, outcome })));
const options = { xOf: (atMs: number) => (atMs - START_MS) / 40, labelOf: () => "Label", widthPx: 500 };

describe("the layout of a lane", () => {
  test("every item is in exactly one mark, and a failure is alone in its own", () => {
    fc.assert(
      fc.property(crowd, (events) => {
        const items = itemsOf(events);
        const { marks } = layoutLane(items, { ...options, isPinned: () => false });
        expect(marks.flatMap((mark) => mark.items.map(({ key }) => key)).sort()).toEqual(
          items.map(({ key }) => key).sort(),
        );
        for (const mark of marks) {
          if (mark.items.some((item) => item.failed)) expect(mark.items).toHaveLength(1);
        }
      }),
    );
  });

  test("marks of one row leave each other the target size while there are rows to move to", () => {
    const events = [0, 100, 200, 300].map((offset) => event(offset, { outcome: "failed" }));
    const { marks } = layoutLane(itemsOf(events), { ...options, isPinned: () => false });
    expect(new Set(marks.map((mark) => mark.row)).size).toBe(4);
  });

  test("what is selected stands alone even in dense traffic", () => {
    const events = Array.from({ length: 30 }, (_, index) =>
      event(index * 100, { kind: "step", type: "step.completed" }),
    );
    const items = itemsOf(events);
    const chosen = items[10]?.key;
    const { marks } = layoutLane(items, { ...options, isPinned: (item) => item.key === chosen });
    expect(marks.find((mark) => mark.key === chosen)?.items).toHaveLength(1);
    expect(marks.length).toBeLessThan(items.length);
  });
});

describe("lanes and the keyboard", () => {
  const kindOf = (source: string) => (source === "oms" ? "oms" : source === "wms" ? "wms" : "erp");

  test("stand in the order goods flow, with a lane for a system that should have reported", () => {
    const lanes = lanesOf([event(0), event(1, { source: "oms" })], kindOf, ["wms", "oms"]);
    expect(lanes.map((lane) => [lane.source, lane.items.length])).toEqual([
      ["oms", 1],
      ["wms", 0],
      ["erp", 1],
    ]);
  });

  test("a lane of one row still has room for its name above its count", () => {
    const lanes = lanesOf([event(0)], kindOf);
    const [lane] = stackLanes(
      lanes.map((lane) => ({ lane, layout: layoutLane(lane.items, { ...options, isPinned: () => false }) })),
      0,
    );
    // Two lines of text, 20 px and 16 px high, and the padding above them.
    expect(lane?.height).toBeGreaterThanOrEqual(38);
  });

  test("up and down lead to the nearest mark and pass over empty lanes; edges lead nowhere", () => {
    const lanes = lanesOf([event(0, { source: "oms" }), event(0), event(12_000), event(19_000)], kindOf, ["wms"]);
    const placed = stackLanes(
      lanes.map((lane) => ({ lane, layout: layoutLane(lane.items, { ...options, isPinned: () => false }) })),
      0,
    );
    expect(neighbourOf(placed, { lane: 2, mark: 1 }, "up")).toEqual({ lane: 0, mark: 0 });
    expect(neighbourOf(placed, { lane: 0, mark: 0 }, "down")).toEqual({ lane: 2, mark: 0 });
    expect(neighbourOf(placed, { lane: 0, mark: 0 }, "up")).toBeNull();
    expect(neighbourOf(placed, { lane: 1, mark: 0 }, "last")).toBeNull();
    expect(neighbourOf(placed, { lane: 2, mark: 0 }, "last")).toEqual({ lane: 2, mark: 2 });
  });
});

const MISSING: TimelineHandoff = {
  id: "goods-issue/SH-1",
  label: "Goods issue",
  tone: "broken",
  from: [{ source: "wms", id: "packed" }],
  to: [],
  expectedSource: "erp",
  dueAt: at(3_600_000),
};

describe("geometry", () => {
  const kindOf = () => "other" as const;

  test("what has not arrived is a ghost in the lane of the system that owes it, with an arrow to it", () => {
    const lanes = lanesOf([event(0, { source: "wms", id: "packed" })], kindOf, ["erp"]);
    const scale = buildScale([START_MS, START_MS + 3_600_000], false);
    const view = fitView(scale);
    const geometry = geometryOf(lanes, { scale, view, widthPx: 800, headPx: 0, selected: null, expected: ["erp"] });
    const [arrow] = arrowsOf([MISSING], geometry.pointOf, geometry.ghostOf);
    const owing = geometry.lanes[1];
    expect(arrow?.ghost?.y).toBeGreaterThan(owing?.top ?? Number.POSITIVE_INFINITY);
    expect(arrow?.ghost?.y).toBeLessThan(geometry.height);
    expect(arrow?.path).not.toBe("");
  });

  test("activating a cluster again and again parts it, or tells that it cannot be parted", () => {
    const traffic = fc.array(fc.nat(60_000), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(traffic, (times) => {
        const events = times.sort((a, b) => a - b).map((time) => event(time, { kind: "step", type: "step.completed" }));
        const lanes = lanesOf(events, kindOf);
        const scale = buildScale(
          events.map(({ occurredAt }) => Date.parse(occurredAt)),
          true,
        );
        let view = fitView(scale);
        for (let step = 0; step < 40; step += 1) {
          const geometry = geometryOf(lanes, { scale, view, widthPx: 600, headPx: 0, selected: null, expected: [] });
          const cluster = geometry.lanes[0]?.layout.marks.find((mark) => mark.items.length > 1);
          const closer = cluster ? clusterView(scale, view, cluster) : null;
          if (!closer) return;
          expect(closer.to - closer.from).toBeLessThan(view.to - view.from);
          view = clampView(scale, closer);
        }
        throw new Error("still zooming after 40 steps");
      }),
      { numRuns: 40 },
    );
  });
});

function render(props: Partial<SwimlanesProps>): string {
  const data = {
    systems: [
      { id: "erp", name: "ERP", kind: "erp" as const, prefix: null },
      { id: "gateway", name: "Gateway", kind: "gateway" as const, prefix: null },
    ],
    objectLabels: {},
  };
  const swimlanes = createElement(Swimlanes, {
    events: [],
    handoffs: [],
    selectedKey: null,
    onSelect: () => {},
    newKeys: new Set<string>(),
    compressed: true,
    onCompress: () => {},
    ...props,
  });
  return renderToStaticMarkup(
    createElement(PreferencesProvider, {
      initialTheme: "system",
      initialClock: "utc",
      initialZone: null,
      initialNowMs: START_MS + 2 * 3_600_000,
      // biome-ignore lint/correctness/noChildrenProp: the provider declares its children as required
      children: createElement(VocabularyProvider, { data, children: swimlanes }),
    }),
  );
}
const buttonNames = (html: string): string[] =>
  [...html.matchAll(/<g role="button"[^>]*aria-label="([^"]*)"/g)].map((match) => match[1] ?? "");

describe("the swimlanes as rendered", () => {
  test("every failed event has its own mark, named with what, how, where and when, however dense the traffic", () => {
    const traffic = Array.from({ length: 300 }, (_, index) =>
      event(index * 4_000, { kind: "step", type: "step.completed" }),
    );
    const failures = Array.from({ length: 12 }, (_, index) => event(index * 60_000 + 500, { outcome: "failed" }));
    const events = [...traffic, ...failures].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
    const names = buttonNames(render({ events }));
    const minutes = failures.map(
      (_, index) => `Goods issue posted, failed, ERP, 23 Nov 10:${String(index).padStart(2, "0")}`,
    );
    expect(names.filter((name) => name.includes(", failed,"))).toEqual(minutes);
    expect(names.some((name) => name.includes("events close together"))).toBe(true);
  });

  test("a bar of attempts says how many there were, how many failed and how it ended", () => {
    const events = [attempt(0, 1, "failed"), attempt(5_000, 2, "failed"), attempt(9_000, 3, "ok"), event(60_000)];
    expect(buttonNames(render({ events }))).toContain(
      "API call, 3 attempts, 2 failed, ended OK, Gateway, 23 Nov 10:00",
    );
  });

  test("Tab stops at one mark only: the selected one", () => {
    const events = [event(0), event(600_000), event(1_200_000)];
    const html = render({ events, selectedKey: `erp/${events[1]?.id}` });
    const stops = [...html.matchAll(/<g role="button" tabindex="0"[^>]*>/gi)].map(([tag]) => tag);
    expect(stops).toHaveLength(1);
    expect(stops[0]).toContain('aria-pressed="true"');
    expect(stops[0]).toContain("10:10");
  });

  test("a handoff that is late shows its ghost, also when the owing system never reported", () => {
    const html = render({ events: [event(0, { source: "wms", id: "packed" })], handoffs: [MISSING] });
    expect(html).toContain('aria-label="Handoff Goods issue, broken, expected from ERP, 1 h late"');
    expect(html).toContain("nothing reported yet");
  });

  test("without events it says so instead of drawing an empty axis", () => {
    expect(render({})).toContain("No events yet");
    expect(render({ asOf: at(0) })).toContain("Choose a later time");
  });
});
