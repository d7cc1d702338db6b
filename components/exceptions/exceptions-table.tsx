"use client";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { exceptionHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { countLabel, moneyLabel, plural } from "@/components/ui/number-format";
import { type Column, Table, type TableProps } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { ExceptionBadge } from "./exception-badge";
import { CLASS_LABELS, placeLabel, STATE_LABELS } from "./exception-words";
import { queueHref } from "./filter-address";

export interface ExceptionsTableProps {
  readonly exceptions: readonly ListedException[];
  /** Those whose act is stored and not yet shown. */
  readonly settling?: ReadonlySet<string>;
  /** Of the queue and its order; without them the rows come in an order of their own. */
  readonly address?: string;
  readonly sort?: string;
  readonly rowKeys?: TableProps<ListedException>["rowKeys"];
  /** What can be done with "these"; without it nothing can be selected. */
  readonly actions?: (selected: readonly ListedException[]) => ReactNode;
  /** Files of all that match, when the rows are one page of it. */
  readonly download?: ReactNode;
}

/** The work items, in the order they come. On narrow screens the first column says what the others would. */
export function ExceptionsTable({ exceptions, actions, download, rowKeys, ...order }: ExceptionsTableProps) {
  return (
    <Table
      caption="Exceptions"
      columns={columnsOf(order)}
      rows={exceptions}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => exceptionHref(id)}
      {...(actions ? { actions } : {})}
      {...(rowKeys ? { rowKeys } : {})}
      {...(download === undefined ? {} : { download })}
    />
  );
}

const valueText = ({ value }: ListedException): string => (value ? moneyLabel(value) : "");
const ownerText = ({ assignee, owner }: ListedException): string => assignee || owner;
const flowText = ({ source, target }: ListedException): string => `${source} → ${target}`;

/** What a column sorts by, and how its first click orders. Rows come by rank when nobody says otherwise. */
const SORTS: Readonly<Record<string, readonly [sort: string, first: "ascending" | "descending"]>> = {
  age: ["age", "descending"],
  order: ["value", "descending"],
  occurrences: ["occurrences", "descending"],
};

function columnsOf({ settling, address, sort }: Pick<ExceptionsTableProps, "settling" | "address" | "sort">) {
  return COLUMNS.map((column): Column<ListedException> => {
    const [name, first] = SORTS[column.id] ?? [];
    const cell = (row: ListedException) =>
      column.id === "state" && settling?.has(row.id) ? <Settling /> : column.cell(row);
    if (name === undefined || first === undefined || address === undefined) return { ...column, cell };
    const other = first === "ascending" ? "descending" : "ascending";
    const sorted = sort === name ? first : sort === `-${name}` ? other : undefined;
    const sortHref = queueHref(address, { sort: sort === name ? `-${name}` : name });
    return { ...column, cell, sortHref, ...(sorted === undefined ? {} : { sorted }) };
  });
}

const Settling = () => (
  <span role="status" className="inline-flex items-center gap-1 text-xs text-ink-muted">
    <LoaderCircle aria-hidden className="size-3 animate-spin" />
    Being taken in…
  </span>
);

const COLUMNS: readonly Column<ListedException>[] = [
  {
    id: "message",
    header: "Message",
    cell: (exception) => <Message exception={exception} />,
    text: ({ message }) => message,
  },
  {
    id: "state",
    header: "State · severity",
    cell: (row) => <Pair first={<ExceptionBadge exception={row} />} second={row.severity} />,
    text: ({ state, severity }) => `${STATE_LABELS[state]} ${severity}`,
    wideOnly: true,
  },
  {
    id: "age",
    header: "Age · due",
    cell: ({ opensAt, dueAt }) => (
      <Pair
        first={<Time at={opensAt} />}
        second={
          dueAt === null ? null : (
            <>
              due <Time at={dueAt} />
            </>
          )
        }
      />
    ),
    text: ({ opensAt, dueAt }) => `${opensAt} ${dueAt ?? ""}`,
    wideOnly: true,
  },
  {
    id: "order",
    header: "Order · value at risk",
    cell: (row) => <Pair first={<Roots roots={row.roots} />} second={valueText(row)} />,
    text: (row) => [...row.roots.map(({ id }) => id), valueText(row)].join(" "),
    wideOnly: true,
  },
  {
    id: "place",
    header: "Interface · step",
    cell: (row) => <Pair first={placeLabel(row)} second={<Flow exception={row} />} />,
    text: (row) => `${placeLabel(row)} ${flowText(row)}`,
    wideOnly: true,
  },
  {
    id: "class",
    header: "Class · owner",
    cell: (row) => <Pair first={CLASS_LABELS[row.class]} second={ownerText(row)} />,
    text: (row) => `${CLASS_LABELS[row.class]} ${ownerText(row)}`,
    wideOnly: true,
  },
  {
    id: "occurrences",
    header: "Occurred",
    align: "end",
    cell: ({ occurrences, attempts }) => <Pair first={countLabel(occurrences)} second={plural(attempts, "attempt")} />,
    text: ({ occurrences, attempts }) => `${occurrences} ${attempts}`,
    wideOnly: true,
  },
];

/** Two columns of the queue under each other: side by side, fourteen do not fit a screen. */
function Pair({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) {
  return (
    <>
      <div className="break-words">{first}</div>
      <div className="text-xs text-ink-muted">{second}</div>
    </>
  );
}

function Message({ exception }: { readonly exception: ListedException }) {
  return (
    <div className="min-w-0">
      <Link
        href={exceptionHref(exception.id)}
        prefetch={false}
        className="font-medium break-words underline-offset-2 hover:underline"
      >
        {exception.message || exception.cause}
      </Link>
      <p className="text-xs">
        <Identifier object={exception.subject} typed />
      </p>
      <p className="flex flex-wrap gap-1">
        {exception.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </p>
      <div className="mt-1 space-y-1 text-xs text-ink-muted sm:hidden">
        <ExceptionBadge exception={exception} />
        <p>
          {[CLASS_LABELS[exception.class], placeLabel(exception), plural(exception.attempts, "attempt")].join(" · ")}
        </p>
        <Roots roots={exception.roots} />
        <p>{[valueText(exception), ownerText(exception)].filter((text) => text !== "").join(" · ")}</p>
      </div>
    </div>
  );
}

function Roots({ roots }: Pick<ListedException, "roots">) {
  const [first] = roots;
  if (!first) return null;
  return (
    <span className="whitespace-nowrap">
      <Identifier object={first} />
      {roots.length > 1 ? <span className="text-ink-muted"> and {roots.length - 1} more</span> : null}
    </span>
  );
}

function Flow({ exception: { source, target } }: { readonly exception: ListedException }) {
  const { system } = useVocabulary();
  return (
    <span className="whitespace-nowrap">
      {system(source)} → {target === "" ? "nobody named" : system(target)}
    </span>
  );
}
