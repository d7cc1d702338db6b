import { notFound } from "next/navigation";
import { type DecisionEntry, HandoffView } from "@/components/handoffs/handoff-view";
import { decodeSegment } from "@/components/ui/href";
import { requirePermission } from "@/lib/auth/require-permission";
import { handoffActAttributes, isHandoffAct } from "@/lib/domain/handoffs/act";
import { compareEvents } from "@/lib/domain/handoffs/handoff-event";
import type { ObjectRef } from "@/lib/domain/object";
import { readAttachments } from "@/lib/queries/attachments";
import { readActsAbout } from "@/lib/queries/handoff-acts";
import { readHandoffEvents } from "@/lib/queries/handoff-events";
import { readHandoffHistory } from "@/lib/queries/handoff-history";
import { readHandoff } from "@/lib/queries/handoffs";
import { readRuleBook } from "@/lib/queries/rule-book";
import { services } from "@/lib/services";
import { rightsOf } from "../../../../workbench-address";

interface HandoffPageProps {
  readonly params: Promise<{ readonly rule: string; readonly keyType: string; readonly keyId: string }>;
}

export async function generateMetadata({ params }: HandoffPageProps) {
  return { title: `${decodeSegment((await params).keyId).slice(0, 80)} · Reconciliation` };
}

/** A handoff of thousands of postings is shown by the first of them. */
const EVENTS_PER_SIDE_MAX = 200;

export default async function HandoffPage({ params }: HandoffPageProps) {
  const person = await requirePermission("reconciliation:view");
  const given = await params;
  const rule = decodeSegment(given.rule);
  const key = { type: decodeSegment(given.keyType), id: decodeSegment(given.keyId) };
  if ([rule, key.type, key.id].some((part) => part.includes("\u0000"))) notFound();
  const shared = services();
  const { store } = shared;
  const now = new Date().toISOString();
  const [handoff, rules] = await Promise.all([readHandoff(store, rule, key, now), readRuleBook(store)]);
  if (!handoff) notFound();
  const [expected, actual, history, decisions] = await Promise.all([
    readHandoffEvents(store, handoff.from.slice(0, EVENTS_PER_SIDE_MAX)),
    readHandoffEvents(store, handoff.to.slice(0, EVENTS_PER_SIDE_MAX)),
    readHandoffHistory(store, shared, shared.finance, { rule, key }, now),
    readDecisions(rule, key),
  ]);
  return (
    <HandoffView
      key={`${rule}/${key.type}/${key.id}`}
      handoff={handoff}
      rules={rules}
      expected={expected}
      actual={actual}
      history={history}
      decisions={decisions}
      rights={rightsOf(person)}
    />
  );
}

/** What people decided about it, oldest first, with the names of the files they attached. */
async function readDecisions(rule: string, key: ObjectRef): Promise<DecisionEntry[]> {
  const { store } = services();
  const acts = (await readActsAbout(store, rule, [key])).sort(compareEvents);
  const read = acts.flatMap(({ id, type, occurredAt, objects, attributes }) => {
    const said = handoffActAttributes.safeParse(attributes).data;
    return said && isHandoffAct(type) ? [{ id, type, at: occurredAt, keys: objects, said }] : [];
  });
  const files = await readAttachments(
    store,
    read.flatMap(({ said }) => said.attachments),
  );
  return read.map(({ said, ...act }) => ({
    ...act,
    by: said.actor,
    reason: said.reason,
    reasonCode: said.reasonCode,
    note: said.note,
    answers: said.act,
    isApprovalNeeded: said.approval === "required",
    files: files.filter(({ id }) => said.attachments.includes(id)).map(({ id, name, bytes }) => ({ id, name, bytes })),
  }));
}
