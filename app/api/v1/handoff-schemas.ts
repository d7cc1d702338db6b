/** Handoffs as the API answers with them (lib/domain/handoffs/handoff.ts says the semantics). */
import { z } from "zod";
import { HANDOFF_STATES } from "@/lib/domain/handoffs/handoff";
import { decimal, objectRef, time } from "./schema-parts";

const state = z.enum(HANDOFF_STATES);
const eventRef = z.object({ source: z.string(), id: z.string() }).meta({ id: "EventRef" });
const twoSides = { expected: decimal, actual: decimal };

const difference = z
  .object({
    quantity: z.array(z.object({ sku: z.string(), ...twoSides })).optional(),
    amount: z.object({ ...twoSides, currency: z.string() }).optional(),
    period: z.object({ expected: z.string(), actual: z.string() }).optional(),
    incomparable: z.array(z.string()).optional(),
  })
  .meta({ id: "HandoffDifference", description: "Only what differs beyond its tolerance" });

const resolution = z
  .object({
    kind: z.enum(["matched", "accepted", "standing", "awaiting_approval"]),
    by: z.string(),
    at: time,
    reason: z.string(),
    note: z.string(),
    actId: z.string(),
  })
  .meta({ id: "HandoffResolution", description: "What a person, or a standing acceptance of theirs, decided" });

export const handoff = z
  .object({
    rule: z.string(),
    ruleVersion: z.int(),
    key: objectRef,
    group: z
      .object({ lead: objectRef, size: z.int() })
      .meta({ description: "Keys that are compared together; money stands on the leading one" }),
    roots: z.array(objectRef),
    state: state.meta({ description: "By the clock of the request" }),
    stateWhenDue: state.meta({ description: "What it becomes when `dueAt` passes" }),
    dueAt: time.nullable(),
    from: z.array(eventRef).meta({ description: "The events that caused it" }),
    to: z.array(eventRef).meta({ description: "The events that followed" }),
    excess: z.array(eventRef).meta({ description: "Of `to`, those without which a duplicate would be settled" }),
    difference,
    totals: z.object({
      expectedQuantity: decimal.nullable(),
      actualQuantity: decimal.nullable(),
      expectedAmount: decimal.nullable(),
      actualAmount: decimal.nullable(),
      currency: z.string(),
    }),
    stake: decimal.meta({ description: "Money at stake, in `totals.currency`" }),
    companyCode: z.string(),
    period: z.string(),
    location: z.string(),
    partner: z.string(),
    openedAt: time,
    brokenAt: time.nullable(),
    settledAt: time.nullable(),
    resolution: resolution.nullable(),
    open: z.boolean().meta({ description: "A break that nobody has settled" }),
    evidence: z.string().meta({
      description: "Hash of the events of both sides: an act that names it holds only while they are the same",
    }),
    owner: z.string(),
    severity: z.string(),
    interface: z.string(),
  })
  .meta({ id: "Handoff" });

export const handoffTotal = z
  .object({
    rule: z.string(),
    state,
    count: z.int(),
    amount: decimal.meta({ description: "At stake" }),
    currency: z.string().meta({ description: "Two currencies are two totals; empty where no side stated money" }),
  })
  .meta({ id: "HandoffTotal" });
