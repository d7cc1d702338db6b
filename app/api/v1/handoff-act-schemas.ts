/** What acts on handoffs take and answer, as schemas. */
import { z } from "zod";
import { REASON_CODES } from "@/lib/domain/handoffs/act";
import { ATTACHMENTS_PER_ACT_MAX } from "@/lib/domain/handoffs/attachment";

/** The intake takes neither; said here, where the field has a name. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((given) => !given.includes("\u0000") && given.isWellFormed(), "must be well-formed text without NUL");
const reason = text(1000).min(3, "must say why, in a few words");
const note = text(4000).default("");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256, 64 hexadecimal digits");
const key = z.strictObject({ type: text(128).min(1), id: text(512).min(1) });

const decisionParts = {
  reason,
  note,
  reasonCode: z.enum(REASON_CODES).default("other"),
  evidence: sha256.optional().meta({
    description: "Hash of the events of both sides as you saw them; when they have changed since, the answer is 409",
  }),
  attachments: z
    .array(sha256)
    .max(ATTACHMENTS_PER_ACT_MAX)
    .default([])
    .meta({ description: "Ids of uploaded attachments" }),
};
const answerParts = {
  act: text(512).min(1).meta({ description: "Event id of the act that waits for a second person" }),
  note,
};

/** Ten keys are a purchase with its partial postings; a thousand are a mistake. */
const MATCH_KEYS_MAX = 200;

export const handoffAct = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("accept"), ...decisionParts }),
    z.strictObject({
      action: z.literal("match"),
      ...decisionParts,
      with: z.array(key).max(MATCH_KEYS_MAX).default([]).meta({ description: "Further keys of the same rule" }),
    }),
    z.strictObject({ action: z.literal("reopen"), ...decisionParts }),
    z.strictObject({ action: z.literal("approve"), ...answerParts, reason: text(1000).default("") }),
    z.strictObject({ action: z.literal("refuse"), ...answerParts, reason }),
  ])
  .meta({ id: "HandoffAct" });

export const handoffActAnswer = z
  .object({
    event: z.object({ source: z.string(), id: z.string() }).meta({ description: "The fact that records the act" }),
    approval: z.enum(["required", "not-required"]).meta({ description: "Whether a second person must approve it" }),
  })
  .meta({ id: "HandoffActAnswer" });
