"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { exceptionHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { countLabel, moneyLabel, plural } from "@/components/ui/number-format";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { ExceptionBadge } from "./exception-badge";
import { CLASS_LABELS, placeLabel, STATE_LABELS } from "./exception-words";

export interface ExceptionsTableProps {
  readonly exceptions: readonly ListedException[];
  /** What can be done with "these"; without it nothing can be selected. */
  readonly actions?: (selected: readonly ListedException[]) => ReactNode;
  /** Files of all that match, when the rows are one page of it. */
  readonly download?: ReactNode;
}

/** The work items, in the order they come. On narrow screens the first column says what the others would. */
export function ExceptionsTable({ exceptions, actions, download }: ExceptionsTableProps) {
  return (
    <Table
      caption="Exceptions"
      columns={COLUMNS}
      rows={exceptions}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => exceptionHref(id)}
      {...(actions ? { actions } : {})}
      {...(download === undefined ? {} : { download })}
    />
  );
}

const valueText = ({ value }: ListedException): string => (value ? moneyLabel(value) : "");
const ownerText = ({ assignee, owner }: ListedException): string => assignee || owner;
const flowText = ({ source, target }: ListedException): string => `${source} → ${target}`;

const COLUMNS: readonly Column<ListedException>[] = [
  {
    id: "message",
    header: "Message",
    cell: (exception) => <Message exception={exception} />,
    text: ({ message }) => message,
  },
  {
    id: "state",
    header: "State",
    cell: (exception) => <ExceptionBadge exception={exception} />,
    text: ({ state }) => STATE_LABELS[state],
    wideOnly: true,
  },
  { id: "severity", header: "Severity", cell: (row) => row.severity, text: (row) => row.severity, wideOnly: true },
  {
    id: "age",
    header: "Age",
    cell: ({ opensAt }) => <Time at={opensAt} />,
    text: ({ opensAt }) => opensAt,
    wideOnly: true,
  },
  {
    id: "order",
    header: "Order",
    cell: ({ roots }) => <Roots roots={roots} />,
    text: ({ roots }) => roots.map(({ id }) => id).join(" "),
    wideOnly: true,
  },
  { id: "place", header: "Interface · step", cell: placeLabel, text: placeLabel, wideOnly: true },
  {
    id: "flow",
    header: "Source → target",
    cell: (row) => <Flow exception={row} />,
    text: flowText,
    wideOnly: true,
  },
  {
    id: "class",
    header: "Class",
    cell: (row) => CLASS_LABELS[row.class],
    text: (row) => CLASS_LABELS[row.class],
    wideOnly: true,
  },
  {
    id: "occurrences",
    header: "Occurrences",
    align: "end",
    cell: ({ occurrences }) => countLabel(occurrences),
    text: ({ occurrences }) => String(occurrences),
    wideOnly: true,
  },
  {
    id: "attempts",
    header: "Attempts",
    align: "end",
    cell: ({ attempts }) => countLabel(attempts),
    text: ({ attempts }) => String(attempts),
    wideOnly: true,
  },
  { id: "value", header: "Value at risk", align: "end", cell: valueText, text: valueText, wideOnly: true },
  { id: "owner", header: "Owner", cell: ownerText, text: ownerText, wideOnly: true },
  {
    id: "due",
    header: "Due",
    cell: ({ dueAt }) => (dueAt === null ? null : <Time at={dueAt} />),
    text: ({ dueAt }) => dueAt ?? "",
    wideOnly: true,
  },
  {
    id: "tags",
    header: "Tags",
    cell: ({ tags }) => tags.map((tag) => <Badge key={tag}>{tag}</Badge>),
    text: ({ tags }) => tags.join(" "),
    wideOnly: true,
  },
];

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
