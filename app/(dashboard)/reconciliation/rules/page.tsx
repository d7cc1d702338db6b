import Link from "next/link";
import { RuleList, type RuleRow } from "@/components/handoffs/rules/rule-list";
import { newRuleHref } from "@/components/handoffs/rules/rule-view";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { ruleInfoOf } from "@/lib/domain/handoffs/rule-info";
import { type ListedRule, listRules } from "@/lib/queries/rule-workbench";
import { services } from "@/lib/services";

export const metadata = { title: "Rules · Reconciliation" };

export default async function RulesPage() {
  const person = await requirePermission("reconciliation:view");
  const rules = await listRules(services().store, new Date().toISOString());
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Rules</h1>
        {person.permissions.includes("reconciliation:rules") ? (
          <Link href={newRuleHref} className={buttonClass()}>
            New rule
          </Link>
        ) : null}
      </div>
      <p className="max-w-3xl text-sm text-ink-muted">
        What must follow what, where, within which time, and what must agree. A changed rule can be tried on history
        before it is published; handoffs say which version judged them.
      </p>
      <section aria-label="Rules" className="rounded-lg border border-line bg-surface">
        {rules.length === 0 ? (
          <EmptyState title="No rule is in force">
            Nothing is reconciled. The worker publishes config/handoffs.yaml when it starts and whenever it is saved.
          </EmptyState>
        ) : (
          <RuleList rows={rules.map(rowOf)} />
        )}
      </section>
    </>
  );
}

function rowOf(listed: ListedRule): RuleRow {
  const { rule, version, publishedAt, publishedBy, note, standing, openBreaks } = listed;
  const { name, owner, severity } = ruleInfoOf(listed);
  return { rule, name, owner, severity, version, publishedAt, publishedBy, note, standing, openBreaks };
}
