/** What the API answers with, as schemas: the OpenAPI document is made of them, tests hold real answers against them. */
import { z } from "zod";
import { EVENT_KINDS, EVENT_OUTCOMES } from "@/lib/domain/event";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { type Journey, STAGES } from "@/lib/domain/journey";
import { SYSTEM_KINDS } from "@/lib/domain/system";
import type { AuditEntry } from "@/lib/queries/audit";
import type { HandoffTotal } from "@/lib/queries/handoffs";
import type { OrderListItem } from "@/lib/queries/orders";
import type { SearchResult } from "@/lib/queries/search";
import type { SourceState } from "@/lib/queries/sources";
import { handoff, handoffTotal } from "./handoff-schemas";
import { decimal, listOf, objectRef, time } from "./schema-parts";

const namedObject = objectRef.extend({ qualifier: z.string() }).meta({ id: "NamedObject" });
const money = z.object({ amount: decimal, currency: z.string() }).meta({ id: "Money" });
const stage = z.enum(STAGES);

const stageProgress = z
  .object({
    stage,
    state: z.enum(["none", "partial", "full"]),
    firstAt: time.nullable(),
    completedAt: time.nullable(),
  })
  .meta({ id: "StageProgress" });

const sourceStatus = z
  .object({
    stage: z.union([stage, z.literal("Cancelled")]).nullable(),
    since: time.nullable(),
    lastEventAt: time,
    lastEventType: z.string(),
    disagreement: z.string().nullable(),
  })
  .meta({ id: "SourceStatus", description: "What one system believes of this order" });

const journeyEvent = z
  .object({
    id: z.string().meta({ description: "The CloudEvents id; unique within its source" }),
    source: z.string(),
    kind: z.enum(EVENT_KINDS),
    type: z.string(),
    occurredAt: time,
    recordedAt: time.nullable(),
    receivedAt: time,
    outcome: z.enum(EVENT_OUTCOMES),
    error: z.object({ class: z.string(), code: z.string(), message: z.string() }).nullable(),
    interface: z.string(),
    attempt: z.int(),
    durationMs: z.number().nullable(),
    objects: z.array(namedObject),
    quantity: decimal.nullable(),
    amount: decimal.nullable(),
    currency: z.string(),
    promisedAt: time.nullable(),
    linkedBy: z
      .array(z.object({ from: objectRef, to: objectRef, source: z.string(), eventId: z.string() }))
      .meta({ description: "Why the event is here: the chain of links, each with the event that proved it" }),
    sharedWith: z.int().meta({ description: "How many other journeys this event belongs to" }),
  })
  .meta({ id: "JourneyEvent" });

const journeyObject = objectRef
  .extend({ parents: z.array(objectRef.extend({ source: z.string(), eventId: z.string() })) })
  .meta({ id: "JourneyObject" });

export const journey = z
  .object({
    root: objectRef,
    stage: z.string(),
    stages: z.array(stageProgress),
    statusBySource: z.record(z.string(), sourceStatus),
    agreed: z.boolean(),
    promisedAt: time.nullable(),
    value: money.nullable(),
    nextStep: z.string().nullable(),
    sentence: z.string(),
    firstEventAt: time.nullable(),
    lastEventAt: time.nullable(),
    failures: z.int(),
    objects: z.array(journeyObject),
    events: z.array(journeyEvent),
    handoffs: z.array(handoff).meta({ description: "With `asOf`: as they stood then" }),
    exceptions: z.array(z.unknown()),
    completeThrough: z.record(z.string(), time),
    asOf: time.nullable(),
    truncated: z.boolean(),
  })
  .meta({ id: "Journey" });

export const searchAnswer = z
  .object({
    results: z.array(
      z.object({ object: objectRef, exact: z.boolean(), roots: z.array(objectRef), lastEventAt: time.nullable() }),
    ),
  })
  .meta({ id: "SearchAnswer" });

const orderListItem = z
  .object({
    root: objectRef,
    stage: z.string(),
    agreed: z.boolean(),
    promisedAt: time.nullable(),
    value: money.nullable(),
    nextStep: z.string().nullable(),
    sentence: z.string(),
    firstEventAt: time.nullable(),
    lastEventAt: time.nullable(),
    events: z.int(),
    failures: z.int(),
    sources: z.array(z.string()),
    stages: z.array(stageProgress),
    statusBySource: z.record(z.string(), sourceStatus),
  })
  .meta({ id: "OrderListItem" });

const sourceState = z
  .object({
    source: z.string(),
    name: z.string(),
    kind: z.enum(SYSTEM_KINDS),
    completeThrough: time.nullable(),
    lastReceivedAt: time.nullable(),
    lagSeconds: z.int().nullable(),
    gaps: z.object({ missing: z.int(), ranges: z.array(z.object({ from: z.string(), to: z.string() })) }),
  })
  .meta({ id: "Source" });

const auditEntry = z
  .object({
    id: z.string(),
    at: time,
    actor: z.object({ kind: z.enum(["person", "token", "system"]), id: z.string(), name: z.string() }),
    action: z.string(),
    target: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEntry" });

export const orderList = listOf(orderListItem).meta({ id: "OrderList" });
export const sourceList = listOf(sourceState).meta({ id: "SourceList" });
export const auditList = listOf(auditEntry).meta({ id: "AuditList" });

export const handoffList = listOf(handoff)
  .extend({ totals: z.array(handoffTotal).meta({ description: "Over all that match, not only this page" }) })
  .meta({ id: "HandoffList" });

export const eventAnswer = z
  .object({
    source: z.string(),
    id: z.string(),
    type: z.string(),
    occurredAt: time,
    recordedAt: time.nullable(),
    receivedAt: time,
    objects: z.array(namedObject),
    payload: z
      .unknown()
      .meta({ description: "The canonical event, whole; personal data masked when `masked` is true" }),
    masked: z.boolean(),
  })
  .meta({ id: "Event" });

export const linkAct = z
  .object({
    child: z.strictObject({ type: z.string().trim().min(1).max(128), id: z.string().trim().min(1).max(512) }),
    parent: z.strictObject({ type: z.string().trim().min(1).max(128), id: z.string().trim().min(1).max(512) }),
    reason: z.string().trim().min(3, "must say why, in a few words").max(1000),
  })
  .strict()
  .meta({ id: "LinkAct" });

export const linkActAnswer = z
  .object({ event: z.object({ source: z.string(), id: z.string() }) })
  .meta({ id: "LinkActAnswer", description: "The fact that records the act" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

// The schemas above and the types that the queries return must say the same; where they part, these lines do not compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Mutable<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Mutable<Item>[]
      : { -readonly [Key in keyof T]: Mutable<T[Key]> };
export type SchemasFit = [
  Same<z.output<typeof journey>, Mutable<Journey>>,
  Same<z.output<typeof orderListItem>, Mutable<OrderListItem>>,
  Same<z.output<typeof sourceState>, Mutable<SourceState>>,
  Same<z.output<typeof auditEntry>, Mutable<AuditEntry>>,
  Same<z.output<typeof searchAnswer>["results"][number], Mutable<SearchResult>>,
  Same<z.output<typeof handoff>, Mutable<ListedHandoff>>,
  Same<z.output<typeof handoffTotal>, Mutable<HandoffTotal>>,
];
const schemasFit: SchemasFit = [true, true, true, true, true, true, true];
void schemasFit;
