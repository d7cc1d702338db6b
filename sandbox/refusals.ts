import type { Failure } from "./gateway";
import type { ConfirmedShipment } from "./shipment";

/** What the ERP's interface says when it does not post, in the words its administrators know. */

type Refusal = (shipment: ConfirmedShipment, period: string) => Failure;

export const TIMEOUT: Failure = {
  class: "technical",
  status: 504,
  code: "timeout",
  message: "No answer from SAP ERP within 30000 ms",
};

export const TECHNICAL_REFUSALS: readonly Refusal[] = [
  () => ({
    class: "technical",
    status: 503,
    code: "503",
    message: "SAP ERP is unavailable: no free dialog work process",
  }),
  () => ({
    class: "technical",
    status: 500,
    code: "RFC_COMMUNICATION_FAILURE",
    message: "Connect to message server failed: partner sapmsPRD not reached",
  }),
  () => ({
    class: "technical",
    status: 500,
    code: "DBIF_RSQL_SQL_ERROR",
    message: "SQL error 60 while accessing table LIPS: deadlock detected",
  }),
  (shipment) => ({
    class: "technical",
    status: 423,
    code: "VL046",
    message: `Outbound delivery ${shipment.id} is currently being processed by user RFC_WMS`,
  }),
];

export const BUSINESS_REFUSALS: readonly Refusal[] = [
  (shipment) => ({
    class: "business",
    status: 422,
    code: "M3305",
    message: `Material ${shipment.lines[0]?.product.sku} does not exist in plant ${shipment.warehouse.plant}`,
  }),
  (shipment) => ({
    class: "business",
    status: 422,
    code: "M7021",
    message: `Deficit of SL unrestricted-use ${shipment.lines[0]?.quantity} EA : ${shipment.lines[0]?.product.sku} ${shipment.warehouse.plant} 0001`,
  }),
  (_, period) => ({
    class: "business",
    status: 422,
    code: "F5201",
    message: `Posting period ${period.slice(5)} ${period.slice(0, 4)} is not open`,
  }),
  (shipment) => ({
    class: "business",
    status: 422,
    code: "M7053",
    message: `Unit of measure CS is not defined for material ${shipment.lines[0]?.product.sku}`,
  }),
  (shipment) => ({
    class: "business",
    status: 422,
    code: "VL602",
    message: `Delivery ${shipment.id} is blocked for goods issue: credit check`,
  }),
];
