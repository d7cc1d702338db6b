import { AcceptanceList } from "@/components/handoffs/acceptance-list";
import { requirePermission } from "@/lib/auth/require-permission";
import { readRuleBook } from "@/lib/queries/rule-book";
import { listStandingAcceptances } from "@/lib/queries/standing-acceptances";
import { services } from "@/lib/services";

export const metadata = { title: "Accepted always · Reconciliation" };

export default async function AcceptancesPage() {
  const person = await requirePermission("reconciliation:view");
  const { store, finance } = services();
  const [acceptances, rules] = await Promise.all([listStandingAcceptances(store), readRuleBook(store)]);
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Accepted always</h1>
      <p className="max-w-3xl text-sm text-ink-muted">
        Breaks of these kinds are accepted without anyone looking, up to an amount and until a day. Whoever withdraws
        one ends it for what arises from then on; what it covered before stays accepted.
      </p>
      <AcceptanceList
        acceptances={acceptances}
        rules={rules}
        currency={finance.approval?.currency ?? "USD"}
        mayChange={person.permissions.includes("reconciliation:accept-always")}
      />
    </>
  );
}
