import { expect, it } from "vitest";
import { historyOf } from "@/lib/domain/handoffs/history";
import { confirmed, handoffsOf, line, posted } from "./world";

it("a handoff falls due between two facts, and only once its time is up", () => {
  const cause = confirmed("S1", 0, [line("A-1", "2")]);
  const [waiting = null] = handoffsOf([cause]).values();
  const [settled = null] = handoffsOf([cause, posted("S1", 90, [line("A-1", "2")])]).values();
  const beliefs = [
    { at: "2026-11-23T10:01:00.000Z", handoff: waiting, events: [] },
    { at: "2026-11-23T11:31:00.000Z", handoff: settled, events: [] },
  ];
  const states = (upTo: number, now: string) =>
    historyOf(beliefs.slice(0, upTo), now).map(({ at, state }) => [at.slice(11, 16), state]);
  expect(states(1, "2026-11-23T10:29:00.000Z")).toEqual([["10:01", "pending"]]);
  expect(states(1, "2026-11-23T10:30:00.000Z")).toEqual([
    ["10:01", "pending"],
    ["10:30", "late"],
  ]);
  expect(states(2, "2026-11-23T12:00:00.000Z")).toEqual([
    ["10:01", "pending"],
    ["10:30", "late"],
    ["11:31", "matched"],
  ]);
});
