/** What goes wrong at a target, on demand: which of the next requests, and how. */
import { z } from "zod";
import { type Random, stream } from "../random";

export const FAULT_KINDS = [
  /** Answers 503 (or `status`) and does nothing. */
  "unavailable",
  /** Answers 429 with Retry-After and does nothing. */
  "rate-limited",
  /** Does it, but not before `delayMs` are over. */
  "slow",
  /** Closes the connection and does nothing. */
  "reset-before-commit",
  /** Does it, and closes the connection instead of answering. */
  "reset-after-commit",
  /** Does it, and never answers. */
  "commit-then-silence",
  /** Refuses for a business reason (`reason`). */
  "rejected",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const REJECTION_REASONS = ["period-closed", "unknown-material", "credit-block"] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

const faultText = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  /** Only there; everywhere without. */
  endpoint: z.string().min(1).optional(),
  /** Only for messages about these. */
  subjects: z.array(z.string()).optional(),
  /** From the nth request on that it fits, counted from 1. */
  from: z.int().min(1).default(1),
  /** So many requests, then it is over; until cleared without. */
  next: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  /** The same seed hits the same requests. */
  seed: z.string().default("1"),
  status: z.int().min(500).max(599).default(503),
  retryAfterSeconds: z.int().min(0).max(3_600).default(1),
  delayMs: z.int().min(0).max(120_000).default(2_000),
  reason: z.enum(REJECTION_REASONS).default("period-closed"),
});
export const faultList = z.array(faultText).max(100);
export type Fault = z.input<typeof faultText>;
export type SetFault = z.output<typeof faultText>;

/** The faults that are set. Counts the requests that each fits, so it is asked once for each request. */
export class Faults {
  private counted: { readonly fault: SetFault; readonly random: Random; seen: number; hit: number }[] = [];

  /** In place of those that were set; none with an empty list. @throws ZodError */
  set(faults: readonly Fault[]): void {
    this.counted = faultList
      .parse(faults)
      .map((fault) => ({ fault, random: stream(fault.seed, "fault", fault.kind), seen: 0, hit: 0 }));
  }

  get inForce(): readonly SetFault[] {
    return this.counted.map(({ fault }) => fault);
  }

  /** The first that strikes this request. */
  strike(endpoint: string, subject: string): SetFault | undefined {
    return this.counted.find((each) => {
      const { fault } = each;
      if (fault.endpoint !== undefined && fault.endpoint !== endpoint) return false;
      if (fault.subjects !== undefined && !fault.subjects.includes(subject)) return false;
      each.seen += 1;
      if (each.seen < fault.from || each.hit >= (fault.next ?? Number.POSITIVE_INFINITY)) return false;
      if (fault.probability < 1 && !each.random.chance(fault.probability)) return false;
      each.hit += 1;
      return true;
    })?.fault;
  }
}
