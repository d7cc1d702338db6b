/** What one case of bad input is, and what cases are made of. */

export interface BadInputCase {
  readonly name: string;
  /** Default POST. */
  readonly method?: string;
  /** Default /v1/events. */
  readonly path?: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | (() => Buffer);
  /**
   * `accepted`: every item is stored as an event. `dead-letter`: 202 with at least one entry in deadLettered, whose path matches. Numbers:
   * one of these HTTP statuses, and nothing is stored.
   */
  readonly expect: "accepted" | { readonly status: "dead-letter" | readonly number[]; readonly path?: RegExp };
  /** How many good events stand in the same request. */
  readonly neighbours?: number;
  /** What decoding alone cannot judge: sizes on the wire, tokens, registered sources, routes. */
  readonly intakeOnly?: boolean;
}

/** The source that every good event of these cases reports for; it must be registered. */
export const BAD_INPUT_SOURCE = "wms-east";

export type Json = Record<string, unknown>;

export const STRUCTURED = "application/cloudevents+json";
export const BATCH = "application/cloudevents-batch+json";
export const LINES = "application/x-ndjson";

let serial = 0;

/** A full, valid event with an id of its own. */
export function goodEvent(): Json {
  serial += 1;
  return {
    specversion: "1.0",
    id: `bad-input-${serial}`,
    source: BAD_INPUT_SOURCE,
    type: "shipment.confirmed",
    time: "2026-11-23T10:15:30.123Z",
    recordedtime: "2026-11-23T10:15:31.000Z",
    sequence: "1042",
    dataschema: "https://example.org/shipment.confirmed/1",
    data: {
      kind: "message",
      objects: [
        { type: "shipment", id: `SH-BAD-${serial}`, qualifier: "subject", issuer: BAD_INPUT_SOURCE },
        { type: "order", id: `SO-BAD-${serial}` },
      ],
      links: [
        { child: { type: "shipment", id: `SH-BAD-${serial}` }, parent: { type: "order", id: `SO-BAD-${serial}` } },
      ],
      outcome: "failed",
      interface: "wms-to-erp.shipment-confirmation",
      error: { class: "technical", code: "503", message: "unavailable" },
      attempt: 1,
      durationMs: 231,
      lines: [
        {
          sku: "A-1",
          location: "DC-EAST",
          quantity: "12",
          uom: "EA",
          amount: "120.00",
          currency: "USD",
          direction: "out",
        },
      ],
      amount: "120.00",
      currency: "USD",
      posting: { companyCode: "1000", period: "2026-11", reverses: "4900000001" },
      promisedAt: "2026-11-25T00:00:00.000Z",
      message: {
        channel: "http",
        method: "POST",
        path: "/goods-issues",
        headers: {},
        body: "{}",
        idempotencyKey: "k-1",
      },
      attributes: { note: "free form" },
    },
  };
}

/** A copy with the value at a dotted path replaced; `undefined` removes it. */
export function withValue(event: Json, path: string, value: unknown): Json {
  const copy = structuredClone(event);
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  const holder = parts.reduce((at, part) => at[part] as Json, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
export const escapeDots = (path: string): RegExp => new RegExp(`^${path.replaceAll(".", "\\.")}`);

export function deadStructured(name: string, body: Buffer | (() => Buffer), path?: RegExp): BadInputCase {
  return { name, contentType: STRUCTURED, body, expect: { status: "dead-letter", ...(path ? { path } : {}) } };
}

/** The JSON text of an event whose attributes hold this raw JSON text under `probe`. */
export function withRawAttribute(raw: string): Buffer {
  const text = JSON.stringify(withValue(goodEvent(), "data.attributes", { probe: "@@" }));
  return Buffer.from(text.replace('"@@"', raw));
}

/** A bad item between two good ones. */
export function amongNeighbours(name: string, bad: Buffer, path?: RegExp): BadInputCase[] {
  const expect = { status: "dead-letter", ...(path ? { path } : {}) } as const;
  const [first, last] = [json(goodEvent()), json(goodEvent())];
  const lines = Buffer.concat([first, Buffer.from("\n"), bad, Buffer.from("\n"), last]);
  const batch = Buffer.concat([
    Buffer.from("["),
    first,
    Buffer.from(","),
    bad,
    Buffer.from(","),
    last,
    Buffer.from("]"),
  ]);
  return [
    { name: `${name}, as a line among good ones`, contentType: LINES, body: lines, expect, neighbours: 2 },
    { name: `${name}, in an array among good ones`, contentType: BATCH, body: batch, expect, neighbours: 2 },
  ];
}
