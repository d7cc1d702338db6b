/** What closing a period takes and answers, as schemas. */
import { z } from "zod";
import { BREAK_STATES } from "@/lib/domain/handoffs/handoff";
import { noteText, plainText, reasonText } from "./handoff-act-schemas";

const companyCode = plainText(64).min(1).meta({ description: "Company code: `1000`" });
const period = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month, like 2026-11")
  .meta({ description: "Period: `2026-11`" });

export const companyPeriod = z.object({ companyCode, period });

const openMoney = z.object({
  count: z.int(),
  stakes: z.array(z.object({ amount: z.string(), currency: z.string() })),
});
const openItem = z.object({ item: z.string(), count: z.int() });

const checklistParts = {
  companyCode: z.string(),
  period: z.string(),
  endsAt: z.string(),
  hasEnded: z.boolean(),
  readAt: z.string(),
  rules: z.array(
    z.object({
      rule: z.string(),
      total: z.int(),
      breaks: z.record(z.enum(BREAK_STATES), openMoney),
      pending: openMoney,
      awaiting: openMoney,
    }),
  ),
  sources: z.array(
    z.object({ source: z.string(), name: z.string(), completeThrough: z.string().nullable(), reachesEnd: z.boolean() }),
  ),
};

export const checklistAnswer = z
  .object({
    ...checklistParts,
    openItems: z.array(openItem).meta({ description: "What must be settled or acknowledged" }),
  })
  .meta({ id: "CloseChecklist" });

const acknowledgement = z.strictObject({
  item: plainText(256).min(1),
  count: z.int().min(0).meta({ description: "As you saw it; when it is another by now, look again" }),
  note: noteText,
});

/** A rule has six items at most; five hundred rules are the most there are. */
const ACKNOWLEDGEMENTS_MAX = 3_000;

export const closeRequest = z
  .strictObject({
    companyCode,
    period,
    note: noteText,
    acknowledgements: z.array(acknowledgement).max(ACKNOWLEDGEMENTS_MAX).default([]),
  })
  .meta({ id: "CloseRequest" });

export const reopenRequest = z.strictObject({ reason: reasonText });

export const periodAct = z
  .object({
    id: z.string(),
    companyCode: z.string(),
    period: z.string(),
    act: z.enum(["closed", "reopened"]),
    at: z.string(),
    signedBy: z.string(),
    signedById: z.string(),
    note: z.string(),
    contentHash: z.string().meta({ description: "SHA-256 over the frozen lines, in the order of their keys" }),
    rows: z.int(),
    checklist: z.object({ ...checklistParts, acknowledgements: z.array(acknowledgement) }).nullable(),
  })
  .meta({ id: "PeriodAct" });

export const periodActList = z.object({ items: z.array(periodAct) });

export const verification = z
  .object({
    isIntact: z.boolean(),
    rows: z.int(),
    contentHash: z.string(),
    firstAltered: z.string().meta({ description: "The first line that is not what its own hash says" }),
  })
  .meta({ id: "CloseVerification" });

const frozen = z.looseObject({ rule: z.string(), state: z.string() }).nullable();

export const changesAnswer = z
  .object({
    counts: z.object({ changed: z.int(), missing: z.int(), new: z.int() }),
    items: z.array(
      z.object({
        kind: z.enum(["changed", "missing", "new"]),
        rule: z.string(),
        key: z.object({ type: z.string(), id: z.string() }),
        frozen,
        now: frozen,
      }),
    ),
  })
  .meta({ id: "ChangesAfterClose" });
