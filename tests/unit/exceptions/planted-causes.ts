/** Thirty causes, modelled on what SAP, Oracle, HTTP clients, JDBC, Kafka, EDI translators and shops write. */
import type { PlantedCause } from "./variation";

const TO_ERP = "wms-to-erp.shipment-confirmation";
const TO_OMS = "ecommerce-to-oms.order";
const ASN = "supplier-to-wms.asn";

export const PLANTED_CAUSES: readonly PlantedCause[] = [
  {
    name: "period closed",
    interface: TO_ERP,
    code: "F5201",
    message: (v) => `Posting period ${String(v.int(1, 12)).padStart(3, "0")} ${v.int(2024, 2026)} is not open`,
  },
  {
    name: "period closed for an account",
    interface: TO_ERP,
    code: "F5286",
    message: (v) =>
      `Period ${v.int(1, 12)}/${v.int(2024, 2026)} is not open for account type ${v.pick(["S", "S"])} and G/L ${v.digits(6)}`,
  },
  {
    name: "deficit",
    interface: TO_ERP,
    code: "M7021",
    message: (v) =>
      `Deficit of SL unrestricted-use ${v.quantity()} ${v.pick(["EA", "PC", "KG", "CS"])} : ${v.sku()} ${v.plant()} ${v.digits(4)}`,
  },
  {
    name: "deficit of another stock",
    interface: TO_ERP,
    code: "M7022",
    message: (v) =>
      `Deficit of SL in quality inspection ${v.quantity()} ${v.pick(["EA", "PC", "KG"])} : ${v.sku()} ${v.plant()} ${v.digits(4)}`,
  },
  {
    name: "no such material",
    interface: TO_ERP,
    code: "M3305",
    message: (v) => `Material ${v.sku()} does not exist in plant ${v.plant()}`,
  },
  {
    name: "locked by a user",
    interface: TO_ERP,
    code: "VL046",
    message: (v, _, shipment) => `Outbound delivery ${shipment} is currently being processed by user ${v.user()}`,
  },
  {
    name: "credit block",
    interface: TO_ERP,
    code: "VL602",
    message: (_, __, shipment) => `Delivery ${shipment} is blocked for goods issue: credit check`,
  },
  {
    name: "period closed, in German",
    interface: TO_ERP,
    code: "",
    message: (v) =>
      `Buchungsperiode ${String(v.int(1, 12)).padStart(3, "0")} ${v.int(2024, 2026)} ist für die Variante ${v.digits(4)} nicht geöffnet (Meldungsnr. F5 201, ${v.time()})`,
  },
  {
    name: "locked, in German",
    interface: TO_ERP,
    code: "",
    message: (v, _, shipment) =>
      `Die Lieferung ${shipment} wird gerade von Benutzer ${v.user()} bearbeitet – bitte später versuchen`,
  },
  {
    name: "no table",
    interface: TO_ERP,
    code: "",
    message: (v) => `java.sql.SQLException: ORA-00942: table or view does not exist [${v.time()}] conn@${v.hex(8)}`,
  },
  {
    name: "no object, nearly the same words",
    interface: TO_ERP,
    code: "",
    message: (v) => `java.sql.SQLException: ORA-04043: table or view does not exist [${v.time()}] conn@${v.hex(8)}`,
  },
  {
    name: "null into a column",
    interface: TO_ERP,
    code: "",
    message: (v) =>
      `ORA-01400: cannot insert NULL into ("WMS"."SHIPMENT"."QTY")\nORA-06512: at line ${v.int(1, 900)}\n\tat oracle.jdbc.driver.T4CTTIoer.processError(T4CTTIoer.java:${v.int(100, 999)})\n\tat com.acme.Dao.save(Dao.java:${v.int(10, 400)})`,
  },
  {
    name: "unavailable",
    interface: TO_ERP,
    code: "",
    message: (v) =>
      `Server returned HTTP response code: 503 for URL: https://${v.host()}:${v.int(1000, 9999)}/erp/goods-issues/${v.digits(10)}?key=${v.uuid()}`,
  },
  {
    name: "throttled, nearly the same words",
    interface: TO_ERP,
    code: "",
    message: (v) =>
      `Server returned HTTP response code: 429 for URL: https://${v.host()}:${v.int(1000, 9999)}/erp/goods-issues/${v.digits(10)}?key=${v.uuid()}`,
  },
  {
    name: "time-out",
    interface: TO_ERP,
    code: "ETIMEDOUT",
    message: (v) => `connect ETIMEDOUT ${v.ip()} after ${v.int(1000, 60000)} ms (attempt ${v.int(1, 9)} of 10)`,
  },
  {
    name: "reset",
    interface: TO_ERP,
    code: "ECONNRESET",
    message: (v) =>
      `[${v.time()}] [http-nio-8080-exec-${v.int(1, 200)}] read ECONNRESET: socket ${v.hex(12)} to ${v.ip()} was closed`,
  },
  {
    name: "unique constraint",
    interface: TO_OMS,
    code: "23505",
    message: (v, order) =>
      `ERROR: duplicate key value violates unique constraint "orders_external_id_key"\n  Detail: Key (external_id)=(${order}) already exists. txid ${v.digits(7)}`,
  },
  {
    name: "another unique constraint",
    interface: TO_OMS,
    code: "23505",
    message: (v, order) =>
      `ERROR: duplicate key value violates unique constraint "order_lines_pkey"\n  Detail: Key (order_id, line_no)=(${order}, ${v.int(1, 99)}) already exists. txid ${v.digits(7)}`,
  },
  {
    name: "deadlock",
    interface: TO_OMS,
    code: "1205",
    message: (v) =>
      `Transaction (Process ID ${v.int(50, 900)}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
  },
  {
    name: "bad JSON",
    interface: TO_OMS,
    code: "",
    message: (v) => `Unexpected token '${v.pick(["<", "}", "u", "x"])}' in JSON at position ${v.int(0, 90000)}`,
  },
  {
    name: "a value not taken",
    interface: TO_OMS,
    code: "400",
    message: (v, order) =>
      JSON.stringify({
        errors: [
          {
            code: "INVALID_VALUE",
            field: "shipTo.postalCode",
            message: `"${v.digits(5)}" is not a valid postal code for order ${order}`,
          },
        ],
        requestId: v.uuid(),
        timestamp: v.time(),
      }),
  },
  {
    name: "a field that is not there",
    interface: TO_OMS,
    code: "400",
    message: (v, order) =>
      JSON.stringify({
        errors: [{ code: "INVALID_VALUE", field: "shipTo.country", message: `Country is required for order ${order}` }],
        requestId: v.uuid(),
        timestamp: v.time(),
      }),
  },
  {
    name: "credit limit",
    interface: TO_OMS,
    code: "CREDIT_LIMIT",
    message: (v, order) =>
      `Customer '${v.company()}' (${v.digits(7)}) is over the credit limit of ${v.money()} by ${v.money()} with order ${order}`,
  },
  {
    name: "shop's limit",
    interface: TO_OMS,
    code: "429",
    message: (v) =>
      `Exceeded ${v.int(2, 40)} calls per second for api client. Reduce request rates to resume uninterrupted service. (Request ${v.uuid()})`,
  },
  {
    name: "SKUs unknown",
    interface: TO_OMS,
    code: "UNKNOWN_SKU",
    message: (v, order) =>
      `Order ${order}: unknown SKUs [${Array.from({ length: v.int(1, 6) }, () => v.sku()).join(", ")}]`,
  },
  {
    name: "token expired",
    interface: TO_OMS,
    code: "401",
    message: (v) =>
      `The access token for ${v.pick(["jane.doe", "svc.orders", "k.berg"])}@example.com expired at ${v.time()} (jti=${v.hex(32)})`,
  },
  {
    name: "ASN refused",
    interface: ASN,
    code: "",
    message: (v) =>
      `856 rejected by 997: AK9*R*1*1*0, control number ${v.digits(9)}, segment BSN at position ${v.int(1, 40)} from ${v.pick(["ACME", "GLOBEX", "NWIND"])}${v.digits(4)}`,
  },
  {
    name: "interchange refused",
    interface: ASN,
    code: "",
    message: (v) =>
      `TA1*${v.digits(9)}*26${v.digits(4)}*${v.digits(4)}*R*009~ Unknown interchange receiver ID ${v.digits(9)}`,
  },
  {
    name: "broker",
    interface: ASN,
    code: "NOT_LEADER_FOR_PARTITION",
    message: (v) =>
      `This server is not the leader for that topic-partition asn-in-${v.int(0, 63)} (broker ${v.int(1, 9)}, epoch ${v.int(1, 400)}, offset ${v.digits(8)})`,
  },
  {
    name: "too large",
    interface: ASN,
    code: "",
    message: (v) =>
      `The message is ${v.int(1048577, 90000000)} bytes when serialized which is larger than the maximum request size you have configured (${v.pick(["1048576", "2097152"])})`,
  },
];
