"use client";
import { CircleHelp, LogOut, Monitor, Moon, Package, Settings, Sun } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { signOut } from "next-auth/react";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { type Theme, usePreferences } from "@/components/ui/preferences";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { CompleteThrough } from "./complete-through";
import { HelpDialog } from "./help-dialog";
import { SearchBox } from "./search-box";

export interface AppShellProps {
  readonly person: { readonly name: string; readonly role: string };
  readonly maySeeOrders: boolean;
  readonly mayAdminister: boolean;
  readonly completeThrough: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

export function AppShell({ person, maySeeOrders, mayAdminister, completeThrough, children }: AppShellProps) {
  const [helpOpen, setHelpOpen] = useState(false);
  useHotkeys({ "?": () => setHelpOpen(true) });
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded focus:bg-accent focus:p-2 focus:text-on-accent"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2">
          <Link href="/" className="text-base font-semibold tracking-tight">
            Throughline
          </Link>
          <nav aria-label="Main" className="flex gap-1">
            {maySeeOrders ? (
              <NavLink
                href="/orders"
                also="/journeys"
                icon={<Package aria-hidden className="size-4" />}
                label="Orders"
              />
            ) : null}
            {mayAdminister ? (
              <NavLink href="/admin" icon={<Settings aria-hidden className="size-4" />} label="Admin" />
            ) : null}
          </nav>
          <div className="order-last w-full min-w-0 md:order-none md:ml-auto md:w-80">
            {maySeeOrders ? <SearchBox /> : null}
          </div>
          <div className="ml-auto flex items-center gap-1 md:ml-0">
            <ClockToggle />
            <ThemeToggle />
            <IconButton
              label="Keys and help"
              icon={<CircleHelp aria-hidden className="size-4" />}
              onClick={() => setHelpOpen(true)}
            />
            <span
              className="ml-2 hidden max-w-40 truncate text-xs text-ink-muted lg:inline"
              title={`Signed in as ${person.name}`}
            >
              {person.name} · {person.role}
            </span>
            <IconButton
              label="Sign out"
              icon={<LogOut aria-hidden className="size-4" />}
              onClick={() => signOut({ callbackUrl: "/sign-in" })}
            />
          </div>
        </div>
      </header>
      <main id="main" className="min-w-0 flex-1">
        {children}
      </main>
      <footer className="border-t border-line px-4 py-2 text-xs text-ink-muted">
        <CompleteThrough times={completeThrough} />
      </footer>
      <HelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function NavLink(props: {
  readonly href: string;
  readonly also?: string;
  readonly icon: ReactNode;
  readonly label: string;
}) {
  const path = usePathname();
  const current = [props.href, props.also].some((prefix) => prefix !== undefined && path.startsWith(prefix));
  return (
    <Link
      href={props.href}
      aria-current={current ? "page" : undefined}
      className="inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 text-sm font-medium text-ink-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent"
    >
      {props.icon}
      {props.label}
    </Link>
  );
}

function ClockToggle() {
  const { clock, setClock } = usePreferences();
  const next = clock === "utc" ? "local" : "utc";
  return (
    <Button
      tone="quiet"
      size="small"
      aria-label={`Times are shown in ${clock === "utc" ? "UTC" : "local time"}; show ${next === "utc" ? "UTC" : "local time"}`}
      onClick={() => setClock(next)}
    >
      {clock === "utc" ? "UTC" : "Local"}
    </Button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeToggle() {
  const { theme, setTheme } = usePreferences();
  const Icon = THEME_ICONS[theme];
  return (
    <IconButton
      label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}`}
      icon={<Icon aria-hidden className="size-4" />}
      onClick={() => setTheme(NEXT_THEME[theme])}
    />
  );
}
