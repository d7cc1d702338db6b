/** Transaction sets → events. Sets without an entry here become an event `x12.CODE` that names no object and keeps the text. */
import type { X12Mapping } from "@/lib/config/mapping-schema";
import { shipNotice } from "./x12-asn";
import type { Segment } from "./x12-interchange";
import {
  allOf,
  element,
  firstOf,
  implied,
  productOf,
  type Reading,
  type Reference,
  referencesBy,
  required,
  sentTime,
  timeOf,
} from "./x12-reading";

/** What a set says, without source, id and envelope. */
export type Said = Record<string, unknown>;

type SetReader = (reading: Reading, mapping: X12Mapping) => Said[];

export const SET_READERS: Readonly<Record<string, SetReader>> = {
  "204": (reading, mapping) => [loadTender(reading, mapping)],
  "214": carrierStatuses,
  "810": (reading, mapping) => [invoice(reading, mapping)],
  "850": (reading, mapping) => [purchaseOrder(reading, mapping)],
  "856": (reading, mapping) => [shipNotice(reading, mapping)],
  "940": (reading, mapping) => [warehouseOrder(reading, mapping)],
  "945": (reading, mapping) => [warehouseShipment(reading, mapping)],
  "990": (reading) => [tenderAnswer(reading)],
  "997": acknowledgements,
};

function purchaseOrder(reading: Reading, { order }: X12Mapping): Said {
  const beg = firstOf(reading, "BEG");
  const requested = allOf(reading, "DTM").find((segment) => element(segment, 1) === "002");
  const total = allOf(reading, "AMT").find((segment) => element(segment, 1) === "TT");
  const lines = allOf(reading, "PO1");
  return {
    type: "order.created",
    time: timeOf(reading, "BEG", beg, [5]) ?? sentTime(reading),
    data: {
      objects: [{ type: order, id: required(reading, "BEG", beg, 3), qualifier: "subject" }],
      lines: lines.map((line) => ({ sku: productOf(line, 6), quantity: element(line, 2), uom: element(line, 3) })),
      amount: element(total, 2),
      currency: element(firstOf(reading, "CUR"), 2),
      promisedAt: timeOf(reading, "DTM", requested, [2, 3, 4]),
    },
  };
}

function invoice(reading: Reading, { order }: X12Mapping): Said {
  const big = firstOf(reading, "BIG");
  const isCredit = element(big, 7) === "CR";
  const bill: Reference = { type: isCredit ? "credit_memo" : "invoice", id: required(reading, "BIG", big, 2) };
  const billed = element(big, 4);
  const parent = billed === undefined ? null : { type: order, id: billed };
  return {
    type: isCredit ? "credit_memo.posted" : "invoice.posted",
    time: timeOf(reading, "BIG", big, [1]) ?? sentTime(reading),
    data: {
      kind: "posting",
      objects: parent ? [bill, parent] : [bill],
      links: parent ? [{ child: bill, parent }] : [],
      lines: allOf(reading, "IT1").map((line) => ({
        sku: productOf(line, 6),
        quantity: element(line, 2),
        uom: element(line, 3),
      })),
      amount: implied(element(firstOf(reading, "TDS"), 1)),
      currency: element(firstOf(reading, "CUR"), 2),
    },
  };
}

/** 940: the depositor asks the warehouse to ship. */
function warehouseOrder(reading: Reading, { order }: X12Mapping): Said {
  const w05 = firstOf(reading, "W05");
  const promised = allOf(reading, "G62").find((segment) => element(segment, 1) === "02");
  return {
    type: "fulfillment.requested",
    time: sentTime(reading),
    data: {
      objects: [{ type: order, id: required(reading, "W05", w05, 2), qualifier: "subject" }],
      lines: allOf(reading, "W01").map((line) => ({
        sku: productOf(line, 4) ?? element(line, 3),
        quantity: element(line, 1),
        uom: element(line, 2),
      })),
      promisedAt: timeOf(reading, "G62", promised, [2]),
      attributes: { customerOrder: element(w05, 3) },
    },
  };
}

/** 945: the warehouse says what it shipped. */
function warehouseShipment(reading: Reading, { order }: X12Mapping): Said {
  const w06 = firstOf(reading, "W06");
  const shipment: Reference = { type: "shipment", id: required(reading, "W06", w06, 4) };
  const ordered = element(w06, 2);
  const parent = ordered === undefined ? null : { type: order, id: ordered };
  return {
    type: "shipment.confirmed",
    time: timeOf(reading, "W06", w06, [3]) ?? sentTime(reading),
    data: {
      objects: parent ? [shipment, parent] : [shipment],
      links: parent ? [{ child: shipment, parent }] : [],
      lines: allOf(reading, "W12").map((line) => ({
        sku: productOf(line, 7) ?? element(line, 6),
        quantity: element(line, 3),
        uom: element(line, 5),
        direction: "out",
      })),
    },
  };
}

/** 204: a load is offered to a carrier. L11 SI is the shipper's delivery, L11 PO the customer's order. */
function loadTender(reading: Reading, { order }: X12Mapping): Said {
  const load: Reference = { type: "shipment", id: required(reading, "B2", firstOf(reading, "B2"), 4) };
  const orders = (referencesBy(reading, "L11", 2, 1).get("PO") ?? []).map((id) => ({ type: order, id }));
  return {
    type: "load.tendered",
    time: sentTime(reading),
    data: {
      objects: [load, ...orders],
      links: orders.map((parent) => ({ child: load, parent })),
      attributes: { deliveries: referencesBy(reading, "L11", 2, 1).get("SI") ?? [] },
    },
  };
}

/** 990: the carrier takes the load or does not. */
function tenderAnswer(reading: Reading): Said {
  const b1 = firstOf(reading, "B1");
  const isAccepted = element(b1, 4) === "A";
  return {
    type: isAccepted ? "load.accepted" : "load.declined",
    time: sentTime(reading),
    data: {
      objects: [{ type: "shipment", id: required(reading, "B1", b1, 2) }],
      links: [],
      outcome: isAccepted ? "ok" : "rejected",
      ...(isAccepted ? {} : { error: { class: "business", code: element(b1, 4) } }),
    },
  };
}

/** 214: one event per status (AT7). */
function carrierStatuses(reading: Reading, mapping: X12Mapping): Said[] {
  const b10 = firstOf(reading, "B10");
  const [pro, load] = [element(b10, 1), element(b10, 2)];
  const tracking: Reference = { type: "tracking", id: pro ?? required(reading, "B10", b10, 1) };
  // Carriers that know no other number repeat theirs.
  const shipment = load === undefined || load === pro ? null : { type: "shipment", id: load };
  const carrier = element(b10, 3);
  return allOf(reading, "AT7").map((status): Said => {
    const code = element(status, 1) ?? element(status, 3);
    return {
      type: (code && Object.hasOwn(mapping.statuses, code) ? mapping.statuses[code] : undefined) ?? "carrier.status",
      time: timeOf(reading, "AT7", status, [5, 6, 7]) ?? sentTime(reading),
      data: {
        objects: [tracking, ...(shipment ? [shipment] : []), ...(carrier ? [{ type: "carrier", id: carrier }] : [])],
        links: shipment ? [{ child: tracking, parent: shipment }] : [],
        attributes: { status: code, reason: element(status, 2), city: placeAfter(reading, status) },
      },
    };
  });
}

/** The MS1 that follows a status says where. */
function placeAfter(reading: Reading, status: Segment): string | undefined {
  const next = reading.set.segments[status.position];
  return next?.name === "MS1" ? next.elements.slice(1, 4).filter(Boolean).join(", ") : undefined;
}

/** 997: the partner's software took our sets or refused them; one event per set, or per group when it lists none. */
function acknowledgements(reading: Reading): Said[] {
  const ak1 = firstOf(reading, "AK1");
  const group = required(reading, "AK1", ak1, 2);
  const answers = allOf(reading, "AK2").map((ak2) => {
    const ak5 = reading.set.segments.slice(ak2.position).find(({ name }) => name === "AK5" || name === "AK2");
    return {
      set: element(ak2, 1),
      control: element(ak2, 2),
      answer: ak5?.name === "AK5" ? element(ak5, 1) : undefined,
    };
  });
  const whole = { set: undefined, control: undefined, answer: element(firstOf(reading, "AK9"), 1) };
  return (answers.length > 0 ? answers : [whole]).map(({ set, control, answer }) => {
    // A: accepted, E: accepted with errors; anything else is a refusal.
    const isAccepted = answer === "A" || answer === "E";
    return {
      type: "message.acknowledged",
      time: sentTime(reading),
      data: {
        objects: [],
        links: [],
        outcome: isAccepted ? "ok" : "rejected",
        ...(isAccepted ? {} : { error: { class: "technical", code: answer } }),
        attributes: { group, groupType: element(ak1, 1), set, control },
      },
    };
  });
}
