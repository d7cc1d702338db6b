"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";

const PAGES = [
  { href: "/admin/users", label: "Users and roles" },
  { href: "/admin/tokens", label: "Tokens" },
  { href: "/admin/sources", label: "Sources" },
  { href: "/admin/audit", label: "Audit log" },
] as const;

export function AdminNavigation() {
  const path = usePathname();
  return (
    <nav aria-label="Administration" className="border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-1">
        {PAGES.map(({ href, label }) => (
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
