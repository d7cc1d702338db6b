"use client";
import { TriangleAlert } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { Badge } from "@/components/ui/badge";
import { journeyHref, withParameters } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { StageLabel } from "@/components/ui/stage-label";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ObjectRef } from "@/lib/domain/object";

/** One line of the list, as lib/queries/orders.ts gives it. */
export interface OrderLine {
  readonly root: ObjectRef;
  readonly stage: string;
  readonly agreed: boolean;
  readonly promisedAt: string | null;
  readonly value: { readonly amount: string; readonly currency: string } | null;
  readonly nextStep: string | null;
  readonly sentence: string;
  readonly lastEventAt: string | null;
  readonly failures: number;
  readonly sources: readonly string[];
}

export function OrdersTable({ orders, sort }: { readonly orders: readonly OrderLine[]; readonly sort: string }) {
  const vocabulary = useVocabulary();
  const parameters = useSearchParams().toString();
  const sortBy = (id: string) => ({
    sortHref: `/orders${withParameters(parameters, { sort: id, cursor: null })}`,
    ...(sort === id ? { sorted: id === "promise" ? ("ascending" as const) : ("descending" as const) } : {}),
  });
  const columns: Column<OrderLine>[] = [
    {
      id: "order",
      header: "Order",
      cell: (order) => <Identifier object={order.root} />,
      text: (order) => order.root.id,
    },
    {
      id: "stage",
      header: "Stage",
      cell: (order) => <StageLabel stage={order.stage} />,
      text: (order) => order.stage,
    },
    {
      id: "state",
      header: "Where it stands",
      cell: (order) => (
        <div className="max-w-xl min-w-56">
          <p>{order.sentence}</p>
          {order.nextStep ? <p className="text-xs text-ink-muted">Next: {order.nextStep}</p> : null}
        </div>
      ),
      text: (order) => order.sentence,
    },
    {
      id: "signals",
      header: "Signals",
      cell: (order) => (
        <div className="flex flex-wrap gap-1">
          {order.agreed ? null : <Badge tone="broken">Systems disagree</Badge>}
          {order.failures > 0 ? (
            <Badge tone="attention" icon={<TriangleAlert aria-hidden className="size-3" />}>
              {plural(order.failures, "failure")}
            </Badge>
          ) : null}
        </div>
      ),
      text: (order) =>
        [order.agreed ? "" : "systems disagree", order.failures > 0 ? `${order.failures} failures` : ""]
          .filter(Boolean)
          .join("; "),
    },
    {
      id: "value",
      header: "Value",
      align: "end",
      cell: (order) => <span className="whitespace-nowrap">{order.value ? moneyLabel(order.value) : "—"}</span>,
      text: (order) => (order.value ? `${order.value.amount} ${order.value.currency}`.trim() : ""),
      ...sortBy("value"),
    },
    {
      id: "promise",
      header: "Promised",
      cell: (order) => <Promised order={order} />,
      text: (order) => order.promisedAt ?? "",
      ...sortBy("promise"),
    },
    {
      id: "updated",
      header: "Last event",
      cell: (order) => (order.lastEventAt ? <Time at={order.lastEventAt} className="whitespace-nowrap" /> : "—"),
      text: (order) => order.lastEventAt ?? "",
      ...sortBy("updated"),
    },
    {
      id: "systems",
      header: "Systems",
      cell: (order) => (
        <span className="text-xs text-ink-muted">{order.sources.map(vocabulary.system).join(", ")}</span>
      ),
      text: (order) => order.sources.join(" "),
    },
  ];
  return (
    <Table
      caption="Orders"
      columns={columns}
      rows={orders}
      keyOf={(order) => `${order.root.type}/${order.root.id}`}
      hrefOf={(order) => journeyHref(order.root)}
    />
  );
}

const FINISHED = new Set(["Delivered", "Invoiced", "Paid", "Cancelled"]);

function Promised({ order }: { readonly order: OrderLine }) {
  const { nowMs } = usePreferences();
  if (!order.promisedAt) return <span className="text-ink-faint">—</span>;
  const late = Date.parse(order.promisedAt) < nowMs && !FINISHED.has(order.stage);
  return (
    <span className={`whitespace-nowrap ${late ? "font-medium text-broken" : ""}`}>
      <Time at={order.promisedAt} />
      {late ? " · late" : ""}
    </span>
  );
}
