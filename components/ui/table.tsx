"use client";
/** The one table. Rows that `j` and `k` walk, `x` selects and Enter opens; columns that sort here or by address; files of it. */
import {
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";
import type { Sheet } from "./sheet";
import { SheetDownload } from "./sheet-download";
import { HeaderCell } from "./table-header";
import { useVirtualRows } from "./table-rows";
import { useHotkeys } from "./use-hotkeys";

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly align?: "start" | "end";
  readonly cell: (row: Row) => ReactNode;
  /** The cell as plain text, for the exported file. */
  readonly text: (row: Row) => string;
  /** Sorts the rows at hand, ascending. For lists that hold all their rows. */
  readonly compare?: (left: Row, right: Row) => number;
  /** Where sorting by this column leads. For lists that hold one page. */
  readonly sortHref?: string;
  /** How the rows came, for `sortHref`. */
  readonly sorted?: "ascending" | "descending";
  readonly className?: string;
  /** Left out on narrow screens; what it says must stand elsewhere in the row. */
  readonly wideOnly?: boolean;
}

export interface TableProps<Row> {
  /** What the table is, for screen readers and the file's name. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where Enter on a row leads. */
  readonly hrefOf?: (row: Row) => string;
  /** What can be done with selected rows; rows can be selected only when this is given. */
  readonly actions?: (selected: readonly Row[]) => ReactNode;
  /** Single keys, for what is selected, else for the row that has the focus. */
  readonly rowKeys?: Readonly<Record<string, (rows: readonly Row[]) => void>>;
  /** The second table of a page: its rows are walked by keys only from within it. */
  readonly secondary?: boolean;
  /** Files of everything that matches, when the rows are one page of it; else files are made of the rows. */
  readonly download?: ReactNode;
}

const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export function Table<Row extends object>(props: TableProps<Row>) {
  const { caption, columns, rows, keyOf, hrefOf, actions, rowKeys = {}, secondary = false } = props;
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: column.text,
        enableSorting: column.compare !== undefined,
        sortFn: (left: { original: Row }, right: { original: Row }) =>
          column.compare?.(left.original, right.original) ?? 0,
      })),
    [columns],
  );
  const table = useTable({
    features,
    data,
    columns: definitions,
    getRowId: keyOf,
    enableRowSelection: actions !== undefined,
    enableSortingRemoval: true,
  });
  const shown = table.getRowModel().rows;
  const virtual = useVirtualRows(body, shown.length);
  const focusRow = (index: number) => virtual.reveal(Math.min(Math.max(index, 0), shown.length - 1));
  const focused = () => {
    const row = document.activeElement?.closest<HTMLElement>("tr[data-index]");
    return row && body.current?.contains(row) ? Number(row.dataset.index) : -1;
  };
  // Of two tables on a page, one at a time: the one that has the focus, else the first.
  const isWalked = () => focused() >= 0 || !(secondary || document.activeElement?.closest("tr[data-index]"));
  const selected = actions ? table.getSelectedRowModel().rows.map((row) => row.original) : [];
  const chosen = () => {
    const row = shown[focused()];
    return selected.length > 0 ? selected : row ? [row.original] : [];
  };
  useHotkeys({
    j: () => isWalked() && focusRow(focused() + 1),
    k: () => isWalked() && focusRow(focused() - 1),
    x: () => {
      if (actions) shown[focused()]?.toggleSelected();
    },
    ...Object.fromEntries(
      Object.entries(rowKeys).map(([key, act]) => [
        key,
        () => {
          const about = chosen();
          if (about.length > 0) act(about);
        },
      ]),
    ),
  });
  const onRowKey = (event: KeyboardEvent<HTMLTableRowElement>, row: Row) => {
    if (event.key === "Enter" && event.target === event.currentTarget && hrefOf) router.push(hrefOf(row));
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard */}
      <section className="relative overflow-x-auto xl:overflow-x-visible" aria-label={caption} tabIndex={0}>
        <table className="w-full text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {actions ? (
                <th scope="col" className={`${HEADER_CELL} w-8`}>
                  <input
                    type="checkbox"
                    aria-label="Select all rows"
                    checked={table.getIsAllRowsSelected()}
                    onChange={(event) => table.toggleAllRowsSelected(event.currentTarget.checked)}
                    className="block accent-accent"
                  />
                </th>
              ) : null}
              {columns.map((column) => {
                const own = table.getColumn(column.id);
                return (
                  <HeaderCell
                    key={column.id}
                    column={column}
                    sorted={column.compare ? directionOf(own?.getIsSorted() ?? false) : column.sorted}
                    onSort={column.compare ? () => own?.toggleSorting() : undefined}
                    className={`${HEADER_CELL} ${column.wideOnly ? WIDE_ONLY : ""}`}
                  />
                );
              })}
            </tr>
          </thead>
          <tbody ref={body}>
            <Spacer height={virtual.before} />
            {virtual.indexes.map((index) => {
              const row = shown[index];
              if (!row) return null;
              return (
                <tr
                  key={row.id}
                  ref={virtual.measure}
                  data-index={index}
                  tabIndex={-1}
                  data-selected={row.getIsSelected() || undefined}
                  className="scroll-mt-24 hover:bg-hover focus-visible:bg-accent-tint focus-visible:outline-offset-[-2px] data-selected:bg-accent-tint"
                  onKeyDown={(event) => onRowKey(event, row.original)}
                >
                  {actions ? (
                    <td className="border-b border-line px-3 py-2 align-top">
                      <input
                        type="checkbox"
                        aria-label={`Select ${row.id}`}
                        checked={row.getIsSelected()}
                        onChange={row.getToggleSelectedHandler()}
                        className="mt-0.5 block accent-accent"
                      />
                    </td>
                  ) : null}
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      className={`border-b border-line px-3 py-2 align-top ${column.align === "end" ? "text-right" : ""} ${column.wideOnly ? WIDE_ONLY : ""} ${column.className ?? ""}`}
                    >
                      {column.cell(row.original)}
                    </td>
                  ))}
                </tr>
              );
            })}
            <Spacer height={virtual.after} />
          </tbody>
        </table>
      </section>
      <div
        className={`flex flex-wrap items-center gap-3 rounded-b-lg bg-surface px-3 py-1.5 ${selected.length > 0 ? "sticky bottom-0 border-t border-line-strong" : ""}`}
      >
        {actions && selected.length > 0 ? actions(selected) : null}
        <span className="ml-auto">
          {props.download ?? (
            <SheetDownload
              what={`these ${shown.length} rows`}
              sheet={() =>
                sheetOf(
                  caption,
                  columns,
                  shown.map((row) => row.original),
                )
              }
            />
          )}
        </span>
      </div>
    </div>
  );
}

const WIDE_ONLY = "hidden sm:table-cell";
const HEADER_CELL = "border-b border-line-strong bg-surface px-3 py-2 xl:sticky xl:top-[49px] xl:z-10";

/** Stands for the rows that are not drawn. */
const Spacer = ({ height }: { readonly height: number }) => (height > 0 ? <tr style={{ height }} /> : null);

const directionOf = (sorted: false | "asc" | "desc") =>
  sorted === false ? undefined : sorted === "asc" ? ("ascending" as const) : ("descending" as const);

export const sheetOf = <Row,>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Sheet => ({
  name,
  columns: columns.map((column) => column.header),
  rows: rows.map((row) => columns.map((column) => column.text(row))),
});
