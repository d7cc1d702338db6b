import { type ApprovalEntry, ApprovalList } from "@/components/handoffs/approval-list";
import { EmptyState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { handoffActAttributes } from "@/lib/domain/handoffs/act";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { readAttachments } from "@/lib/queries/attachments";
import { readActsAbout } from "@/lib/queries/handoff-acts";
import { listHandoffs } from "@/lib/queries/handoffs";
import { readRuleBook } from "@/lib/queries/rule-book";
import { services } from "@/lib/services";

export const metadata = { title: "Awaiting approval · Reconciliation" };

const SHOWN_MAX = 200;

export default async function ApprovalsPage() {
  const person = await requirePermission("reconciliation:view");
  const { store, finance } = services();
  const now = new Date().toISOString();
  const [list, rules] = await Promise.all([
    listHandoffs(store, { resolutions: ["awaiting_approval"] }, { limit: SHOWN_MAX, sort: "stake", now }),
    readRuleBook(store),
  ]);
  const entries = await entriesOf(list.items, person.id);
  const { approval } = finance;
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Awaiting approval</h1>
      <p className="max-w-3xl text-sm text-ink-muted">
        {approval
          ? `A match by hand or an acceptance with more than ${approval.above} ${approval.currency} at stake holds once a second person has approved it.`
          : "No amount is set above which a second person is asked (config/finance.yaml, approval)."}
      </p>
      <section aria-label="Decisions that wait" className="rounded-lg border border-line bg-surface">
        {entries.length === 0 ? (
          <EmptyState title="Nothing waits for approval">
            Decisions that need a second person stand here until somebody approves or refuses them.
          </EmptyState>
        ) : (
          <ApprovalList
            entries={entries}
            rules={rules}
            mayApprove={person.permissions.includes("reconciliation:approve")}
          />
        )}
        {list.total > SHOWN_MAX ? (
          <p className="border-t border-line px-3 py-2 text-xs text-ink-muted">
            The {SHOWN_MAX} with most at stake are shown, of {list.total}.
          </p>
        ) : null}
      </section>
    </>
  );
}

/** One per decision: a decision on several keys is answered once. */
async function entriesOf(handoffs: readonly ListedHandoff[], personId: string): Promise<ApprovalEntry[]> {
  const { store } = services();
  const byAct = new Map<string, ListedHandoff[]>();
  for (const handoff of handoffs) {
    const act = handoff.resolution?.actId ?? "";
    byAct.set(act, [...(byAct.get(act) ?? []), handoff]);
  }
  const rules = [...new Set(handoffs.map(({ rule }) => rule))];
  const acts = await Promise.all(
    rules.map((rule) =>
      readActsAbout(
        store,
        rule,
        handoffs.filter((handoff) => handoff.rule === rule).map(({ key }) => key),
      ),
    ),
  );
  const said = new Map(
    acts
      .flat()
      .map(({ id, type, attributes }) => [id, { type, said: handoffActAttributes.safeParse(attributes).data }]),
  );
  const files = await readAttachments(
    store,
    [...byAct.keys()].flatMap((act) => said.get(act)?.said?.attachments ?? []),
  );
  return [...byAct].map(([actId, own]) => {
    const act = said.get(actId);
    return {
      actId,
      kind: act?.type === "handoff.accepted" ? "accept" : "match",
      handoffs: own,
      isOwn: act?.said?.actorId === personId,
      reasonCode: act?.said?.reasonCode ?? "other",
      files: files
        .filter(({ id }) => act?.said?.attachments.includes(id) ?? false)
        .map(({ id, name }) => ({ id, name })),
    };
  });
}
