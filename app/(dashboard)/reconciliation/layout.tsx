import type { ReactNode } from "react";
import { requirePermission } from "@/lib/auth/require-permission";
import { faultOfHandoffRules } from "@/lib/config/handoffs";
import { services } from "@/lib/services";
import { ReconciliationNavigation } from "./reconciliation-navigation";

export default async function ReconciliationLayout({ children }: { readonly children: ReactNode }) {
  await requirePermission("reconciliation:view");
  const fault = faultOfHandoffRules(services().environment.configDir);
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      {fault === null ? null : <RuleFileFault fault={fault} />}
      <ReconciliationNavigation />
      {children}
    </div>
  );
}

/** A wrong rule file takes nothing down; somebody has to be told all the same. */
function RuleFileFault({ fault }: { readonly fault: string }) {
  return (
    <div role="alert" className="rounded-lg border border-attention bg-attention-tint px-3 py-2 text-sm">
      <p className="font-medium text-attention">
        The rule file does not fit, so it is not taken over. The rules that were in force stay in force.
      </p>
      <pre className="font-id mt-1 overflow-x-auto text-xs whitespace-pre-wrap">{fault}</pre>
    </div>
  );
}
