import { RuleWorkbench } from "@/components/handoffs/rules/rule-workbench";
import { requirePermission } from "@/lib/auth/require-permission";

export const metadata = { title: "New rule · Rules" };

const TEMPLATE = `id: my-rule
name: Cause → what must follow
description: One or two sentences for the person who sees a break.
when:
  source: wms
  type: shipment.confirmed
expect:
  source: erp
  type: goods_issue.posted
  within: PT30M
on: shipment
compare:
  - quantity by sku
owner: finance-operations
severity: finance
`;

export default async function NewRulePage() {
  await requirePermission("reconciliation:rules");
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">New rule</h1>
      <p className="max-w-3xl text-sm text-ink-muted">
        Under an id that no rule has. Try it on history before you publish it; docs/handoffs.md explains every field.
      </p>
      <RuleWorkbench
        view={{ rule: "", versions: [] }}
        start={TEMPLATE}
        mayChange
        today={new Date().toISOString().slice(0, 10)}
      />
    </>
  );
}
