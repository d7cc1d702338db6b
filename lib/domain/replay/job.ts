/** A replay job: a frozen list of messages, sent step by step. Plan, items, commands and counts. */
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";

export const REPLAY_ITEMS_MAX = 20_000;
/** Step sizes of the ramp; what is left after the last goes as one. */
export const DEFAULT_RAMP = [1, 5, 20, 100] as const;

export const SKIP_REASONS = [
  /** Its effect is there. */
  "already-applied",
  /** It is resolved, or not in a state to be replayed. */
  "not-failed",
  "ignored",
  /** No failure carries its message: it cannot be sent. */
  "no-message",
  /** Its interface is not declared, or has no channel. */
  "no-channel",
  /** A business refusal: sent as it is, it would be refused again. Edit it, or change what it refers to and say so (`includeBusiness`). */
  "needs-edit",
  "no-right",
  /** Another job has it and is not done. */
  "in-another-replay",
  "unknown",
  /** A broken handoff has no message of its own: replay the failure that causes it. */
  "no-message-of-its-own",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export interface ReplayPlan {
  readonly id: string;
  readonly name: string;
  readonly plannedAt: string;
  readonly plannedBy: string;
  readonly plannedById: string;
  /** What was asked for, frozen: ids, or a filter of the queue as its query parameters. */
  readonly asked:
    | { readonly exceptionIds: readonly string[] }
    | { readonly filter: Readonly<Record<string, string | readonly string[]>> };
  /** How many matched; above REPLAY_ITEMS_MAX the plan is about the first of them only. */
  readonly matching: number;
  /** Per second, over the whole job; the interface's own limit holds beside it. */
  readonly rate: number | null;
  readonly ramp: readonly number[];
  /** The job stops itself at the end of a step, or within it, once so many of the step have failed. */
  readonly stopAfterFailures: number;
  /** Looks and says what it would do; sends nothing. */
  readonly dryRun: boolean;
  /** Why a second person must approve before it starts; empty when nobody need. */
  readonly approvalReasons: readonly string[];
  readonly willReplay: number;
  readonly willSkip: number;
}

export interface ReplayItem {
  readonly exceptionId: string;
  readonly position: number;
  readonly interface: string;
  /** Messages of one chain go one after the other, each after the one before it is verified. The smallest root of the exception. */
  readonly chain: ObjectRef | null;
  /** Orders the messages of a chain as they arose. */
  readonly causedAt: string;
  readonly subject: ObjectRef;
  readonly roots: readonly ObjectRef[];
  readonly messageKey: string;
  /** Where the message is: the original is never changed. */
  readonly failedEvent: EventRef;
  /** The body to send instead of the original's, with the SHA-256 (hex) of the original that it was made from. */
  readonly edit: { readonly body: string; readonly of: string } | null;
}

export const JOB_STATES = [
  "planned",
  /** Started, but a second person has not approved yet. */
  "awaiting_approval",
  "running",
  "paused",
  /** Stopped itself: too many failures in a step. Resume goes on with the rest, the failed included. */
  "stopped",
  "cancelled",
  "finished",
] as const;
export type JobState = (typeof JOB_STATES)[number];

export const REPLAY_COMMANDS = [
  "start",
  "approve",
  "pause",
  "resume",
  "cancel",
  "stop",
  "finish",
  "release",
  "drop",
] as const;
export type ReplayCommandName = (typeof REPLAY_COMMANDS)[number];

export interface ReplayCommand {
  readonly jobId: string;
  readonly id: string;
  readonly command: ReplayCommandName;
  readonly givenAt: string;
  readonly givenBy: string;
  readonly givenById: string;
  readonly exceptionId: string;
  readonly reason: string;
}

/** They always add up to `total`. `pending`: not sent yet, or waiting (unclear, held). */
export interface ReplayCounts {
  readonly total: number;
  readonly verified: number;
  readonly sent: number;
  readonly failed: number;
  readonly skipped: number;
  readonly pending: number;
}
