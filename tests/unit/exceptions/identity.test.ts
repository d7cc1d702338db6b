import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalogue } from "@/lib/config/objects";
import { canonicalEvent } from "@/lib/domain/event";
import { exceptionIdOfEvent } from "@/lib/domain/exceptions/identity";
import type { NamedObject } from "@/lib/domain/object";

const catalogue = loadCatalogue("config");
const named = (type: string, id: string, qualifier = ""): NamedObject => ({ type, id, qualifier });
const [shipment, order, trace] = [named("shipment", "SH-1"), named("order", "SO-1"), named("trace", "ab12")];

function idOf(objects: readonly NamedObject[], data: object, envelope: object = {}): string {
  const event = canonicalEvent.parse({
    id: "1",
    source: "gateway",
    type: "api.called",
    time: "2026-11-23T10:15:30.000Z",
    data: { kind: "api_call", outcome: "failed", interface: "wms-to-erp", objects, ...data },
    ...envelope,
  });
  return exceptionIdOfEvent(event, objects, catalogue);
}

describe("the exception of an event", () => {
  it("is none where nothing failed", () => {
    expect(idOf([shipment], { outcome: "ok" })).toBe("");
    expect(idOf([shipment], { outcome: "skipped" })).toBe("");
    // Goods that inspection turns down are a result; a call or a posting that is turned down has failed.
    expect(idOf([shipment], { outcome: "rejected", kind: "message" })).toBe("");
    expect(idOf([shipment], { outcome: "rejected", kind: "posting" })).not.toBe("");
    expect(idOf([shipment], { outcome: "rejected", kind: "message", error: { code: "F5201" } })).not.toBe("");
    expect(idOf([shipment], { outcome: "ok" }, { type: "message.dead_lettered" })).not.toBe("");
  });

  it("is one for all attempts of a message, by its key, whatever they name and whoever reports them", () => {
    const message = { message: { idempotencyKey: "gi-SH-1" } };
    const first = idOf([shipment], message);
    expect(idOf([trace, order], message, { id: "2", source: "middleware", type: "message.dead_lettered" })).toBe(first);
    expect(idOf([shipment], { message: { headers: { "Idempotency-Key": "gi-SH-1" } } })).toBe(first);
    expect(idOf([shipment], { message: { idempotencyKey: "gi-SH-1b" } })).not.toBe(first);
    expect(idOf([shipment], { ...message, interface: "oms-to-erp" })).not.toBe(first);
  });

  it("without a key is that of the object the event is about, never of what lies above it", () => {
    const own = idOf([shipment], {});
    expect(idOf([order, { ...trace, qualifier: "subject" }, shipment], {})).toBe(own);
    expect(idOf([{ ...order, qualifier: "subject" }, shipment], {})).toBe(idOf([order], {}));
    expect(idOf([trace], {})).not.toBe(idOf([named("trace", "cd34")], {}));
    expect(idOf([], {})).not.toBe(idOf([], {}, { id: "2" }));
  });

  it("does not depend on the order in which objects are named", () => {
    const objects = [order, shipment, trace, named("shipment", "SH-2"), named("sku", "A-1")];
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        expect(idOf(shuffled, {})).toBe(idOf(objects, {}));
      }),
    );
  });
});
