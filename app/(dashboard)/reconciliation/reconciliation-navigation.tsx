"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { LinkPending } from "@/components/ui/link-pending";

const PAGES = [
  { href: "/reconciliation", label: "Breaks" },
  { href: "/reconciliation/approvals", label: "Awaiting approval" },
  { href: "/reconciliation/suggestions", label: "Possible matches" },
  { href: "/reconciliation/acceptances", label: "Accepted always" },
  { href: "/reconciliation/close", label: "Period close" },
  { href: "/reconciliation/rules", label: "Rules" },
] as const;

export function ReconciliationNavigation() {
  const path = usePathname();
  const isCurrent = (href: string) =>
    href === "/reconciliation" ? path === href || path.startsWith(`${href}/handoffs/`) : path.startsWith(href);
  return (
    <nav aria-label="Reconciliation" className="border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-1">
        {PAGES.map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              aria-current={isCurrent(href) ? "page" : undefined}
              className="block border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {label}
              <LinkPending />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
