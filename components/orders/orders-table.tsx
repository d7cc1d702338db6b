"use client";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { FileLinks } from "@/components/ui/file-links";
import { journeyHref, withParameters } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { Sentence } from "@/components/ui/sentence";
import { SheetDownload } from "@/components/ui/sheet-download";
import { type Column, sheetOf, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import type { StageProgress } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import { StageMeter } from "./stage-meter";

/** One line of the list, as lib/queries/orders.ts gives it. */
export interface OrderLine {
  readonly root: ObjectRef;
  readonly stage: string;
  readonly stages: readonly StageProgress[];
  readonly agreed: boolean;
  readonly promisedAt: string | null;
  readonly value: { readonly amount: string; readonly currency: string } | null;
  readonly nextStep: string | null;
  readonly sentence: string;
  readonly lastEventAt: string | null;
  readonly failures: number;
}

export interface OrdersTableProps {
  readonly orders: readonly OrderLine[];
  readonly sort: string;
  readonly total: number;
}

export function OrdersTable({ orders, sort, total }: OrdersTableProps) {
  const parameters = useSearchParams().toString();
  const sortBy = (id: string) => ({
    sortHref: `/orders${withParameters(parameters, { sort: id, cursor: null })}`,
    ...(sort === id ? { sorted: id === "promise" ? ("ascending" as const) : ("descending" as const) } : {}),
  });
  const columns = columnsOf(sortBy);
  return (
    <Table
      caption="Orders"
      columns={columns}
      rows={orders}
      keyOf={(order) => `${order.root.type}/${order.root.id}`}
      hrefOf={(order) => journeyHref(order.root)}
      actions={(selected) => <SelectedOrders orders={selected} columns={columns} />}
      download={
        <FileLinks what={`all ${plural(total, "order")}`} hrefOf={(format) => exportHref(parameters, format)} />
      }
    />
  );
}

interface SelectedOrdersProps {
  readonly orders: readonly OrderLine[];
  readonly columns: readonly Column<OrderLine>[];
}

/** What a person does with a handful of orders: pass their numbers on. */
function SelectedOrders({ orders, columns }: SelectedOrdersProps) {
  return (
    <span className="flex flex-wrap items-center gap-1 text-xs">
      <span role="status" className="font-medium">
        {plural(orders.length, "order")} selected
      </span>
      <CopyButton text={orders.map((order) => order.root.id).join("\n")} label="the numbers of the selected orders" />
      <SheetDownload what="the selected orders" sheet={() => sheetOf("Selected orders", columns, orders)} />
    </span>
  );
}

const exportHref = (parameters: string, format: string): string =>
  `/api/v1/orders/export${withParameters(parameters, { format, cursor: null })}`;

type SortBy = (id: string) => Pick<Column<OrderLine>, "sortHref" | "sorted">;

const columnsOf = (sortBy: SortBy): Column<OrderLine>[] => [
  {
    id: "order",
    header: "Order",
    cell: (order) => (
      <>
        <Identifier object={order.root} />
        <span className="mt-1.5 flex flex-col gap-1.5 sm:hidden">
          <StageMeter stages={order.stages} />
          <Promised order={order} />
        </span>
      </>
    ),
    text: (order) => order.root.id,
    className: "whitespace-nowrap",
  },
  {
    id: "stage",
    header: "Stage",
    cell: (order) => (
      <span className="flex flex-col gap-1.5 whitespace-nowrap">
        <span className={`text-sm ${order.stage.startsWith("Partially") ? "text-attention" : ""}`}>{order.stage}</span>
        <StageMeter stages={order.stages} />
      </span>
    ),
    text: (order) => order.stage,
    wideOnly: true,
  },
  {
    id: "state",
    header: "Where it stands",
    cell: (order) => (
      <div className="sm:min-w-64">
        <p className="text-pretty">
          <Sentence text={order.sentence} />
        </p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-muted">
          {order.nextStep ? <span>Next: {order.nextStep}</span> : null}
          <Signals order={order} />
          {order.value ? <span className="sm:hidden">{moneyLabel(order.value)}</span> : null}
        </p>
      </div>
    ),
    text: (order) => order.sentence,
    className: "w-full",
  },
  {
    id: "value",
    header: "Value",
    align: "end",
    cell: (order) => (order.value ? moneyLabel(order.value) : <span className="text-ink-faint">—</span>),
    text: (order) => (order.value ? `${order.value.amount} ${order.value.currency}`.trim() : ""),
    className: "whitespace-nowrap",
    wideOnly: true,
    ...sortBy("value"),
  },
  {
    id: "promise",
    header: "Promised",
    cell: (order) => <Promised order={order} />,
    text: (order) => order.promisedAt ?? "",
    className: "whitespace-nowrap",
    wideOnly: true,
    ...sortBy("promise"),
  },
  {
    id: "updated",
    header: "Last event",
    align: "end",
    cell: (order) => (order.lastEventAt ? <Time at={order.lastEventAt} className="text-ink-muted" /> : "—"),
    text: (order) => order.lastEventAt ?? "",
    className: "whitespace-nowrap",
    wideOnly: true,
    ...sortBy("updated"),
  },
];

function Signals({ order }: { readonly order: OrderLine }) {
  return (
    <>
      {order.agreed ? null : (
        <Badge tone="broken" icon={<CircleAlert aria-hidden className="size-3" />}>
          Systems disagree
        </Badge>
      )}
      {order.failures > 0 ? (
        <Badge tone="attention" icon={<TriangleAlert aria-hidden className="size-3" />}>
          {plural(order.failures, "failure")}
        </Badge>
      ) : null}
    </>
  );
}

/** Late while not everything was delivered; how late counts, so it stands first. */
function Promised({ order }: { readonly order: OrderLine }) {
  const { nowMs } = usePreferences();
  if (!order.promisedAt) return <span className="text-ink-faint">—</span>;
  const lateMs = nowMs - Date.parse(order.promisedAt);
  const delivered = order.stages.some(({ stage, state }) => stage === "Delivered" && state === "full");
  const isLate = lateMs > 0 && !delivered && order.stage !== "Cancelled";
  return (
    <span className="flex flex-col items-start gap-0.5">
      {isLate ? (
        <Badge tone="broken" icon={<CircleAlert aria-hidden className="size-3" />}>
          {durationLabel(lateMs)} late
        </Badge>
      ) : (
        <Time at={order.promisedAt} />
      )}
      <Time at={order.promisedAt} form="stamp" className="text-xs text-ink-faint" />
    </span>
  );
}
