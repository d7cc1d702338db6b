import { SHEET_TYPES, type Sheet, sheetToCsv, sheetToXlsx } from "@/components/ui/sheet";
import { listOrders, type OrderListItem, type OrderListOptions } from "@/lib/queries/orders";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { ApiProblem } from "../../../problem";
import { ORDER_EXPORT_ROWS_MAX, orderExportOperation } from "../../operations";

const PAGE_ROWS = 500;
const COLUMNS = [
  "Type",
  "Number",
  "Stage",
  "Where it stands",
  "Next step",
  "Value",
  "Currency",
  "Promised",
  "Systems agree",
  "Failures",
  "Events",
  "First event",
  "Last event",
  "Systems",
] as const;

export const GET = guardedRoute(orderExportOperation, async ({ query, services, now }) => {
  const { format = "csv", ...filter } = query;
  const orders = await readAll((page) =>
    listOrders(services.store, { ...defined(filter), ...page, now: now.toISOString() }),
  );
  const sheet: Sheet = { name: "Orders", columns: COLUMNS, rows: orders.map(rowOf) };
  const content = format === "csv" ? sheetToCsv(sheet) : await sheetToXlsx(sheet);
  return new Response(content, {
    headers: {
      "content-type": SHEET_TYPES[format],
      "content-disposition": `attachment; filename="orders-${now.toISOString().slice(0, 10)}.${format}"`,
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

async function readAll(
  readPage: (page: Pick<OrderListOptions, "limit" | "cursor">) => ReturnType<typeof listOrders>,
): Promise<OrderListItem[]> {
  const orders: OrderListItem[] = [];
  let cursor: string | null = null;
  do {
    const page = await readPage({ limit: PAGE_ROWS, cursor });
    if (page.total > ORDER_EXPORT_ROWS_MAX) {
      throw new ApiProblem(
        413,
        `${page.total} orders match; one file holds at most ${ORDER_EXPORT_ROWS_MAX}. Narrow the list.`,
      );
    }
    orders.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return orders;
}

const rowOf = (order: OrderListItem): string[] => [
  order.root.type,
  order.root.id,
  order.stage,
  order.sentence,
  order.nextStep ?? "",
  order.value?.amount ?? "",
  order.value?.currency ?? "",
  order.promisedAt ?? "",
  order.agreed ? "yes" : "no",
  String(order.failures),
  String(order.events),
  order.firstEventAt ?? "",
  order.lastEventAt ?? "",
  order.sources.join(" "),
];

/** Without the members that are undefined: the query fills in what is absent. */
const defined = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
