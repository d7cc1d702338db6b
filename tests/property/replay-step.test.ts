import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interfaceText, type ReplaySafety } from "@/lib/domain/interface";
import type { Answer, ReplayEntry } from "@/lib/domain/replay/entry";
import { historyOf, itemStateOf, type TimedEntry } from "@/lib/domain/replay/item-history";
import { nextStep } from "@/lib/domain/replay/next-step";

/** What becomes of one send: what the target does, and what we hear of it, or that we die before we hear. */
const FATES = [
  { commits: true, answer: "accepted" },
  { commits: true, answer: "unclear" },
  { commits: false, answer: "unclear" },
  { commits: false, answer: "not-taken" },
  { commits: false, answer: "rejected" },
  { commits: true, answer: null },
  { commits: false, answer: null },
] as const satisfies readonly { readonly commits: boolean; readonly answer: Answer | null }[];
type Fate = (typeof FATES)[number];

const START = Date.parse("2026-11-25T00:00:00.000Z");
const STEPS_MAX = 400;

interface World {
  readonly safety: ReplaySafety;
  readonly fates: readonly Fate[];
  /** Per look: whether the target can be asked. */
  readonly lookable: readonly boolean[];
  /** The original's last attempt: whether it committed although it failed, and whether its answer left that open. */
  readonly original: { readonly commits: boolean; readonly isUnclear: boolean };
  /** How long a commit takes to show itself, below the interface's settle time. */
  readonly showsAfterMs: number;
}

const SETTLE_MS = 30_000;

const world: fc.Arbitrary<World> = fc.record({
  safety: fc.constantFrom<ReplaySafety>("idempotent", "verifiable", "unsafe"),
  fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 12 }),
  lookable: fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
  // A clear failure that committed all the same is a target that lies; no rule helps against it.
  original: fc.constantFrom(
    { commits: false, isUnclear: false },
    { commits: false, isUnclear: true },
    { commits: true, isUnclear: true },
  ),
  showsAfterMs: fc.integer({ min: 0, max: SETTLE_MS - 1 }),
});

const rulesOf = (safety: ReplaySafety) =>
  interfaceText.parse({
    id: "wms-to-erp",
    source: "wms",
    target: "erp",
    owner: "finance",
    safety,
    ...(safety === "unsafe"
      ? {}
      : { channel: { http: { url: "https://erp" } }, lookup: { path: "/x" }, settle: "PT30S" }),
  });

/** Plays one item to its rest, or until nothing changes any more. The log is all that outlives a step, as after a crash. */
function play({ safety, fates, lookable, original, showsAfterMs }: World) {
  const rules = rulesOf(safety);
  const log: TimedEntry[] = [];
  let nowMs = START;
  let sends = 0;
  let looks = 0;
  // When each posting was made. An idempotent target makes one, however often it is sent.
  const postings: number[] = original.commits ? [START] : [];
  const write = (entry: ReplayEntry) => log.push({ at: new Date(nowMs).toISOString(), entry });
  for (let round = 0; round < STEPS_MAX; round += 1) {
    nowMs += 10;
    const now = new Date(nowMs).toISOString();
    const doubtBefore = original.isUnclear ? new Date(START).toISOString() : null;
    const next = nextStep({ rules, history: historyOf(log), doubtBefore, now, random: 0.5 });
    if (next.step === "rest") break;
    if (next.step === "wait") {
      expect(next.until > now).toBe(true);
      nowMs = Date.parse(next.until);
    } else if (next.step === "look") {
      const canAsk = lookable[looks % lookable.length] ?? true;
      looks += 1;
      const isThere = postings.some((at) => nowMs - at >= showsAfterMs);
      write({ entry: "looked", found: canAsk ? (isThere ? "present" : "absent") : "unknown", evidence: "GET /x" });
    } else if (next.step === "send") {
      const fate = fates[sends % fates.length] ?? FATES[0];
      sends += 1;
      write({ entry: "intended", attempt: next.attempt, messageKey: "k" });
      if (fate.commits && !(safety === "idempotent" && postings.length > 0)) postings.push(nowMs);
      const { answer } = fate;
      if (answer)
        write({ entry: "answered", attempt: next.attempt, answer, status: null, message: "m", notBefore: null });
    } else if (next.step === "verify") write({ entry: "verified", evidence: next.evidence });
    else if (next.step === "skip") write({ entry: "skipped", reason: next.reason });
    else if (next.step === "fail") write({ entry: "failed", reason: next.reason });
    else write({ entry: "held", reason: next.reason });
  }
  return { postings: postings.length, sends, state: itemStateOf(historyOf(log)), log };
}

describe("one message of a replay", () => {
  it("is never posted twice, whatever is answered and whenever a worker dies, however seldom the target can be asked", () => {
    fc.assert(
      fc.property(world, (given) => {
        expect(play(given).postings).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20_000 },
    );
  });

  it("is verified only with exactly one posting, and never on the word of the answer", () => {
    fc.assert(
      fc.property(world, (given) => {
        const { state, postings, log } = play(given);
        if (state !== "verified") return;
        expect(postings).toBe(1);
        expect(log.some(({ entry }) => entry.entry === "looked" && entry.found === "present")).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it("comes to rest within a bounded number of sends", () => {
    fc.assert(
      fc.property(world, (given) => {
        expect(play(given).sends).toBeLessThanOrEqual(rulesOf(given.safety).retry.attempts);
      }),
      { numRuns: 5_000 },
    );
  });

  it("of an unsafe interface is not sent again after a doubt until a person says so, and then once", () => {
    const at = "2026-11-25T00:00:00.000Z";
    const timed = (entry: ReplayEntry): TimedEntry => ({ at, entry });
    const died = [timed({ entry: "intended", attempt: 1, messageKey: "k" })];
    const step = (log: readonly TimedEntry[]) =>
      nextStep({ rules: rulesOf("unsafe"), history: historyOf(log), doubtBefore: null, now: at, random: 0 }).step;
    expect(step(died)).toBe("hold");
    const released = [
      ...died,
      timed({ entry: "held", reason: "?" }),
      timed({ entry: "released", by: "Ada", reason: "not there" }),
    ];
    expect(step(released)).toBe("send");
    expect(step([...released, timed({ entry: "intended", attempt: 2, messageKey: "k" })])).toBe("hold");
  });

  it("that nobody sent, and whose effect is there, is skipped as applied", () => {
    const at = "2026-11-25T00:00:00.000Z";
    const log: TimedEntry[] = [{ at, entry: { entry: "looked", found: "present", evidence: "erp 4900000001" } }];
    expect(
      nextStep({ rules: rulesOf("verifiable"), history: historyOf(log), doubtBefore: null, now: at, random: 0 }),
    ).toEqual({
      step: "skip",
      reason: "already-applied",
    });
  });
});
