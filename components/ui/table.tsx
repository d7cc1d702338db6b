"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef } from "react";
import type { Sheet } from "./sheet";
import { SheetDownload } from "./sheet-download";
import { useHotkeys } from "./use-hotkeys";

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly align?: "start" | "end";
  readonly cell: (row: Row) => ReactNode;
  /** The cell as plain text, for the exported file. */
  readonly text: (row: Row) => string;
  /** Where sorting by this column leads; absent when the list cannot be sorted by it. */
  readonly sortHref?: string;
  readonly sorted?: "ascending" | "descending";
}

export interface TableProps<Row> {
  /** What the table is, for screen readers and the file's name. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where Enter on a row leads. */
  readonly hrefOf?: (row: Row) => string;
}

/** The one table: columns that sort by address, rows that `j` and `k` walk and Enter opens, the rows shown as CSV or XLSX. */
export function Table<Row>({ caption, columns, rows, keyOf, hrefOf }: TableProps<Row>) {
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (step: number) => {
    const all = [...(body.current?.querySelectorAll<HTMLElement>("tr") ?? [])];
    const current = all.findIndex((row) => row.contains(document.activeElement));
    all[Math.min(Math.max(current + step, 0), all.length - 1)]?.focus();
  };
  useHotkeys({ j: () => move(1), k: () => move(-1) });
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard */}
      <section className="overflow-x-auto" aria-label={caption} tabIndex={0}>
        <table className="w-full text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} />
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((row) => (
              <tr
                key={keyOf(row)}
                tabIndex={-1}
                className="hover:bg-hover focus-visible:bg-accent-tint focus-visible:outline-offset-[-2px]"
                onKeyDown={(event) => {
                  if (event.key === "Enter" && event.target === event.currentTarget && hrefOf) router.push(hrefOf(row));
                }}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={`border-b border-line px-3 py-2 align-top ${column.align === "end" ? "text-right" : ""}`}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="flex justify-end px-3 py-1.5">
        <SheetDownload what={`these ${rows.length} rows`} sheet={() => sheetOf(caption, columns, rows)} />
      </div>
    </div>
  );
}

function HeaderCell<Row>({ column }: { readonly column: Column<Row> }) {
  const Arrow = column.sorted === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={column.sorted}
      className={`border-b border-line-strong bg-surface px-3 py-2 text-xs font-medium whitespace-nowrap text-ink-muted ${column.align === "end" ? "text-right" : "text-left"}`}
    >
      {column.sortHref ? (
        <Link href={column.sortHref} className="inline-flex items-center gap-1 hover:text-ink">
          {column.header}
          {column.sorted ? <Arrow aria-hidden className="size-3" /> : null}
        </Link>
      ) : (
        column.header
      )}
    </th>
  );
}

const sheetOf = <Row,>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Sheet => ({
  name,
  columns: columns.map((column) => column.header),
  rows: rows.map((row) => columns.map((column) => column.text(row))),
});
