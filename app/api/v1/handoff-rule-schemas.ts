/** What operations on handoff rules take and answer, as schemas. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import { HANDOFF_STATES } from "@/lib/domain/handoffs/handoff";
import { REVIEW_KINDS } from "@/lib/domain/handoffs/reviews";
import { RULE_STANDINGS } from "@/lib/queries/rule-workbench";
import { noteText, reasonText } from "./handoff-act-schemas";

/** A rule is a page at most. */
const RULE_CHARS_MAX = 32_000;

/** Not trimmed: the first line's indentation belongs to it. */
const ruleText = z
  .string()
  .max(RULE_CHARS_MAX)
  .refine((given) => !given.includes("\u0000") && given.isWellFormed(), "must be well-formed text without NUL")
  .meta({ description: "One rule as YAML or JSON, without the list around it" });

const version = z.int().min(0);

export const ruleVersion = z
  .object({
    rule: z.string(),
    version: z.int(),
    publishedAt: z.string(),
    publishedBy: z.string(),
    origin: z.enum(["file", "workbench"]),
    note: z.string(),
    withdrawn: z.boolean(),
    definition: z.looseObject({}).meta({ description: "The rule as written (docs/handoffs.md)" }),
  })
  .meta({ id: "HandoffRuleVersion" });

export const ruleList = z.object({
  items: z.array(
    ruleVersion.extend({
      standing: z.enum(RULE_STANDINGS).meta({ description: "Only what is `in-force` judges" }),
      openBreaks: z.int(),
    }),
  ),
  fileFault: z
    .string()
    .nullable()
    .meta({ description: "What is wrong with config/handoffs.yaml, a line per fault; null: nothing" }),
});

export const ruleVersionList = z.object({ items: z.array(ruleVersion) });

export const ruleCheckRequest = z.strictObject({ definition: ruleText });

export const ruleProblem = z.object({
  line: z.int().meta({ description: "From 1" }),
  path: z.string(),
  message: z.string(),
});

export const ruleCheckAnswer = z
  .object({
    fits: z.boolean(),
    problems: z.array(ruleProblem),
    warnings: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .meta({ description: "It fits, and yet most likely finds nothing" }),
    rule: z.string().nullable().meta({ description: "Its id; null when it does not fit" }),
    version: z.int().meta({ description: "The newest version of that rule; 0: none" }),
  })
  .meta({ id: "HandoffRuleCheck" });

export const rulePublication = z
  .strictObject({
    definition: ruleText,
    baseVersion: version.meta({
      description: "The version that was edited; 0 for a new rule. 409 when it is not the newest",
    }),
    note: reasonText,
  })
  .meta({ id: "HandoffRulePublication" });

export const ruleWithdrawal = z.strictObject({ baseVersion: version, note: reasonText });

export const rulePublished = z.object({ rule: z.string(), version: z.int() }).meta({ id: "HandoffRulePublished" });

export const backTestRequest = z
  .strictObject({
    definition: ruleText,
    from: timestamp
      .optional()
      .meta({ description: "Handoffs opened not before (RFC 3339)", type: "string", format: "date-time" }),
    to: timestamp
      .optional()
      .meta({ description: "Handoffs opened before (RFC 3339)", type: "string", format: "date-time" }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    message: "must be before to",
    path: ["from"],
  })
  .meta({ id: "BackTestRequest" });

const stakes = z.array(z.object({ amount: z.string(), currency: z.string() }));
const object = z.object({ type: z.string(), id: z.string() });
const side = z
  .object({
    state: z.enum(HANDOFF_STATES),
    resolution: z.string().nullable(),
    stake: z.string(),
    currency: z.string(),
    difference: z.looseObject({}),
  })
  .nullable();
const list = z.object({
  count: z.int(),
  stakes,
  examples: z.array(
    z.object({
      key: object,
      roots: z.array(object),
      before: side,
      after: side,
      matchesByItself: z.boolean(),
      review: z
        .object({ kind: z.enum(REVIEW_KINDS), by: z.string(), at: z.string(), reason: z.string(), note: noteText })
        .nullable(),
    }),
  ),
});
const stateCount = z.object({ count: z.int(), stakes });

const backTestResult = z
  .object({
    rule: z.string(),
    from: z.string(),
    to: z.string(),
    at: z.string().meta({ description: "The clock that both were judged by" }),
    isCut: z.boolean().meta({ description: "There are more keys than were compared" }),
    keys: z.int(),
    unchanged: z.int(),
    states: z.array(z.object({ state: z.enum(HANDOFF_STATES), before: stateCount, after: stateCount })),
    changes: z.object({
      newlyMatched: list,
      newlyBroken: list,
      appearing: list,
      disappearing: list,
      changed: list,
    }),
    reviewed: list.meta({ description: "What a person looked at and the rule would match by itself" }),
  })
  .meta({ id: "BackTestResult" });

export const backTestLine = z
  .discriminatedUnion("line", [
    z.object({ line: z.literal("progress"), read: z.int(), events: z.int(), keys: z.int() }),
    z.object({ line: z.literal("result"), result: backTestResult }),
    z.object({ line: z.literal("problem"), detail: z.string() }),
  ])
  .meta({ id: "BackTestLine" });
