/**
 * What people decide about handoffs. Each act is an event of the reserved source `throughline`, so it is stored, ordered, rebuilt and shown like any
 * other fact. `data.objects` are the keys it is about (qualifier "subject"), `data.links` is empty, and `data.attributes` holds the rest.
 */
import { z } from "zod";

export const HANDOFF_ACTS = [
  /** These keys belong together and count as settled, with a reason. */
  "handoff.matched",
  /** The break is known and taken as it is, once. */
  "handoff.accepted",
  /** Takes back whatever was decided about these keys. */
  "handoff.reopened",
  /** A second person's yes, or no, to an act that needs one. */
  "handoff.approved",
  "handoff.refused",
] as const;
export type HandoffActType = (typeof HANDOFF_ACTS)[number];

export const isHandoffAct = (type: string): type is HandoffActType =>
  (HANDOFF_ACTS as readonly string[]).includes(type);

export const REASON_CODES = [
  "timing",
  "typing-error",
  "price-difference",
  "quantity-difference",
  "duplicate-posting",
  "posted-elsewhere",
  "cancelled-later",
  "rounding",
  "other",
] as const;

export const handoffActAttributes = z.object({
  rule: z.string(),
  actor: z.string(),
  actorId: z.string(),
  actorKind: z.string(),
  reasonCode: z.enum(REASON_CODES).default("other"),
  reason: z.string(),
  note: z.string().default(""),
  attachments: z.array(z.string()).default([]),
  /** `evidenceHash` of the handoffs as the person saw them. Other events since: the act no longer holds. */
  evidence: z.string().default(""),
  /** Whether a second person must approve (config/finance.yaml, approval), settled when the act was made. */
  approval: z.enum(["required", "not-required"]).default("not-required"),
  /** Of `handoff.approved` and `handoff.refused`: the event id of the act they answer. */
  act: z.string().default(""),
});
export type HandoffActAttributes = z.output<typeof handoffActAttributes>;
