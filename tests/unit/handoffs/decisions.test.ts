import { describe, expect, it } from "vitest";
import type { HandoffActType } from "@/lib/domain/handoffs/act";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { confirmed, event, handoffsOf, line, posted } from "./world";

/** An act about keys as they stand among these events. */
function act(
  type: HandoffActType,
  at: number,
  keys: readonly string[],
  about: readonly HandoffEvent[],
  attributes: Readonly<Record<string, unknown>> = {},
): HandoffEvent {
  const standing = handoffsOf(about);
  const handoffs = keys.flatMap((key) => standing.get(key) ?? []);
  return event("throughline", type, at, {
    objects: keys.map((id) => ({ type: "shipment", id, qualifier: "subject" })),
    attributes: {
      rule: "goods-issue",
      actor: "Ada",
      actorId: "ada",
      actorKind: "person",
      reason: "looked at it",
      evidence: evidenceHash(handoffs),
      ...attributes,
    },
  });
}

const late = confirmed("SH-1001", 0, [line("A-1", "2", "20.00")]);
const orphan = posted("SH-01001", 5, [line("A-1", "2", "20.00")]);
const wrong = [confirmed("S1", 0, [line("A-1", "2", "20.00")]), posted("S1", 5, [line("A-1", "2", "18.00")])];

describe("a decision", () => {
  it("that matches two keys makes them one, and they settle each other", () => {
    const match = act("handoff.matched", 9, ["SH-1001", "SH-01001"], [late, orphan]);
    const handoffs = handoffsOf([late, orphan, match]);
    expect([...handoffs.values()].map(({ state, resolution }) => [state, resolution?.kind])).toEqual([
      ["matched", "matched"],
      ["matched", "matched"],
    ]);
  });

  it("that accepts a break leaves it a break, with who and why", () => {
    const [handoff] = handoffsOf([...wrong, act("handoff.accepted", 9, ["S1"], wrong)]).values();
    expect(handoff).toMatchObject({
      state: "mismatched",
      resolution: { kind: "accepted", by: "Ada", reason: "looked at it" },
    });
  });

  it("that matches by hand what does not agree settles it at that time", () => {
    const match = act("handoff.matched", 9, ["S1"], wrong);
    const [handoff] = handoffsOf([...wrong, match]).values();
    expect(handoff).toMatchObject({ state: "matched", settledAt: match.occurredAt, resolution: { kind: "matched" } });
  });

  it("no longer holds when another event has come since", () => {
    const accept = act("handoff.accepted", 9, ["S1"], wrong);
    const [handoff] = handoffsOf([...wrong, accept, posted("S1", 20, [line("A-1", "1", "1.00")])]).values();
    expect(handoff).toMatchObject({ state: "mismatched", resolution: null });
  });

  it("is taken back by a later reopening, and only by a later one", () => {
    const accept = act("handoff.accepted", 9, ["S1"], wrong);
    const reopen = (at: number) => act("handoff.reopened", at, ["S1"], wrong);
    expect(handoffsOf([...wrong, accept, reopen(10)]).get("S1")?.resolution).toBeNull();
    expect(handoffsOf([...wrong, accept, reopen(8)]).get("S1")?.resolution?.kind).toBe("accepted");
  });

  it("that needs a second person waits for one, who must be another", () => {
    const match = act("handoff.matched", 9, ["S1"], wrong, { approval: "required" });
    const answer = (type: "handoff.approved" | "handoff.refused", actorId: string) =>
      act(type, 10, ["S1"], wrong, { act: match.id, actorId });
    const stateAfter = (...answers: HandoffEvent[]) => {
      const [handoff] = handoffsOf([...wrong, match, ...answers]).values();
      return [handoff?.state, handoff?.resolution?.kind];
    };
    expect(stateAfter()).toEqual(["mismatched", "awaiting_approval"]);
    expect(stateAfter(answer("handoff.approved", "ada"))).toEqual(["mismatched", "awaiting_approval"]);
    expect(stateAfter(answer("handoff.approved", "bob"))).toEqual(["matched", "matched"]);
    expect(stateAfter(answer("handoff.refused", "bob"))).toEqual(["mismatched", undefined]);
  });

  it("about one rule says nothing about another", () => {
    const accept = act("handoff.accepted", 9, ["S1"], wrong, { rule: "shipment-invoice" });
    expect(handoffsOf([...wrong, accept]).get("S1")?.resolution).toBeNull();
  });
});

describe("a standing acceptance", () => {
  const acceptance = {
    id: "a1",
    rule: "goods-issue",
    states: ["mismatched" as const],
    companyCode: "",
    location: "",
    partner: "",
    amountMax: "2.00",
    currency: "USD",
    reason: "rounding in the old price list",
    note: "",
    createdAt: "2026-11-01T00:00:00.000Z",
    createdBy: "Ada",
    expiresAt: "2026-12-01T00:00:00.000Z",
  };
  const resolve = (changed: Partial<typeof acceptance>, events = wrong) =>
    handoffsOf(events, undefined, { acceptances: [{ ...acceptance, ...changed }] }).get("S1")?.resolution?.kind ?? null;

  it("covers what it says, up to its limit", () => {
    expect(resolve({})).toBe("standing");
    expect(resolve({ amountMax: "1.99" })).toBeNull();
    expect(resolve({ states: ["mismatched"], companyCode: "2000" })).toBeNull();
    expect(resolve({ rule: "shipment-invoice" })).toBeNull();
  });

  it("covers no break that arose after it expired", () => {
    expect(resolve({ expiresAt: "2026-11-23T10:05:00.000Z" })).toBeNull();
    expect(resolve({ expiresAt: "2026-11-23T10:05:00.001Z" })).toBe("standing");
  });

  it("covers a larger break of a whole group on none of its keys", () => {
    const group = [
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      confirmed("S0", 0, [line("A-1", "2", "20.00")]),
      posted(["S0", "S1"], 5, [line("A-1", "4", "30.00")]),
    ];
    expect(resolve({ amountMax: "9.99" }, group)).toBeNull();
    expect(resolve({ amountMax: "10.00" }, group)).toBe("standing");
  });
});
