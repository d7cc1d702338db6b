"use client";
import { CircleHelp, LogOut, Package, Scale, Settings, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { signOut } from "next-auth/react";
import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { CompleteThrough } from "./complete-through";
import { HelpDialog } from "./help-dialog";
import { NavLink } from "./nav-link";
import { ClockToggle, ThemeToggle } from "./preference-toggles";
import { SearchBox } from "./search-box";
import { Wordmark } from "./wordmark";

export interface AppShellProps {
  readonly person: { readonly name: string; readonly role: string };
  readonly maySeeOrders: boolean;
  readonly mayReconcile: boolean;
  readonly maySeeExceptions: boolean;
  readonly mayAdminister: boolean;
  readonly completeThrough: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

const ICON = "size-4 shrink-0";

/** The frame of every page: navigation at the left (on top, a line that scrolls sideways, where it is narrow), search, and how far the figures reach. */
export function AppShell({
  person,
  maySeeOrders,
  mayReconcile,
  maySeeExceptions,
  mayAdminister,
  completeThrough,
  children,
}: AppShellProps) {
  const [helpOpen, setHelpOpen] = useState(false);
  useHotkeys({ "?": () => setHelpOpen(true) });
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[12.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded focus:bg-accent focus:p-2 focus:text-on-accent"
      >
        Skip to content
      </a>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-3 py-2 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:flex-nowrap lg:items-stretch lg:gap-4 lg:border-r lg:border-b-0 lg:px-3 lg:py-3">
        <Link href="/" className="flex items-center gap-2 rounded-sm text-base font-semibold tracking-tight lg:px-2">
          <Wordmark />
          <span className="hidden min-[420px]:inline">Throughline</span>
          <span className="sr-only min-[420px]:hidden">Throughline</span>
        </Link>
        <nav
          aria-label="Main"
          className="-m-0.5 flex gap-1 p-0.5 max-lg:order-last max-lg:w-full max-lg:overflow-x-auto lg:flex-col"
        >
          {maySeeOrders ? (
            <NavLink href="/orders" also="/journeys" icon={<Package aria-hidden className={ICON} />} label="Orders" />
          ) : null}
          {mayReconcile ? (
            <NavLink href="/reconciliation" icon={<Scale aria-hidden className={ICON} />} label="Reconciliation" />
          ) : null}
          {maySeeExceptions ? (
            <NavLink href="/exceptions" icon={<TriangleAlert aria-hidden className={ICON} />} label="Exceptions" />
          ) : null}
          {mayAdminister ? (
            <NavLink href="/admin" icon={<Settings aria-hidden className={ICON} />} label="Admin" />
          ) : null}
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-1 lg:mt-auto lg:ml-0 lg:border-t lg:border-line lg:pt-3">
          <span className="hidden min-w-0 flex-1 px-2 text-xs leading-4 lg:block" title={`Signed in as ${person.name}`}>
            <span className="block truncate font-medium">{person.name}</span>
            <span className="block truncate text-ink-muted">{person.role}</span>
          </span>
          <IconButton
            label="Keys and help"
            icon={<CircleHelp aria-hidden className={ICON} />}
            onClick={() => setHelpOpen(true)}
          />
          <IconButton
            label={`Sign out ${person.name}`}
            icon={<LogOut aria-hidden className={ICON} />}
            onClick={() => signOut({ callbackUrl: "/sign-in" })}
          />
        </div>
      </div>
      <div className="flex min-w-0 flex-col lg:min-h-dvh">
        <header className="sticky top-0 z-30 flex items-center gap-x-3 border-b border-line bg-surface px-3 py-2 sm:px-6">
          <div className="min-w-0 flex-1 sm:max-w-80 xl:max-w-96">{maySeeOrders ? <SearchBox /> : null}</div>
          <div className="ml-auto hidden min-w-0 md:block">
            <CompleteThrough bySource={completeThrough} />
          </div>
          <span className="ml-auto flex shrink-0 items-center gap-1 md:ml-0">
            <ClockToggle />
            <ThemeToggle />
          </span>
        </header>
        <main id="main" className="min-w-0 flex-1">
          {children}
        </main>
        <footer className="border-t border-line px-3 py-2 md:hidden">
          <CompleteThrough bySource={completeThrough} />
        </footer>
      </div>
      <HelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
