/** Thirty causes, modelled on what ERPs, databases, gateways and brokers say. Some differ in nothing but their code, or in one word. */
import type { Cause } from "./varied";

export const FIRST_CAUSES: readonly Cause[] = [
  (v) => ({
    code: "F5201",
    message: `Posting period ${v.pick("01", "11", "012")} ${v.pick("2025", "2026")} is not open`,
  }),
  (v) => ({ code: "M3305", message: `Material ${v.sku} does not exist in plant ${v.plant}` }),
  (v) => ({ code: "M3351", message: `Material ${v.sku} not maintained in plant ${v.plant}` }),
  (v) => ({ code: "M7021", message: `Deficit of SL unrestricted-use ${v.quantity} EA : ${v.sku} ${v.plant} 0001` }),
  (v) => ({ code: "M7022", message: `Deficit of PU GR goods ${v.quantity} EA : ${v.sku} ${v.plant} 0001` }),
  (v) => ({ code: "VL602", message: `Delivery ${v.delivery} is blocked for goods issue: credit check` }),
  (v) => ({ code: "VL046", message: `Outbound delivery ${v.delivery} is currently being processed by user ${v.user}` }),
  (v) => ({
    code: "RFC_COMMUNICATION_FAILURE",
    message: `Connect to message server failed: partner ${v.host}, service sapms${v.pick("PRD", "PRD", "PRD")} not reached at ${v.time}`,
  }),
  (v) => ({ code: "ORA-00942", message: `ORA-00942: table or view does not exist (session ${v.number}, ${v.time})` }),
  (v) => ({
    code: "ORA-00001",
    message: `ORA-00001: unique constraint (WMS.PK_SHIPMENT) violated for key ${v.shipment}`,
  }),
  (v) => ({
    code: "ORA-01400",
    message: `ORA-01400: cannot insert NULL into ("WMS"."SHIPMENT"."CARRIER") [row ${v.number}]`,
  }),
  (v) => ({ code: "ORA-00060", message: `ORA-00060: deadlock detected while waiting for resource, trace ${v.hex}` }),
  (v) => ({
    code: "23505",
    message: `duplicate key value violates unique constraint "orders_pkey" Detail: Key (id)=(${v.order}) already exists.`,
  }),
  (v) => ({
    code: "40001",
    message: `could not serialize access due to concurrent update, transaction ${v.number} at ${v.time}`,
  }),
  (v) => ({
    code: "503",
    message: `upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport: ${v.ip}`,
  }),
  (v) => ({ code: "504", message: `upstream request timeout after ${v.seconds} s, request id ${v.uuid}` }),
  (v) => ({ code: "502", message: `Bad gateway: ${v.host} returned an invalid response, request id ${v.uuid}` }),
  (v) => ({
    code: "429",
    message: `Exceeded ${v.quantity} calls per second for api client ${v.customer}. Reduce request rates, retry after ${v.seconds} s`,
  }),
  (v) => ({ code: "ECONNREFUSED", message: `connect ECONNREFUSED ${v.ip}` }),
  (v) => ({ code: "ECONNRESET", message: `read ECONNRESET while posting ${v.shipment} to ${v.url}` }),
  (v) => ({
    code: "400",
    message: `Field "quantity" must be a positive number, got "${v.quantity}" (order ${v.order})`,
  }),
  (v) => ({ code: "400", message: `Field "shipDate" must be a date, got "${v.date}" (order ${v.order})` }),
  (v) => ({ code: "401", message: `The access token expired at ${v.time}` }),
  (v) => ({ code: "413", message: `Request body of ${v.number} bytes is larger than the allowed 1048576 bytes` }),
  (v) => ({ code: "422", message: `Order ${v.order} has already been fulfilled on ${v.date}` }),
  (v) => ({
    code: "422",
    message: `Order ${v.order} was cancelled on ${v.date} by ${v.pick("user anna.schmidt", "user JMILLER", "user U20417")}`,
  }),
  (v) => ({ code: "", message: `Unexpected token < in JSON at position ${v.number}` }),
  (v) => ({
    code: "",
    message: `java.lang.NullPointerException: Cannot invoke "Item.getSku()" because "item" is null\n\tat com.acme.oms.Mapper.map(Mapper.java:${v.number})\n\tat com.acme.oms.Flow.run(Flow.java:${v.seconds})`,
  }),
  (v) => ({
    code: "MESSAGE_TOO_LARGE",
    message: `The request included a message larger than the max message size the server will accept (${v.number} bytes, topic shipments.v1, partition ${v.seconds})`,
  }),
  (v) => ({ code: "VL046", message: `Lieferung ${v.delivery} wird gerade durch Benutzer ${v.user} bearbeitet` }),
];
