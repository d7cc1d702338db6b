/** What operations on exceptions take and answer, as schemas. */
import { z } from "zod";
import { ACT_EXCEPTIONS_MAX, COMMENT_CHARS_MAX, TAG_CHARS_MAX, TAGS_MAX } from "@/lib/auth/exception-acts";
import { timestamp } from "@/lib/domain/event";
import { EXCEPTION_ACTS } from "@/lib/domain/exceptions/act";
import {
  EXCEPTION_CATEGORIES,
  EXCEPTION_CLASSES,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  type ExceptionGroup,
  type ListedException,
  RESOLUTIONS,
} from "@/lib/domain/exceptions/exception";
import { ITEM_STATES } from "@/lib/domain/replay/entry";
import type { ExceptionFailure, ExceptionReplay } from "@/lib/queries/exception-detail";
import { exceptionParameters, filterOf } from "@/lib/queries/exception-filter";
import type { ExceptionView } from "@/lib/queries/exception-views";
import { plainText, reasonText } from "./handoff-act-schemas";
import { handoff } from "./handoff-schemas";
import { decimal, listOf, objectRef, time } from "./schema-parts";

const eventRef = z.object({ source: z.string(), id: z.string() });
const money = z.object({ amount: decimal, currency: z.string() });

export const exception = z
  .object({
    id: z.string(),
    kind: z.enum(EXCEPTION_KINDS),
    category: z.enum(EXCEPTION_CATEGORIES),
    class: z.enum(EXCEPTION_CLASSES),
    state: z.enum(EXCEPTION_STATES),
    resolution: z.enum(RESOLUTIONS).nullable(),
    interface: z.string(),
    step: z.string(),
    source: z.string(),
    target: z.string(),
    fingerprint: z.string().meta({ description: "Of its group" }),
    cause: z.string().meta({ description: "The message without what differs from case to case" }),
    message: z.string(),
    errorCode: z.string(),
    subject: objectRef,
    messageKey: z.string(),
    failedEvent: eventRef.nullable().meta({ description: "The event whose message a replay would send" }),
    roots: z.array(objectRef),
    severity: z.string(),
    owner: z.string(),
    assignee: z.string(),
    tags: z.array(z.string()),
    opensAt: time,
    firstFailedAt: time,
    lastFailedAt: time,
    dueAt: time.nullable(),
    ignoredUntil: time.nullable(),
    resolvedAt: time.nullable(),
    resolvedBy: z.string(),
    occurrences: z.int(),
    attempts: z.int(),
    regressions: z.int(),
    acts: z.int().meta({ description: "How many acts stand in its trail" }),
    value: money.nullable(),
    promisedAt: time.nullable(),
  })
  .meta({ id: "Exception" }) satisfies z.ZodType<ListedException>;

export const exceptionList = listOf(exception).meta({ id: "ExceptionList" });

const group = z
  .object({
    group: z.string().meta({ description: "The fingerprint" }),
    cause: z.string(),
    category: z.enum(EXCEPTION_CATEGORIES),
    class: z.enum(EXCEPTION_CLASSES),
    interface: z.string(),
    owners: z.array(z.string()),
    count: z.int(),
    regressed: z.int(),
    ordersHeldUp: z.int(),
    valueAtRisk: z.array(money).meta({ description: "By currency; an order counts once" }),
    firstFailedAt: time,
    lastFailedAt: time,
    trend: z
      .array(z.int())
      .meta({ description: "Exceptions that first failed in each of the last 24 hours, oldest first" }),
  })
  .meta({ id: "ExceptionGroup" }) satisfies z.ZodType<ExceptionGroup>;

export const exceptionGroupList = listOf(group).meta({ id: "ExceptionGroupList" });

const failure = z.object({
  event: eventRef,
  kind: z.string(),
  type: z.string(),
  occurredAt: time,
  receivedAt: time,
  interface: z.string(),
  outcome: z.string(),
  error: z.object({ class: z.string(), code: z.string(), message: z.string() }),
  attempt: z.int(),
  objects: z.array(objectRef.extend({ qualifier: z.string() })),
  messageKey: z.string(),
  hasMessage: z.boolean(),
}) satisfies z.ZodType<ExceptionFailure>;

const storedAct = z
  .object({
    id: z.string(),
    type: z.enum(EXCEPTION_ACTS),
    occurredAt: time,
    act: z.object({
      actor: z.string(),
      actorId: z.string(),
      actorKind: z.string(),
      reason: z.string(),
      assignee: z.string(),
      dueAt: z.string(),
      until: z.string(),
      tags: z.array(z.string()),
      untag: z.array(z.string()),
      job: z.string(),
      evidence: z.string(),
    }),
  })
  .meta({ id: "ExceptionActStored" });

export const replayEntry = z.looseObject({ entry: z.string() }).meta({
  id: "ReplayEntry",
  description: "looked, intended, answered, verified, held, released, dropped, skipped or failed",
});

const replayOf = z.object({
  jobId: z.string(),
  name: z.string(),
  state: z.enum(ITEM_STATES),
  entries: z.array(z.object({ at: time, state: z.enum(ITEM_STATES), entry: replayEntry })),
});
void (replayOf satisfies z.ZodType<Omit<ExceptionReplay, "entries">>);

export const exceptionDetail = z
  .object({
    exception,
    failures: z.array(failure),
    acts: z.array(storedAct),
    replays: z.array(replayOf),
    breaks: z.array(handoff).meta({ description: "The handoffs that wait for it; of a break, itself" }),
    causes: z.array(exception).meta({ description: "Of a break: the failed deliveries that explain it" }),
  })
  .meta({ id: "ExceptionDetail" });

const seen = {
  acts: z
    .int()
    .min(0)
    .optional()
    .meta({ description: "`acts` of the exception as you saw it: the answer then says what others did since" }),
};
const tag = plainText(TAG_CHARS_MAX).min(1);
const comment = plainText(COMMENT_CHARS_MAX);
const actShapes = [
  z.strictObject({ action: z.literal("acknowledge"), reason: comment.default(""), ...seen }),
  z.strictObject({
    action: z.literal("assign"),
    assignee: plainText(256).min(1, "must name somebody"),
    reason: comment.default(""),
    ...seen,
  }),
  z.strictObject({ action: z.literal("unassign"), reason: comment.default(""), ...seen }),
  z.strictObject({
    action: z.literal("due"),
    dueAt: timestamp
      .nullable()
      .meta({ description: "Null: the date that the SLA gives", type: "string", format: "date-time" }),
    reason: comment.default(""),
    ...seen,
  }),
  z.strictObject({ action: z.literal("comment"), comment: comment.min(1, "must say something"), ...seen }),
  z.strictObject({
    action: z.literal("tag"),
    tags: z.array(tag).max(TAGS_MAX).default([]),
    untag: z.array(tag).max(TAGS_MAX).default([]),
    ...seen,
  }),
  z.strictObject({ action: z.literal("resolve"), reason: reasonText, ...seen }),
  z.strictObject({
    action: z.literal("ignore"),
    reason: reasonText,
    until: timestamp.optional().meta({ description: "Without it, for good", type: "string", format: "date-time" }),
    ...seen,
  }),
  z.strictObject({ action: z.literal("reopen"), reason: comment.default(""), ...seen }),
] as const;

export const exceptionAct = z.discriminatedUnion("action", actShapes).meta({ id: "ExceptionAct" });

/** Ids that fit into one body. */
export const IDS_PER_REQUEST_MAX = 2_000;
export const selection = {
  exceptionIds: z.array(plainText(64).min(1)).min(1).max(IDS_PER_REQUEST_MAX).optional().meta({ description: "These" }),
  filter: z
    .strictObject(exceptionParameters)
    .transform(filterOf)
    .optional()
    .meta({ description: "Or all that match now, as in the list" }),
};
export const hasOneSelection = (given: { readonly exceptionIds?: unknown; readonly filter?: unknown }): boolean =>
  (given.exceptionIds === undefined) !== (given.filter === undefined);
export const ONE_SELECTION = { message: "give either exceptionIds or filter", path: ["exceptionIds"] };

export const exceptionBulkAct = z
  .strictObject({ ...selection, act: exceptionAct })
  .refine(hasOneSelection, ONE_SELECTION)
  .meta({ id: "ExceptionBulkAct" });

export const exceptionActAnswer = z
  .object({
    events: z.array(eventRef).meta({ description: "The facts that record the act" }),
    exceptions: z.int().meta({ description: "How many exceptions it is about" }),
    matching: z.int().meta({ description: `How many matched; it is about the first ${ACT_EXCEPTIONS_MAX} at most` }),
    meanwhile: z.array(storedAct).meta({ description: "What others did since you looked. Both acts are kept" }),
    silences: z.string().nullable().meta({ description: "Of ignore: what it keeps quiet" }),
  })
  .meta({ id: "ExceptionActAnswer" });

const view = z
  .object({ id: z.string(), name: z.string(), query: z.string(), savedBy: z.string(), savedAt: time })
  .meta({ id: "ExceptionView" }) satisfies z.ZodType<ExceptionView>;
export const exceptionView = view;
export const exceptionViewList = z.object({ items: z.array(view) }).meta({ id: "ExceptionViewList" });
export const exceptionViewDraft = z
  .strictObject({ name: plainText(128).min(1), query: plainText(4_000) })
  .meta({ id: "ExceptionViewDraft" });

export const interfaceList = listOf(
  z
    .object({
      id: z.string(),
      name: z.string(),
      description: z.string(),
      source: z.string(),
      target: z.string(),
      owner: z.string(),
      channel: z.enum(["http", "kafka"]).nullable(),
      safety: z.enum(["idempotent", "verifiable", "unsafe"]),
      finance: z.boolean(),
      severity: z.string(),
      slaSeconds: z.number(),
      ratePerSecond: z.number(),
      lifecycle: z.enum(["active", "deprecated", "retiring"]),
      retiresOn: z.string().nullable(),
      hasLookup: z.boolean(),
      hasContract: z.boolean(),
      effect: z.string().nullable().meta({ description: "Type of the event that shows the effect" }),
    })
    .meta({ id: "Interface" }),
).meta({ id: "InterfaceList" });
