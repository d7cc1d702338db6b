/** What operations on replays take and answer, as schemas. */
import { z } from "zod";
import { PERSONS_COMMANDS } from "@/lib/auth/replay-commands";
import { STOP_AFTER_FAILURES } from "@/lib/auth/replays";
import { ITEM_STATES } from "@/lib/domain/replay/entry";
import {
  DEFAULT_RAMP,
  JOB_STATES,
  REPLAY_COMMANDS,
  REPLAY_ITEMS_MAX,
  type ReplayCounts,
  SKIP_REASONS,
} from "@/lib/domain/replay/job";
import { hasOneSelection, ONE_SELECTION, replayEntry, selection } from "./exception-schemas";
import { plainText } from "./handoff-act-schemas";
import { listOf, objectRef, time } from "./schema-parts";

const RATE_MAX = 10_000;
/** What is left of a body beside the rest of a plan. */
const EDIT_CHARS_MAX = 60_000;

export const replayRequest = z
  .strictObject({
    name: plainText(200).min(1, "must say what this replay is"),
    ...selection,
    edit: z
      .strictObject({
        body: z.string().max(EDIT_CHARS_MAX),
        of: z
          .string()
          .regex(/^[0-9a-f]{64}$/, "must be a SHA-256, 64 hexadecimal digits")
          .optional()
          .meta({ description: "Hash of the original body as you saw it; 409 when it is another now" }),
      })
      .optional()
      .meta({ description: "Of one exception: the body to send instead. The original stays" }),
    rate: z
      .number()
      .positive()
      .max(RATE_MAX)
      .nullable()
      .optional()
      .meta({ description: "Messages a second, over the whole job" }),
    ramp: z
      .array(z.int().min(1).max(REPLAY_ITEMS_MAX))
      .max(20)
      .optional()
      .meta({
        description: `Step sizes; what is left goes as the last step. [${DEFAULT_RAMP.join(", ")}] when not given`,
      }),
    stopAfterFailures: z
      .int()
      .min(1)
      .max(REPLAY_ITEMS_MAX)
      .optional()
      .meta({ description: `So many failures in a step stop the job; ${STOP_AFTER_FAILURES} when not given` }),
    dryRun: z.boolean().optional().meta({ description: "Looks, and sends nothing" }),
    includeBusiness: z
      .boolean()
      .optional()
      .meta({ description: "Send what a business refused as it is: what it refers to has changed" }),
  })
  .refine(hasOneSelection, ONE_SELECTION)
  .meta({ id: "ReplayRequest" });

const planParts = {
  id: z.string(),
  name: z.string(),
  plannedAt: time,
  plannedBy: z.string(),
  matching: z.int(),
  rate: z.number().nullable(),
  ramp: z.array(z.int()),
  stopAfterFailures: z.int(),
  dryRun: z.boolean(),
  approvalReasons: z
    .array(z.string())
    .meta({ description: "Why a second person must approve; empty when nobody need" }),
  willReplay: z.int(),
  willSkip: z.int(),
};

export const replayPlanAnswer = z
  .object({
    ...planParts,
    state: z.literal("planned"),
    skipped: z.array(z.object({ exceptionId: z.string(), reason: z.enum(SKIP_REASONS) })),
  })
  .meta({ id: "ReplayPlan" });

const counts = z
  .object({ total: z.int(), verified: z.int(), sent: z.int(), failed: z.int(), skipped: z.int(), pending: z.int() })
  .meta({ id: "ReplayCounts", description: "They always add up to `total`" }) satisfies z.ZodType<ReplayCounts>;

const summaryParts = {
  ...planParts,
  state: z.enum(JOB_STATES),
  ...counts.shape,
  startedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
};

export const replayList = listOf(z.object(summaryParts).meta({ id: "ReplaySummary" })).meta({ id: "ReplayList" });

export const replay = z
  .object({
    ...summaryParts,
    step: z.object({ index: z.int(), size: z.int(), done: z.int(), failed: z.int() }),
    failuresMeanwhile: z.int(),
    commands: z.array(
      z.object({
        command: z.enum(REPLAY_COMMANDS),
        givenAt: time,
        givenBy: z.string(),
        exceptionId: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: "Replay" });

export const replayCommand = z
  .strictObject({ reason: plainText(1_000).default("") })
  .default({ reason: "" })
  .meta({ id: "ReplayCommand" });

export const replayCommandAnswer = z
  .object({
    id: z.string(),
    command: z.enum(PERSONS_COMMANDS),
    state: z.enum(JOB_STATES).meta({ description: "Of the job, now" }),
  })
  .meta({ id: "ReplayCommandAnswer" });

export const replayItemList = listOf(
  z
    .object({
      exceptionId: z.string(),
      position: z.int(),
      state: z.enum(ITEM_STATES),
      skipReason: z.enum(SKIP_REASONS).nullable(),
      item: z
        .object({
          interface: z.string(),
          chain: objectRef.nullable(),
          causedAt: time,
          subject: objectRef,
          roots: z.array(objectRef),
          messageKey: z.string(),
          failedEvent: z.object({ source: z.string(), id: z.string() }),
        })
        .nullable(),
      isEdited: z.boolean(),
      attempts: z.int(),
      last: z.object({ at: time, entryNo: z.int(), entry: replayEntry }).nullable(),
    })
    .meta({ id: "ReplayItem" }),
).meta({ id: "ReplayItemList" });
