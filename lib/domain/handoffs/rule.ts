/** A handoff rule: data, not code (config/handoffs.yaml, docs/handoffs.md). This schema is the only definition of its shape. */
import { z } from "zod";
import { type Duration, durationUpTo } from "@/lib/domain/duration";

const name = z.string().trim().min(1).max(128);
const DECIMAL = /^\d+(\.\d{1,9})?$/;
const positiveDecimal = z.string().regex(DECIMAL, 'must be a decimal as a string, like "0.05"');

/** A due time beyond every date the store knows would keep the rule from being judged at all. */
const DURATION_DAYS_MAX = 3_660;
const duration = durationUpTo(DURATION_DAYS_MAX, "PT30M, PT26H or P2D");

const oneOrMore = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema.transform((only) => [only]), z.array(schema).min(1)]);

/** What an event must be to stand on a side. */
const eventPattern = z.strictObject({
  /** A source, a family (`wms-*`), or a kind of system (`wms`, `erp`). Without it, any. */
  source: oneOrMore(name).optional(),
  type: oneOrMore(name),
  /** Attributes (or outcome, interface) that it must have: `where: { billingType: [F2, L2] }`. */
  where: z.record(name, oneOrMore(z.string())).optional(),
});

const when = eventPattern.extend({
  /** `sum`: events add up. `latest`: a later statement on a SKU replaces the earlier (an order that is changed). */
  take: z.enum(["sum", "latest"]).default("sum"),
});

const expect = eventPattern.extend({
  /** May stand beside `expect` as well. */
  within: duration.optional(),
  /** `elapsed`: by the clock. `business`: days are business days of the company code, and a time outside them waits for the next. */
  calendar: z.enum(["elapsed", "business"]).default("elapsed"),
});

const tolerance = z
  .strictObject({
    absolute: positiveDecimal.optional(),
    percent: positiveDecimal.optional(),
    /** Where both are given: the wider or the narrower holds. */
    take: z.enum(["larger", "smaller"]).default("larger"),
  })
  .refine(({ absolute, percent }) => absolute !== undefined || percent !== undefined, {
    message: "must have absolute, percent or both",
  });

const comparison = z.union(
  [
    z.literal("quantity by sku").transform(() => ({ measure: "quantity by sku" as const, tolerance: undefined })),
    z.literal("quantity").transform(() => ({ measure: "quantity" as const, tolerance: undefined })),
    z.literal("amount").transform(() => ({ measure: "amount" as const, tolerance: undefined })),
    z.literal("period").transform(() => ({ measure: "period" as const, lag: undefined })),
    z.strictObject({ measure: z.enum(["quantity by sku", "quantity", "amount"]), tolerance }),
    z.strictObject({
      measure: z.literal("period"),
      /** A posting this far over the period's end still counts. */ lag: duration,
    }),
  ],
  {
    error:
      'must be "quantity by sku", "quantity", "amount" or "period", or an object with measure and tolerance (period: lag)',
  },
);

/** How grave a break is, gravest first; the order that breaks are ranked in. */
export const RULE_SEVERITIES = ["finance", "critical", "high", "operations", "medium", "low", "info"] as const;

const ruleFields = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and dashes, like goods-issue"),
  /** Shown: "Shipment → goods issue". Without it, the id is. */
  name: name.optional(),
  /** One or two sentences for the person who sees a break. */
  description: z.string().max(2000).default(""),
  when,
  expect,
  within: duration.optional(),
  /** Both sides belong to the same object of this type. */
  on: name,
  compare: z.array(comparison).max(4).default([]),
  /** Of every quantity and amount that is compared without a tolerance of its own. */
  tolerance: tolerance.optional(),
  /** Types of events that take an expected one back; what they name in posting.reverses, else their own lines and amount. */
  reversed_by: oneOrMore(name).default([]),
  /** Types of events that take the cause back: all of it, or the lines they list. */
  unless: oneOrMore(name).default([]),
  owner: name,
  severity: z.enum(RULE_SEVERITIES).default("operations"),
  interface: name.optional(),
  enabled: z.boolean().default(true),
});

export const handoffRule = ruleFields
  .superRefine((rule, context) => {
    if (rule.expect.within !== undefined || rule.within !== undefined) return;
    context.addIssue({
      code: "custom",
      path: ["expect", "within"],
      message: "must be there: a duration like PT30M or P2D",
    });
  })
  .transform(({ within, tolerance: ofAll, compare, expect: expected, name: shown, ...rule }) => ({
    ...rule,
    name: shown ?? rule.id,
    expect: { ...expected, within: expected.within ?? within ?? NO_TIME },
    compare: compare.map((comparison) =>
      comparison.measure === "period" ? comparison : { ...comparison, tolerance: comparison.tolerance ?? ofAll },
    ),
  }));

/** Stands for what the check above excludes. */
const NO_TIME: Duration = { days: 0, ms: 0 };

const noRuleTwice = (
  rules: readonly { readonly id: string }[],
  context: z.core.$RefinementCtx,
  path: readonly PropertyKey[],
) => {
  rules.forEach((rule, index) => {
    if (rules.findIndex((other) => other.id === rule.id) !== index)
      context.addIssue({ code: "custom", path: [...path, index, "id"], message: `is there twice: ${rule.id}` });
  });
};

const RULES_MAX = 500;

/** The file, as `rules:` and a list. */
export const handoffRules = z
  .strictObject({ rules: z.array(handoffRule).max(RULES_MAX) })
  .superRefine(({ rules }, context) => noRuleTwice(rules, context, ["rules"]));

/** The file, as the list alone. */
export const handoffRuleList = z
  .array(handoffRule)
  .max(RULES_MAX)
  .superRefine((rules, context) => noRuleTwice(rules, context, []));

/** As written, before defaults: what is stored, shown and edited. */
export type HandoffRuleText = z.input<typeof handoffRule>;
export type HandoffRule = z.output<typeof handoffRule>;
export type EventPattern = z.output<typeof eventPattern>;
export type Comparison = z.output<typeof comparison>;
export type Tolerance = z.output<typeof tolerance>;

/** A rule in force. Versions count up per rule, whoever published it. */
export interface VersionedRule {
  readonly rule: HandoffRule;
  readonly version: number;
}
