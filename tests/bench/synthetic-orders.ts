/**
 * Orders by the million, made inside ClickHouse: INSERT … SELECT into `events`, so that every view fills as it does for real input.
 *
 * Order n has 5 events of its own and 10 for each of its shipments: one for 70 in 100 orders, two for 22, three for 8; 18.8 events an order.
 * Events go in by their time, so an order's 15 to 35 events lie in several parts, as they would after days of traffic. Order and document numbers
 * rise; tracking numbers, traces and event ids are scattered.
 */
import type { Store } from "@/lib/clickhouse/client";
import { runAll } from "./measure";

const EVENTS_PER_100_ORDERS = 1_880;
/** One order in 29 s: 53,000 orders (1 million events) are 18 days of a mid-sized company. */
const ORDER_SPACING_S = 29;
const JOURNEY_LENGTH_S = 10 * 86_400;
/** Events of one INSERT, about 250,000. */
const WINDOW_S = 4 * 86_400 + 12 * 3_600;
const START_S = Date.UTC(2026, 0, 5) / 1000;

export const ordersFor = (events: number): number => Math.max(1, Math.round(events / EVENTS_PER_100_ORDERS)) * 100;

export const shipmentsOf = (order: number): number => (order % 100 < 70 ? 1 : order % 100 < 92 ? 2 : 3);
export const eventsOf = (order: number): number => 5 + 10 * shipmentsOf(order);
/** Ranked objects: the order, its ERP order and trace, and eight for each shipment. */
export const objectsOf = (order: number): number => 3 + 8 * shipmentsOf(order);
export const orderId = (order: number): string => `SO-${String(order).padStart(9, "0")}`;

/** Loads orders `from` … `to - 1`, whole. */
export async function loadOrders(store: Store, from: number, to: number): Promise<void> {
  const windows: { since: number; until: number }[] = [];
  const end = START_S + to * ORDER_SPACING_S + JOURNEY_LENGTH_S;
  for (let since = START_S + from * ORDER_SPACING_S; since < end; since += WINDOW_S) {
    windows.push({ since, until: since + WINDOW_S });
  }
  await runAll(windows, 2, ({ since, until }) => {
    const first = Math.max(from, Math.floor((since - JOURNEY_LENGTH_S - START_S) / ORDER_SPACING_S));
    const last = Math.min(to, Math.ceil((until - START_S) / ORDER_SPACING_S));
    if (last <= first) return Promise.resolve();
    return store.command(
      LOAD_SQL,
      { first, count: last - first, since, until, start: START_S, spacing: ORDER_SPACING_S },
      { timeoutMs: 600_000, settings: { max_threads: 1, max_insert_threads: "1" } },
    );
  });
}

// Seconds after the order, by step: of the order itself, then of a shipment.
const ORDER_OFFSETS = [0, 1, 2, 120, 600];
const SHIPMENT_OFFSETS = [700, 5_400, 7_200, 9_000, 14_400, 90_000, 180_000, 10_800, 93_600, 777_600];

const tuple = (type: string, id: string, qualifier = "") => `('${type}', ${id}, '${qualifier}')`;
const link = (child: string, childId: string, parent: string, parentId: string) =>
  `('${child}', ${childId}, '${parent}', ${parentId})`;

/** One row per step: source, kind, type, objects, links (as correlation derives them from the objects). */
const STEPS: readonly (readonly [string, string, string, readonly string[], readonly string[]])[] = [
  ["'oms'", "message", "order.created", [tuple("order", "o", "subject"), tuple("customer", "c")], []],
  [
    "'gateway'",
    "api_call",
    "api.called",
    [tuple("order", "o"), tuple("trace", "tr")],
    [link("trace", "tr", "order", "o")],
  ],
  ["'middleware'", "step", "step.completed", [tuple("trace", "tr")], []],
  [
    "'erp'",
    "posting",
    "erp_order.created",
    [tuple("order", "o"), tuple("erp_order", "eo")],
    [link("erp_order", "eo", "order", "o")],
  ],
  ["'oms'", "message", "order.released", [tuple("order", "o")], []],
  [
    "wms",
    "message",
    "fulfillment.accepted",
    [tuple("order", "o"), tuple("fulfillment", "f")],
    [link("fulfillment", "f", "order", "o")],
  ],
  [
    "wms",
    "message",
    "pick.completed",
    [tuple("fulfillment", "f"), tuple("warehouse_task", "wt"), tuple("sku", "sku")],
    [link("warehouse_task", "wt", "fulfillment", "f")],
  ],
  [
    "wms",
    "message",
    "pack.completed",
    [tuple("fulfillment", "f"), tuple("shipment", "s"), tuple("package", "p")],
    [link("shipment", "s", "fulfillment", "f"), link("package", "p", "shipment", "s")],
  ],
  [
    "wms",
    "message",
    "shipment.confirmed",
    [tuple("shipment", "s"), tuple("tracking", "tk")],
    [link("tracking", "tk", "shipment", "s")],
  ],
  ["carrier", "message", "carrier.accepted", [tuple("tracking", "tk")], []],
  ["carrier", "message", "carrier.in_transit", [tuple("tracking", "tk")], []],
  ["carrier", "message", "carrier.delivered", [tuple("tracking", "tk")], []],
  [
    "'erp'",
    "posting",
    "goods_issue.posted",
    [tuple("shipment", "s"), tuple("erp_document", "gi")],
    [link("erp_document", "gi", "shipment", "s")],
  ],
  [
    "'erp'",
    "posting",
    "invoice.posted",
    [tuple("shipment", "s"), tuple("invoice", "i")],
    [link("invoice", "i", "shipment", "s")],
  ],
  [
    "'erp'",
    "posting",
    "payment.received",
    [tuple("invoice", "i"), tuple("payment", "pm")],
    [link("payment", "pm", "invoice", "i")],
  ],
];

const byStep = (values: readonly string[]): string =>
  `multiIf(${values
    .slice(0, -1)
    .map((value, step) => `step = ${step}, ${value}`)
    .join(", ")}, ${values.at(-1)})`;

const LOAD_SQL = `
INSERT INTO events (source, event_id, kind, type, occurred_at, recorded_at, received_at, interface, outcome, attempt,
                    objects, links, link_act, quantity, amount, currency, promised_at, content_hash, payload)
WITH
  toString(n) AS nn, concat(toString(n * 3 + part)) AS np,
  concat('SO-', leftPad(nn, 9, '0')) AS o, concat('CU-', toString(n % 40000)) AS c, lower(hex(sipHash128(n))) AS tr,
  toString(4500000000 + n) AS eo, concat('FO-', nn, '-', toString(part)) AS f, concat('SH-', np) AS s, concat('PK-', np) AS p,
  concat('1Z', hex(sipHash64(n, part))) AS tk, concat(wms, ':', np) AS wt, concat('SKU-', toString(sipHash64(n, part) % 5000)) AS sku,
  concat('49', leftPad(np, 8, '0')) AS gi, concat('90', leftPad(np, 8, '0')) AS i, concat('PAY-', hex(sipHash64(n, part, 'p'))) AS pm,
  ['wms-east', 'wms-central', 'wms-west'][n % 3 + 1] AS wms, ['carrier-dhl', 'carrier-ups'][n % 2 + 1] AS carrier
SELECT
  ${byStep(STEPS.map(([source]) => source))} AS source,
  lower(hex(sipHash128(n, k))) AS event_id,
  ${byStep(STEPS.map(([, kind]) => `'${kind}'`))} AS kind,
  ${byStep(STEPS.map(([, , type]) => `'${type}'`))} AS type,
  fromUnixTimestamp64Milli(at_s * 1000 + sipHash64(n, k) % 1000, 'UTC') AS occurred_at,
  occurred_at AS recorded_at,
  occurred_at + INTERVAL 2 SECOND AS received_at,
  concat('interface-', toString(step)) AS interface,
  'ok' AS outcome, 1 AS attempt,
  ${byStep(STEPS.map(([, , , objects]) => `[${objects.join(", ")}]`))} AS objects,
  ${byStep(STEPS.map(([, , , , links]) => (links.length > 0 ? `[${links.join(", ")}]` : "CAST([], 'Array(Tuple(String, String, String, String))')")))} AS links,
  'stated' AS link_act,
  if(step IN (0, 8, 12), toDecimal128(1 + n % 7, 9), NULL) AS quantity,
  if(step IN (0, 13, 14), toDecimal128(20 + n % 900, 9), NULL) AS amount,
  'USD' AS currency,
  if(step = 0, occurred_at + INTERVAL 5 DAY, NULL) AS promised_at,
  hex(sipHash128(n, k, 'content')) AS content_hash,
  concat('{"specversion":"1.0","id":"', event_id, '","source":"', source, '","type":"', type, '","time":"', toString(occurred_at),
         '","data":{"objects":', toString(objects), ',"lines":[{"sku":"', sku, '","quantity":"', toString(1 + n % 7), '","uom":"EA","amount":"',
         toString(20 + n % 900), '.00","currency":"USD"}],"attributes":{"customer":"', c, '","operator":"', hex(sipHash64(n, k, 'op')), '"}}}') AS payload
FROM (
  SELECT n, k, if(k < 5, k, 5 + (k - 5) % 10) AS step, if(k < 5, 0, intDiv(k - 5, 10)) AS part,
         {start:Int64} + n * {spacing:Int64} + [${[...ORDER_OFFSETS, ...SHIPMENT_OFFSETS].join(", ")}][step + 1] + part * 60 AS at_s
  FROM (
    SELECT number AS n, arrayJoin(range(5 + 10 * multiIf(number % 100 < 70, 1, number % 100 < 92, 2, 3))) AS k
    FROM numbers({first:UInt64}, {count:UInt64})
  )
)
WHERE at_s >= {since:Int64} AND at_s < {until:Int64}`;
