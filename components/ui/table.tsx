"use client";
import { ArrowDown, ArrowUp, Download } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef } from "react";
import { Button } from "./button";
import { SHEET_TYPES, type Sheet, type SheetFormat, sheetToCsv, sheetToXlsx } from "./sheet";
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
      <div className="flex gap-2 px-3 py-2">
        {(["csv", "xlsx"] as const).map((format) => (
          <Button key={format} size="small" tone="quiet" onClick={() => save(sheetOf(caption, columns, rows), format)}>
            <Download aria-hidden className="size-3.5" />
            {format.toUpperCase()} of these {rows.length} rows
          </Button>
        ))}
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

async function save(sheet: Sheet, format: SheetFormat): Promise<void> {
  const content = format === "csv" ? sheetToCsv(sheet) : await sheetToXlsx(sheet);
  const url = URL.createObjectURL(new Blob([content], { type: SHEET_TYPES[format] }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${sheet.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}
