/** What acts on handoffs take and answer, as schemas. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import { REASON_CODES } from "@/lib/domain/handoffs/act";
import { ATTACHMENTS_PER_ACT_MAX } from "@/lib/domain/handoffs/attachment";
import { DECIDING_ACTIONS } from "@/lib/domain/handoffs/decidable";
import { BREAK_STATES } from "@/lib/domain/handoffs/handoff";
import { filterOf, handoffParameters } from "@/lib/queries/handoff-filter";

/** The intake takes neither; said here, where the field has a name. */
export const plainText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((given) => !given.includes("\u0000") && given.isWellFormed(), "must be well-formed text without NUL");
export const reasonText = plainText(1000).min(3, "must say why, in a few words");
export const noteText = plainText(4000).default("");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256, 64 hexadecimal digits");
const key = z.strictObject({ type: plainText(128).min(1), id: plainText(512).min(1) });

const decisionParts = {
  reason: reasonText,
  note: noteText,
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
  act: plainText(512).min(1).meta({ description: "Event id of the act that waits for a second person" }),
  note: noteText,
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
    z.strictObject({ action: z.literal("approve"), ...answerParts, reason: plainText(1000).default("") }),
    z.strictObject({ action: z.literal("refuse"), ...answerParts, reason: reasonText }),
  ])
  .meta({ id: "HandoffAct" });

export const handoffActAnswer = z
  .object({
    event: z.object({ source: z.string(), id: z.string() }).meta({ description: "The fact that records the act" }),
    approval: z.enum(["required", "not-required"]).meta({ description: "Whether a second person must approve it" }),
  })
  .meta({ id: "HandoffActAnswer" });

const money = z.object({ amount: z.string(), currency: z.string() });
const rule = plainText(64).min(1);
const handoffName = z.object({ rule: z.string(), key: z.object({ type: z.string(), id: z.string() }) });

/** A body of 64 KiB holds no more; "all that match" is a filter. */
const ASKED_KEYS_MAX = 500;

const bulkParts = {
  action: z.enum(DECIDING_ACTIONS),
  reason: reasonText,
  note: noteText,
  reasonCode: z.enum(REASON_CODES).default("other"),
};

export const bulkPlanRequest = z
  .strictObject({
    ...bulkParts,
    keys: z
      .array(z.strictObject({ rule, key, evidence: sha256.optional() }))
      .min(1)
      .max(ASKED_KEYS_MAX)
      .optional()
      .meta({ description: "These ones" }),
    filter: z
      .strictObject(handoffParameters)
      .transform(filterOf)
      .optional()
      .meta({ description: "All that match now; the parameters of the list of handoffs" }),
  })
  .refine(({ keys, filter }) => (keys === undefined) !== (filter === undefined), {
    message: "give either keys or filter",
    path: ["keys"],
  })
  .meta({ id: "BulkPlanRequest" });

export const bulkPlanAnswer = z
  .object({
    id: z.string(),
    action: z.enum(DECIDING_ACTIONS),
    matching: z.int().meta({ description: "How many match; a plan is about the first 5,000 of them" }),
    total: z.int().meta({ description: "How many the plan is about: those that will be decided, and the skipped" }),
    willDecide: z.int(),
    stakes: z.array(money),
    skipped: z.array(handoffName.extend({ reason: z.string(), detail: z.string() })),
  })
  .meta({ id: "BulkPlan" });

export const bulkResultAnswer = z
  .object({
    done: z.int(),
    skipped: z.int(),
    failed: z.int(),
    results: z.array(handoffName.extend({ result: z.enum(["done", "skipped", "failed"]), detail: z.string() })),
  })
  .meta({ id: "BulkResult" });

export const standingAcceptanceDraft = z
  .strictObject({
    rule,
    states: z.array(z.enum(BREAK_STATES)).min(1),
    companyCode: plainText(64).default(""),
    location: plainText(128).default(""),
    partner: plainText(512).default(""),
    amountMax: z.string().regex(/^\d{1,20}(\.\d{1,9})?$/, 'must be a decimal as a string, like "25.00"'),
    currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency, like USD"),
    expiresAt: timestamp.meta({
      description: "At most 366 days ahead (RFC 3339)",
      type: "string",
      format: "date-time",
    }),
    reason: reasonText,
    note: noteText,
  })
  .meta({ id: "StandingAcceptanceDraft" });

export const standingAcceptance = z
  .object({
    id: z.string(),
    rule: z.string(),
    states: z.array(z.enum(BREAK_STATES)),
    companyCode: z.string(),
    location: z.string(),
    partner: z.string(),
    amountMax: z.string(),
    currency: z.string(),
    reason: z.string(),
    note: z.string(),
    createdAt: z.string(),
    createdBy: z.string(),
    createdById: z.string(),
    expiresAt: z.string(),
    withdrawnBy: z.string(),
  })
  .meta({ id: "StandingAcceptance" });

export const standingAcceptanceList = z.object({ items: z.array(standingAcceptance) });

export const acceptancePreview = z
  .object({ count: z.int(), stakes: z.array(money) })
  .meta({ id: "AcceptancePreview", description: "What is open now and would be accepted" });

export const reasonOnly = z.strictObject({ reason: reasonText });

export const attachment = z
  .object({
    id: z.string().meta({ description: "SHA-256 of the content" }),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    addedAt: z.string(),
    addedBy: z.string(),
  })
  .meta({ id: "Attachment" });

export const attachmentQuery = z.object({
  name: z
    .string({ error: "is required" })
    .min(1)
    .max(512)
    .meta({ description: "Its name; the last part of a path counts" }),
});
