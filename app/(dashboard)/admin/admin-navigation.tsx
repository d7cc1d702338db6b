"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { Permission } from "@/lib/auth/permissions";

const PAGES: readonly { readonly href: string; readonly label: string; readonly needs: Permission }[] = [
  { href: "/admin/users", label: "Users and roles", needs: "admin:users" },
  { href: "/admin/tokens", label: "Tokens", needs: "admin:tokens" },
  { href: "/admin/sources", label: "Sources", needs: "admin:sources" },
  { href: "/admin/alerts", label: "Alerts", needs: "exceptions:view" },
  { href: "/admin/audit", label: "Audit log", needs: "audit:view" },
];

/** Only what this person may open. */
export function AdminNavigation({ permissions }: { readonly permissions: readonly Permission[] }) {
  const path = usePathname();
  return (
    <nav aria-label="Administration" className="border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-1">
        {PAGES.filter(({ needs }) => permissions.includes(needs)).map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              aria-current={path === href ? "page" : undefined}
              className="block border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
