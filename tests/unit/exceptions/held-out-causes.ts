/**
 * Thirty causes written after the normaliser was done, in the words of order management, logistics providers, EDI networks and cloud services, to see
 * whether it holds for what it was not made for.
 */
import type { PlantedCause, Variation } from "./variation";

const OMS = "marketplace-to-oms.order";
const LOGISTICS = "oms-to-wms.fulfillment";
const CARRIER = "wms-to-carrier.booking";

const many = (v: Variation, low: number, high: number, one: () => string) =>
  Array.from({ length: v.int(low, high) }, one).join(v.pick([", ", ",", "; "]));

export const HELD_OUT_CAUSES: readonly PlantedCause[] = [
  {
    name: "no node to source from",
    interface: OMS,
    code: "OMS-4012",
    message: (v, order) =>
      `Sourcing failed for ${order}: no node has ATP for ${v.int(1, 40)} of ${v.int(41, 90)} lines (run ${v.letters(3)}${v.digits(4)})`,
  },
  {
    name: "no node, another code",
    interface: OMS,
    code: "OMS-4013",
    message: (v, order) =>
      `Sourcing failed for ${order}: no node has ATP for ${v.int(1, 40)} of ${v.int(41, 90)} lines (run ${v.letters(3)}${v.digits(4)})`,
  },
  {
    name: "reservation expired",
    interface: OMS,
    code: "",
    message: (v, order) =>
      `Inventory reservation ${v.uuid()} for order ${order} expired ${v.int(1, 59)}m${v.int(10, 59)}s ago`,
  },
  {
    name: "promise in the past",
    interface: OMS,
    code: "PROMISE_DATE",
    message: (v) => `Requested delivery date ${v.date()} is before the earliest promise date ${v.date()}`,
  },
  {
    name: "hold",
    interface: OMS,
    code: "",
    message: (v, order) =>
      `Order ${order} has ${v.int(1, 4)} active hold(s): FRAUD_REVIEW placed by ${v.user()} on ${v.time()}`,
  },
  {
    name: "tax service",
    interface: OMS,
    code: "",
    message: (v) =>
      `Tax calculation failed: upstream https://tax.example.com/v2/transactions/${v.hex(24)} answered 500 in ${v.int(200, 9000)}ms`,
  },
  {
    name: "payment",
    interface: OMS,
    code: "card_declined",
    message: (v) =>
      `Your card was declined. (payment intent pi_${v.hex(24)}, decline code insufficient_funds, amount ${v.money()})`,
  },
  {
    name: "cancelled already",
    interface: OMS,
    code: "",
    message: (v, order) => `Cannot release fulfillment for ${order}; order was cancelled at ${v.time()} by customer`,
  },
  {
    name: "stale version",
    interface: OMS,
    code: "409",
    message: (v, order) => `Version conflict on Order/${order}: expected ${v.int(1, 60)} but was ${v.int(61, 99)}`,
  },
  {
    name: "SP-API quota",
    interface: OMS,
    code: "QuotaExceeded",
    message: (v) =>
      `You exceeded your quota for the requested resource. x-amzn-RequestId=${v.uuid()} limit=${v.int(1, 9)}.0`,
  },
  {
    name: "3PL stock",
    interface: LOGISTICS,
    code: "",
    message: (v, _, shipment) =>
      `SHORTAGE ON ${shipment} - SKU ${v.letters(4)}${v.digits(3)} REQ ${v.int(10, 90)} AVL ${v.int(0, 9)} WHSE ${v.digits(2)}`,
  },
  {
    name: "3PL lot expired",
    interface: LOGISTICS,
    code: "",
    message: (v, _, shipment) =>
      `LOT EXPIRED ON ${shipment} - SKU ${v.letters(4)}${v.digits(3)} LOT ${v.digits(6)} EXP ${v.digits(8)} WHSE ${v.digits(2)}`,
  },
  {
    name: "wave closed",
    interface: LOGISTICS,
    code: "WAVE",
    message: (v) =>
      `Wave W${v.digits(6)} in facility ${v.pick(["ATL", "RNO", "DFW", "ONT"])}${v.int(1, 9)} is already closed; ${v.int(1, 400)} units not released`,
  },
  {
    name: "address",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `Address validation failed: "${v.int(1, 999)} Main St Apt ${v.int(1, 40)}" could not be matched (score 0.${v.digits(2)})`,
  },
  {
    name: "hazmat",
    interface: LOGISTICS,
    code: "",
    message: (v) => `Item(s) ${many(v, 1, 5, v.sku)} require a dangerous goods declaration`,
  },
  {
    name: "AS2 receipt",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `MDN for message <${v.hex(16)}.${v.digits(13)}@as2.example.net> reports automatic-action/MDN-sent-automatically; processed/error: decryption-failed`,
  },
  {
    name: "AS2 receipt, other words",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `MDN for message <${v.hex(16)}.${v.digits(13)}@as2.example.net> reports automatic-action/MDN-sent-automatically; processed/error: authentication-failed`,
  },
  {
    name: "SFTP",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `SFTP put /outbound/940/${v.pick(["ACME", "NORD"])}_940_${v.digits(14)}.edi failed: No space left on device (${v.int(1, 900)} KB written)`,
  },
  {
    name: "segment",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `945 translation: segment W12 missing element W1203 (Number of Units Shipped) in ST ${v.digits(9)} line ${v.int(10, 900)}`,
  },
  {
    name: "another element",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `945 translation: segment W12 missing element W1208 (Product/Service ID) in ST ${v.digits(9)} line ${v.int(10, 900)}`,
  },
  {
    name: "EDIFACT",
    interface: LOGISTICS,
    code: "",
    message: (v) =>
      `CONTRL received for UNB+${v.digits(14)}: action 4 (rejected), UCI syntax error 13 missing, UNH ${v.digits(6)}`,
  },
  {
    name: "SNS",
    interface: CARRIER,
    code: "AccessDenied",
    message: (v) =>
      `User: arn:aws:sts::${v.digits(12)}:assumed-role/carrier-publisher/i-0${v.hex(16)} is not authorized to perform: sns:Publish on resource: arn:aws:sns:eu-central-1:${v.digits(12)}:bookings`,
  },
  {
    name: "SQS gone",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist (Request ID: ${v.uuid()}, attempt ${v.int(1, 8)}/8)`,
  },
  {
    name: "Service Bus lock",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue. Reference:${v.uuid()}, TrackingId:${v.uuid()}_B${v.int(1, 40)}, SystemTracker:sb-prod:queue:bookings, Timestamp:${v.time()}`,
  },
  {
    name: "postal code",
    interface: CARRIER,
    code: "9110054",
    message: (v) =>
      `Invalid postal code ${v.pick([v.digits(5), `${v.digits(5)}-${v.digits(4)}`, `${v.letters(2)}${v.int(1, 9)} ${v.int(1, 9)}${v.letters(2)}`])} for country ${v.pick(["US", "GB", "DE"])}`,
  },
  {
    name: "weight",
    interface: CARRIER,
    code: "120500",
    message: (v) =>
      `Package ${v.int(1, 9)} of ${v.int(10, 20)}: weight ${v.int(31, 99)}.${v.digits(1)} kg exceeds the maximum of ${v.pick(["30", "31.5", "32"])} kg for the service`,
  },
  {
    name: "no pickup",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `Kein Abholtermin am ${v.date()} zwischen ${v.int(7, 11)}:00 und ${v.int(12, 18)}:30 Uhr möglich (Depot ${v.digits(3)})`,
  },
  {
    name: "label service",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `<?xml version="1.0"?><soap:Envelope><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Label could not be rendered for tracking ${v.letters(2)}${v.digits(9)}DE</faultstring><detail>${v.time()} node ${v.host()}</detail></soap:Fault></soap:Body></soap:Envelope>`,
  },
  {
    name: "gateway page",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.${v.int(18, 29)}.${v.int(0, 9)} ${v.hex(10)}</center></body></html>`,
  },
  {
    name: "gRPC",
    interface: CARRIER,
    code: "",
    message: (v) =>
      `14 UNAVAILABLE: upstream connect error or disconnect/reset before headers. reset reason: connection termination, remote ${v.ip()}, stream ${v.int(1, 9999)}`,
  },
];
