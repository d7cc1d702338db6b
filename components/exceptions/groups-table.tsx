"use client";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { exceptionGroupHref } from "@/components/ui/href";
import { countLabel, plural } from "@/components/ui/number-format";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ExceptionGroup } from "@/lib/domain/exceptions/exception";
import { CLASS_LABELS, valueAtRiskLabel } from "./exception-words";
import { trendText } from "./trend";
import { TrendBars } from "./trend-bars";

/** What went wrong, cause by cause; a row opens the exceptions of its cause. Ranked as they come. */
export function GroupsTable({ groups }: { readonly groups: readonly ExceptionGroup[] }) {
  return (
    <Table
      caption="Causes"
      secondary
      columns={COLUMNS}
      rows={groups}
      keyOf={({ group }) => group}
      hrefOf={({ group }) => exceptionGroupHref(group)}
    />
  );
}

const COLUMNS: readonly Column<ExceptionGroup>[] = [
  { id: "cause", header: "Cause", cell: (group) => <Cause group={group} />, text: ({ cause }) => cause },
  {
    id: "class",
    header: "Class",
    cell: ({ class: name }) => CLASS_LABELS[name],
    text: ({ class: name }) => CLASS_LABELS[name],
    wideOnly: true,
  },
  {
    id: "count",
    header: "Count",
    align: "end",
    cell: ({ count }) => countLabel(count),
    text: ({ count }) => String(count),
    wideOnly: true,
  },
  {
    id: "orders",
    header: "Orders held up",
    align: "end",
    cell: ({ ordersHeldUp }) => countLabel(ordersHeldUp),
    text: ({ ordersHeldUp }) => String(ordersHeldUp),
    wideOnly: true,
  },
  {
    id: "value",
    header: "Value at risk",
    align: "end",
    cell: ({ valueAtRisk }) => valueAtRiskLabel(valueAtRisk),
    text: ({ valueAtRisk }) => valueAtRiskLabel(valueAtRisk),
    wideOnly: true,
  },
  {
    id: "owner",
    header: "Owner",
    cell: ({ owners }) => owners.join(", "),
    text: ({ owners }) => owners.join(", "),
    wideOnly: true,
  },
  {
    id: "last",
    header: "Last",
    cell: ({ lastFailedAt }) => <Time at={lastFailedAt} />,
    text: ({ lastFailedAt }) => lastFailedAt,
    wideOnly: true,
  },
  {
    id: "trend",
    header: "24 hours",
    cell: ({ trend }) => <TrendBars counts={trend} />,
    text: ({ trend }) => trendText(trend),
    wideOnly: true,
  },
];

function Cause({ group }: { readonly group: ExceptionGroup }) {
  return (
    <div className="min-w-0">
      <Link
        href={exceptionGroupHref(group.group)}
        prefetch={false}
        className="font-medium underline-offset-2 hover:underline"
      >
        {group.cause}
      </Link>
      <p className="text-xs text-ink-muted">{group.interface}</p>
      {group.regressed > 0 ? <Badge tone="broken">{countLabel(group.regressed)} regressed</Badge> : null}
      <p className="text-xs text-ink-muted sm:hidden">
        {CLASS_LABELS[group.class]} · {plural(group.count, "exception")} · {plural(group.ordersHeldUp, "order")} held up
        {group.valueAtRisk.length > 0 ? ` · ${valueAtRiskLabel(group.valueAtRisk)}` : null}
        {group.owners.length > 0 ? ` · ${group.owners.join(", ")}` : null}
      </p>
    </div>
  );
}
