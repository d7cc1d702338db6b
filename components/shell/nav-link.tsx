"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { LinkPending } from "@/components/ui/link-pending";

export interface NavLinkProps {
  readonly href: string;
  /** Another part of the address that belongs to the same entry. */
  readonly also?: string;
  readonly icon: ReactNode;
  readonly label: string;
}

export function NavLink({ href, also, icon, label }: NavLinkProps) {
  const path = usePathname();
  const current = [href, also].some((prefix) => prefix !== undefined && path.startsWith(prefix));
  const link = useRef<HTMLAnchorElement>(null);
  // Where the navigation is a line that scrolls, the entry one is at must not be out of sight.
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <Link
      ref={link}
      href={href}
      aria-current={current ? "page" : undefined}
      className="inline-flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent"
    >
      {icon}
      {label}
      <LinkPending />
    </Link>
  );
}
