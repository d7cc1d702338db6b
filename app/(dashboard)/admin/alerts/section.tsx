import type { ReactNode } from "react";

export interface SectionProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

export function Section({ title, note, children }: SectionProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-3 py-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {note === undefined ? null : <p className="text-xs text-ink-muted">{note}</p>}
      </div>
      {children}
    </section>
  );
}

export interface PlainTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

/** A few rows that need no keys and no order. */
export function PlainTable({ caption, columns, children }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
    <section className="overflow-x-auto" aria-label={caption} tabIndex={0}>
      <table className="w-full min-w-[40rem] text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr>*]:border-t [&>tr>*]:border-line [&>tr>*]:px-3 [&>tr>*]:py-2 [&>tr>*]:align-top">
          {children}
        </tbody>
      </table>
    </section>
  );
}
