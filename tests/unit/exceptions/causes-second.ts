/** Thirty causes more, written when the normaliser was done: shops, carriers, 3PLs, EDI, cloud services, and SAP in German. */
import type { Cause } from "./varied";

export const SECOND_CAUSES: readonly Cause[] = [
  (v) => ({
    code: "QuotaExceeded",
    message: `You exceeded your quota for the requested resource. RequestId: ${v.uuid}`,
  }),
  (v) => ({
    code: "InvalidInput",
    message: `'${v.sku}' is not a valid SKU for marketplace ${v.pick("ATVPDKIKX0DER", "A1PA6795UKMFR9")}.`,
  }),
  (v) => ({ code: "422", message: `Fulfillment order ${v.number} does not allow the requested action: it is closed` }),
  (v) => ({ code: "422", message: `Inventory item ${v.number} is not stocked at location ${v.number}` }),
  (v) => ({
    code: "RESOURCE_EXHAUSTED",
    message: `Quota exceeded for quota metric 'Read requests' of consumer 'project_number:${v.number}'.`,
  }),
  (v) => ({
    code: "carrier.address",
    message: `Postal code ${v.plant} does not match state ${v.pick("CA", "TX", "NY")} for tracking ${v.shipment}`,
  }),
  (v) => ({
    code: "carrier.weight",
    message: `Package ${v.seconds} of ${v.number}: weight ${v.amount} kg exceeds the maximum weight of 70 kg`,
  }),
  (v) => ({
    code: "carrier.label",
    message: `Label for shipment ${v.shipment} was already created on ${v.date} at ${v.location}`,
  }),
  (v) => ({
    code: "AK5",
    message: `Transaction set 856 control number ${v.number} rejected: AK4*${v.seconds} mandatory data element missing`,
  }),
  (v) => ({
    code: "AK5",
    message: `Transaction set 856 control number ${v.number} rejected: AK4*${v.seconds} invalid code value`,
  }),
  (v) => ({ code: "TA1", message: `Interchange ${v.number} received ${v.time}: duplicate interchange control number` }),
  (v) => ({ code: "AS2", message: `MDN for message <${v.uuid}@${v.host}> reports: decryption-failed` }),
  (v) => ({ code: "AS2", message: `MDN for message <${v.uuid}@${v.host}> reports: authentication-failed` }),
  (v) => ({
    code: "51",
    message: `Buchungsperiode ${v.pick("01", "07", "12")} ${v.pick("2025", "2026")} ist nicht geöffnet`,
  }),
  (v) => ({ code: "51", message: `Material ${v.sku} ist im Werk ${v.plant} nicht vorhanden` }),
  (v) => ({
    code: "51",
    message: `Bestand der Charge „${v.location}“ um ${v.quantity} ST unterschritten (Material ${v.sku})`,
  }),
  (v) => ({ code: "56", message: `EDI: Partnervereinbarung Eingang nicht vorhanden für Partner ${v.customer}` }),
  (v) => ({
    code: "64",
    message: `IDoc ${v.delivery} wurde nicht verbucht: Zeitüberschreitung nach ${v.seconds} Sekunden`,
  }),
  (v) => ({
    code: "NoSuchKey",
    message: `The specified key does not exist. Key: exports/${v.date}/${v.uuid}.csv Host: ${v.host}`,
  }),
  (v) => ({
    code: "AccessDenied",
    message: `User: arn:aws:iam::${v.number}:user/${v.user} is not authorized to perform: sqs:SendMessage on resource: ${v.hex}`,
  }),
  (v) => ({ code: "ETIMEDOUT", message: `connect ETIMEDOUT ${v.ip} after ${v.seconds}000ms` }),
  (v) => ({
    code: "NOT_LEADER_FOR_PARTITION",
    message: `This server is not the leader for topic-partition shipments-${v.seconds} (broker ${v.seconds}, epoch ${v.number})`,
  }),
  (v) => ({
    code: "XML",
    message: `cvc-complex-type.2.4.a: Invalid content was found starting with element 'ShipDate'. Line: ${v.number}, column: ${v.seconds}`,
  }),
  (v) => ({
    code: "XML",
    message: `Premature end of file. Line: ${v.number}, column: ${v.seconds}, system id ${v.url}`,
  }),
  (v) => ({
    code: "WMS-1402",
    message: `Wave ${v.number}: order ${v.order} cannot be allocated, insufficient stock of ${v.sku} (needed ${v.quantity}, available ${v.quantity})`,
  }),
  (v) => ({
    code: "WMS-1403",
    message: `Wave ${v.number}: order ${v.order} cannot be allocated, location ${v.location} is blocked for cycle count`,
  }),
  (v) => ({ code: "3PL-77", message: `ASN ${v.number} unknown at site ${v.plant}; receipts of ${v.date} are on hold` }),
  (v) => ({
    code: "",
    message: `System.Net.Http.HttpRequestException: The SSL connection could not be established, see inner exception. [${v.time}] corr=${v.uuid}`,
  }),
  (v) => ({
    code: "",
    message: `com.microsoft.sqlserver.jdbc.SQLServerException: Transaction (Process ID ${v.seconds}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim.`,
  }),
  (v) => ({
    code: "",
    message: `Kunde ${v.customer} ist für Auftragsart ${v.pick("ZOR", "ZEC")} gesperrt, Kreditlimit um ${v.amount} EUR überschritten`,
  }),
];
