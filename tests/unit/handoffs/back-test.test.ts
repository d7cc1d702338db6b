import { describe, expect, it } from "vitest";
import {
  BackTestTally,
  type ComparedKey,
  changeOf,
  EXAMPLES_MAX,
  type JudgedSide,
} from "@/lib/domain/handoffs/back-test";
import { type Review, reviewsOf } from "@/lib/domain/handoffs/reviews";
import { event, shipment } from "./world";

const side = (state: JudgedSide["state"], rest: Partial<JudgedSide> = {}): JudgedSide => ({
  state,
  resolution: null,
  stake: "10.00",
  currency: "USD",
  difference: {},
  ...rest,
});

const compared = (rest: Partial<ComparedKey>): ComparedKey => ({
  key: { type: "shipment", id: "S1" },
  roots: [],
  before: null,
  after: null,
  matchesByItself: false,
  review: null,
  ...rest,
});

const ACCEPTED: Review = { kind: "accepted", by: "Fin", at: "2026-11-20T00:00:00.000Z", reason: "known", note: "" };

describe("what becomes of a key", () => {
  it.each([
    ["appearing", null, side("late")],
    ["disappearing", side("late"), null],
    ["newlyMatched", side("mismatched"), side("matched")],
    ["newlyMatched", side("pending"), side("matched")],
    ["newlyBroken", side("pending"), side("late")],
    ["newlyBroken", side("matched", { resolution: "matched" }), side("late")],
    ["newlyBroken", side("late", { resolution: "accepted" }), side("late")],
    ["changed", side("late"), side("mismatched")],
    ["changed", side("late"), side("late", { resolution: "standing" })],
    ["changed", side("matched"), side("pending")],
    ["unchanged", side("late"), side("late", { resolution: "awaiting_approval" })],
    ["unchanged", side("matched"), side("matched")],
  ] as const)("%s", (expected, before, after) => {
    expect(changeOf({ before, after })).toBe(expected);
  });
});

describe("the tally", () => {
  it("puts every key in one list, and its counts add up to the keys", () => {
    const tally = new BackTestTally();
    tally.add(compared({ before: side("late"), after: side("matched") }));
    tally.add(compared({ before: side("matched"), after: side("late") }));
    tally.add(compared({ after: side("orphan") }));
    tally.add(compared({ before: side("void") }));
    tally.add(compared({ before: side("late"), after: side("mismatched") }));
    tally.add(compared({ before: side("late"), after: side("late") }));
    const { keys, unchanged, changes, states } = tally.totals();
    const counts = Object.values(changes).map(({ count }) => count);
    expect({ keys, unchanged, counts }).toEqual({ keys: 6, unchanged: 1, counts: [1, 1, 1, 1, 1] });
    expect(states.reduce((sum, { before }) => sum + before.count, 0)).toBe(5);
    expect(states.reduce((sum, { after }) => sum + after.count, 0)).toBe(5);
  });

  it("sums money exactly and never over two currencies", () => {
    const tally = new BackTestTally();
    for (let n = 0; n < 1000; n += 1)
      tally.add(compared({ before: side("late", { stake: "0.01" }), after: side("matched") }));
    tally.add(compared({ before: side("late", { stake: "7", currency: "EUR" }), after: side("matched") }));
    expect(tally.totals().changes.newlyMatched.stakes).toEqual([
      { amount: "7.00", currency: "EUR" },
      { amount: "10.00", currency: "USD" },
    ]);
  });

  it("counts all and keeps the first as examples", () => {
    const tally = new BackTestTally();
    for (let n = 0; n < EXAMPLES_MAX + 50; n += 1) tally.add(compared({ after: side("late") }));
    const { appearing } = tally.totals().changes;
    expect([appearing.count, appearing.examples.length]).toEqual([EXAMPLES_MAX + 50, EXAMPLES_MAX]);
  });

  it("names reviewed breaks that would match by themselves, and no others", () => {
    const tally = new BackTestTally();
    const add = (id: string, rest: Partial<ComparedKey>) =>
      tally.add(compared({ key: { type: "shipment", id }, review: ACCEPTED, matchesByItself: true, ...rest }));
    add("accepted", { before: side("late", { resolution: "accepted" }), after: side("matched") });
    add("by hand", { before: side("matched", { resolution: "matched" }), after: side("matched") });
    add("settled by facts", { before: side("matched"), after: side("matched") });
    add("only by hand", { before: side("late"), after: side("matched"), matchesByItself: false });
    add("never reviewed", { before: side("late"), after: side("matched"), review: null });
    const { reviewed } = tally.totals();
    expect(reviewed.examples.map(({ key }) => key.id)).toEqual(["accepted", "by hand"]);
    expect(reviewed.count).toBe(2);
  });
});

describe("what was last said about a handoff", () => {
  const act = (type: string, at: number, attributes: Record<string, unknown> = {}) =>
    event("throughline", type, at, {
      id: `act-${at}`,
      objects: [shipment("S1")],
      attributes: {
        rule: "goods-issue",
        actor: "Fin",
        actorId: "1",
        actorKind: "person",
        reason: "why",
        ...attributes,
      },
    });
  const said = (...acts: ReturnType<typeof act>[]) =>
    [...reviewsOf(acts.reverse(), "shipment").values()].map(({ kind }) => kind);

  it("is an acceptance, an explained match, a refusal, or a match taken back", () => {
    expect(said(act("handoff.accepted", 1))).toEqual(["accepted"]);
    expect(said(act("handoff.matched", 1, { note: "the carrier confirmed it" }))).toEqual(["explained"]);
    expect(said(act("handoff.matched", 1), act("handoff.refused", 2, { act: "act-1" }))).toEqual(["refused"]);
    expect(said(act("handoff.matched", 1), act("handoff.reopened", 2))).toEqual(["reopened"]);
    expect(said(act("handoff.accepted", 1), act("handoff.approved", 2, { act: "act-1" }))).toEqual(["accepted"]);
  });

  it("is nothing when both sides were plainly matched, or an acceptance was taken back", () => {
    expect(said(act("handoff.matched", 1))).toEqual([]);
    expect(said(act("handoff.accepted", 1), act("handoff.reopened", 2))).toEqual([]);
    expect(said(act("handoff.matched", 1), act("handoff.reopened", 2), act("handoff.matched", 3))).toEqual([]);
  });
});
