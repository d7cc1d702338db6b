import { describe, expect, it } from "vitest";
import { type Alert, MEMBERS_MAX } from "./alert";
import { decide, type Occurrence, placeOf, type Standing } from "./decide";
import { type Alerts, alertsFile } from "./rule";

const NOW = "2026-11-20T12:00:00.000Z";
const LATER = "2026-11-20T13:00:00.000Z";

const alertsOf = (more: object = {}): Alerts =>
  alertsFile.parse({
    rules: [
      { id: "due", name: "Past due", when: { condition: "sla_breach" }, throttle: "PT15M" },
      { id: "new", name: "New cause", when: { condition: "new_group" } },
    ],
    ...more,
  });

const breach = (member: string, subject = "fp-1"): Occurrence => ({
  rule: "due",
  subject,
  member,
  begins: true,
  title: "No connection",
});

/** What is stored after these alerts. */
const standingAfter = (alerts: readonly Alert[]): Standing => ({
  firing: alerts.filter(({ state }) => state === "firing"),
  past: new Map(
    alerts.map(({ rule, subject, occasion, firedAt }) => [
      placeOf(rule, subject),
      { occasions: occasion, lastFiredAt: firedAt },
    ]),
  ),
});
const NOTHING: Standing = { firing: [], past: new Map() };

describe("an alert", () => {
  it("covers all that has one cause, and each cause has its own", () => {
    const alerts = decide(alertsOf(), [breach("b"), breach("a"), breach("c", "fp-2")], NOTHING, NOW);
    expect(alerts.map(({ subject, notice }) => [subject, notice.members])).toEqual([
      ["fp-1", ["a", "b"]],
      ["fp-2", ["c"]],
    ]);
  });

  it("is the same, id and all, when it is decided again because nobody stored it", () => {
    const [first] = decide(alertsOf(), [breach("a")], NOTHING, NOW);
    const [again] = decide(alertsOf(), [breach("a")], NOTHING, LATER);
    expect(again?.id).toBe(first?.id);
  });

  it("is not told again while it lasts", () => {
    const standing = standingAfter(decide(alertsOf(), [breach("a")], NOTHING, NOW));
    expect(decide(alertsOf(), [breach("a")], standing, LATER)).toEqual([]);
  });

  it("ends when nothing that it covers holds any more, whatever else of the subject does", () => {
    const standing = standingAfter(decide(alertsOf(), [breach("a"), breach("b")], NOTHING, NOW));
    expect(decide(alertsOf(), [breach("b")], standing, LATER)).toEqual([]);
    const [ended, next] = decide(alertsOf(), [breach("c")], standing, LATER);
    expect(ended).toMatchObject({ id: standing.firing[0]?.id, state: "resolved", resolvedAt: LATER });
    expect(next).toMatchObject({ state: "firing", occasion: 2, notice: { members: ["c"] } });
  });

  it("leaves what comes within the throttle to the next one, which has all of it", () => {
    const standing = standingAfter(decide(alertsOf(), [breach("a")], NOTHING, NOW));
    const fresh = [breach("a"), breach("b"), breach("c")];
    expect(decide(alertsOf(), fresh, standing, "2026-11-20T12:14:59.000Z")).toEqual([]);
    const [next] = decide(alertsOf(), fresh, standing, "2026-11-20T12:15:00.000Z");
    expect(next).toMatchObject({ occasion: 2, notice: { members: ["b", "c"] } });
    expect(next?.id).not.toBe(standing.firing[0]?.id);
  });

  it("holds so many and no more; the rest is in the next", () => {
    const many = Array.from({ length: MEMBERS_MAX + 5 }, (_, index) => breach(`e${index}`));
    const standing = standingAfter(decide(alertsOf(), many, NOTHING, NOW));
    const [next] = decide(alertsOf(), many, standing, LATER);
    expect([standing.firing[0]?.notice.members.length, next?.notice.members.length]).toEqual([MEMBERS_MAX, 5]);
  });

  it("about a new cause comes once for that cause", () => {
    const cause: Occurrence = { rule: "new", subject: "fp-1", member: "fp-1", begins: true, title: "No connection" };
    const begun = decide(alertsOf(), [cause], NOTHING, NOW);
    expect(begun).toHaveLength(1);
    const standing = standingAfter(decide(alertsOf(), [], standingAfter(begun), LATER));
    expect(decide(alertsOf(), [cause], standing, LATER)).toEqual([]);
  });

  it("does not begin with what only keeps one", () => {
    expect(decide(alertsOf(), [{ ...breach("a"), begins: false }], NOTHING, NOW)).toEqual([]);
    const standing = standingAfter(decide(alertsOf(), [breach("a")], NOTHING, NOW));
    expect(decide(alertsOf(), [{ ...breach("a"), begins: false }], standing, LATER)).toEqual([]);
  });

  it("waits for the end of a maintenance window of its rule, and comes then", () => {
    const window = { from: "2026-11-20T11:00:00Z", to: "2026-11-20T12:30:00Z", reason: "upgrade" };
    const only = (rules: string[]) => alertsOf({ maintenance: [{ ...window, rules }] });
    expect(decide(only(["due"]), [breach("a")], NOTHING, NOW)).toEqual([]);
    expect(decide(only([]), [breach("a")], NOTHING, NOW)).toEqual([]);
    expect(decide(only(["new"]), [breach("a")], NOTHING, NOW)).toHaveLength(1);
    expect(decide(only(["due"]), [breach("a")], NOTHING, LATER)).toHaveLength(1);
  });

  it("of a rule that is gone has ended", () => {
    const standing = standingAfter(decide(alertsOf(), [breach("a")], NOTHING, NOW));
    expect(decide(alertsOf({ rules: [] }), [], standing, LATER)).toMatchObject([{ state: "resolved" }]);
  });
});

describe("the file of alerts", () => {
  it.each([
    [
      "a channel that is not there",
      { rules: [{ id: "a", name: "A", when: { condition: "regressed" }, channels: ["x"] }] },
    ],
    ["a rule that is not there", { maintenance: [{ from: NOW, to: LATER, rules: ["x"], reason: "r" }] }],
    ["a window that ends before it begins", { maintenance: [{ from: LATER, to: NOW, reason: "r" }] }],
    ["a secret in the file", { channels: [{ id: "a", webhook: { url: "https://example.com", secret: "whsec_abc" } }] }],
    ["two rules of one name", { rules: ["a", "a"].map((id) => ({ id, name: id, when: { condition: "regressed" } })) }],
  ])("is refused with %s", (_, file) => {
    expect(alertsFile.safeParse(file).success).toBe(false);
  });
});
