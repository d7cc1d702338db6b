/**
 * What people, and replays, do about exceptions. Each act is an event of the reserved source `throughline` without objects (it is about work, not
 * about an order): `data.attributes.exceptions` names the exceptions, at most EXCEPTIONS_PER_ACT, `data.attributes.act` says the rest.
 */
import { z } from "zod";
import { OWN_SOURCE } from "@/lib/domain/system";

export const EXCEPTIONS_PER_ACT = 1_000;

export const EXCEPTION_ACTS = [
  "exception.acknowledged",
  /** To `assignee`; empty takes it back. */
  "exception.assigned",
  /** `dueAt` replaces the date from the SLA; empty goes back to it. */
  "exception.due_set",
  "exception.commented",
  /** `tags` to add, `untag` to take off. */
  "exception.tagged",
  "exception.resolved",
  /** Until `until`, or for good without it; what it silences is said by `reason`. */
  "exception.ignored",
  "exception.reopened",
  /** By a replay: `job` has taken it up, has seen its effect, or has let go of it without. */
  "exception.replay_started",
  "exception.verified",
  "exception.replay_ended",
] as const;
export type ExceptionActType = (typeof EXCEPTION_ACTS)[number];

export const isExceptionAct = (type: string): type is ExceptionActType =>
  (EXCEPTION_ACTS as readonly string[]).includes(type);

export const exceptionAct = z.object({
  actor: z.string(),
  actorId: z.string(),
  actorKind: z.string(),
  reason: z.string().default(""),
  assignee: z.string().default(""),
  dueAt: z.string().default(""),
  until: z.string().default(""),
  tags: z.array(z.string()).default([]),
  untag: z.array(z.string()).default([]),
  job: z.string().default(""),
  /** Of `exception.verified`: the event, or the answer of a look-up, that shows the effect. */
  evidence: z.string().default(""),
});
export type ExceptionAct = z.output<typeof exceptionAct>;

/** An act as it is read back: by occurredAt, then id. */
export interface StoredExceptionAct {
  readonly id: string;
  readonly type: ExceptionActType;
  readonly occurredAt: string;
  readonly act: ExceptionAct;
}

/** The canonical event of an act: about work, not about an order, so it names no object. At most EXCEPTIONS_PER_ACT exceptions. */
export const actEventOf = (
  id: string,
  type: ExceptionActType,
  exceptions: readonly string[],
  act: Partial<ExceptionAct>,
  time: string,
) => ({
  specversion: "1.0",
  id,
  source: OWN_SOURCE,
  type,
  time,
  data: { kind: "step", objects: [], links: [], attributes: { exceptions, act } },
});
