"use client";
import { type KeyboardEvent, type ReactNode, useRef } from "react";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly count?: number | undefined;
}

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly current: Id;
  readonly onSelect: (id: Id) => void;
  /** Shown at the end of the row. */
  readonly children?: ReactNode;
}

/** Tabs after the ARIA pattern: arrows move, the chosen one is in the tab order. The panel is `tabPanelProps(id)`. */
export function Tabs<Id extends string>({ label, tabs, current, onSelect, children }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.id === current);
    const steps: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = steps[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = tabs[(target + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line">
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className="-mb-px flex min-w-0 flex-wrap gap-x-1"
        onKeyDown={move}
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`tab-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === current}
            aria-controls={tab.id === current ? `panel-${tab.id}` : undefined}
            tabIndex={tab.id === current ? 0 : -1}
            onClick={() => onSelect(tab.id)}
            className="border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-muted hover:text-ink aria-selected:border-accent aria-selected:text-ink"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="ml-1.5 text-xs font-normal text-ink-faint">{tab.count}</span>
            )}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}

export const tabPanelProps = (id: string) =>
  ({ id: `panel-${id}`, role: "tabpanel", "aria-labelledby": `tab-${id}`, tabIndex: 0 }) as const;
