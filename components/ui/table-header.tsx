"use client";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { LinkPending } from "./link-pending";
import type { Column } from "./table";

export interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly sorted: "ascending" | "descending" | undefined;
  /** Sorts the rows at hand; absent when the column is sorted by address or not at all. */
  readonly onSort: (() => void) | undefined;
  readonly className: string;
}

export function HeaderCell<Row>({ column, sorted, onSort, className }: HeaderCellProps<Row>) {
  const align = column.align === "end" ? "text-right" : "text-left";
  return (
    <th
      scope="col"
      aria-sort={sorted}
      className={`text-xs font-medium whitespace-nowrap text-ink-muted ${align} ${className}`}
    >
      <SortControl column={column} onSort={onSort}>
        {column.header}
        {column.sortHref || onSort ? <SortSign sorted={sorted} /> : null}
      </SortControl>
    </th>
  );
}

const CONTROL = "group/sort inline-flex items-center gap-1 rounded-sm hover:text-ink";

function SortControl<Row>({
  column,
  onSort,
  children,
}: {
  readonly column: Column<Row>;
  readonly onSort: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  if (onSort) {
    return (
      <button type="button" onClick={onSort} className={CONTROL}>
        {children}
      </button>
    );
  }
  if (!column.sortHref) return <span>{children}</span>;
  return (
    <Link href={column.sortHref} className={CONTROL}>
      {children}
      <LinkPending />
    </Link>
  );
}

function SortSign({ sorted }: { readonly sorted: "ascending" | "descending" | undefined }) {
  if (sorted === "ascending") return <ArrowUp aria-hidden className="size-3 text-ink" />;
  if (sorted === "descending") return <ArrowDown aria-hidden className="size-3 text-ink" />;
  return <ArrowUpDown aria-hidden className="size-3 opacity-40 group-hover/sort:opacity-100" />;
}
