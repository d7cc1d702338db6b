import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlate } from "@/ingest/correlate/correlate";
import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import { canonicalEvent } from "@/lib/domain/event";
import { AS_WRITTEN, normaliseNumber } from "@/lib/domain/identifier";

const rules = { catalogue: loadCatalogue("config"), systems: loadSystems("config") };
const correlated = (source: string, data: object, type = "anything") => {
  const event = canonicalEvent.parse({ id: "1", source, type, time: "2026-01-01T00:00:00Z", data });
  const result = correlate({ event, payload: "", contentHash: "" }, rules);
  if ("fault" in result) return result;
  return {
    objects: result.objects.map(({ type, id }) => `${type} ${id}`),
    links: result.links.map(({ child, parent }) => `${child.type} ${child.id} → ${parent.type} ${parent.id}`),
    act: result.linkAct,
  };
};
const object = (type: string, id: string, issuer?: string) => ({ type, id, ...(issuer ? { issuer } : {}) });

describe("correlation of one event", () => {
  it("links each object to all objects of the nearest higher rank that is named, and context to nothing", () => {
    const objects = [
      object("order", "1"),
      object("order", "2"),
      object("shipment", "S"),
      object("tracking", "T"),
      object("sku", "A"),
    ];
    expect(correlated("oms", { objects })).toMatchObject({
      links: ["shipment S → order 1", "shipment S → order 2", "tracking T → shipment S"],
    });
  });

  it("takes the document that a posting reverses for one it names, unless it names it itself or says nothing of documents", () => {
    const posting = { kind: "posting", posting: { reverses: "0004900000001" } };
    const of = (...objects: object[]) => {
      const result = correlated("erp", { ...posting, objects }, "goods_issue.reversed");
      return "fault" in result ? [] : result.objects;
    };
    expect(of(object("erp_document", "4900000002"))).toEqual(["erp_document 4900000002", "erp_document 4900000001"]);
    expect(of(object("erp_document", "2"), { ...object("erp_document", "1"), qualifier: "reversed" })).toHaveLength(2);
    expect(of(object("shipment", "S"))).toEqual(["shipment S"]);
    expect(of(object("erp_document", "2"), object("invoice", "3"))).toHaveLength(2);
    expect(of({ ...object("invoice", "3"), qualifier: "subject" }, object("erp_document", "2"))).toContain(
      "invoice 4900000001",
    );
    // Most senders say no kind: a reversal under any name is known by what it reverses.
    const voided = correlated("erp", { posting: posting.posting, objects: [object("invoice", "3")] }, "invoice.voided");
    expect(voided).toMatchObject({ objects: ["invoice 3", "invoice 4900000001"] });
  });

  it("takes stated links and only those, even when there are none", () => {
    const objects = [object("order", "1"), object("shipment", "S")];
    expect(correlated("oms", { objects, links: [] })).toMatchObject({ links: [] });
    const links = [{ child: object("order", "2"), parent: object("order", "1") }];
    expect(correlated("oms", { objects, links })).toMatchObject({ links: ["order 2 → order 1"] });
  });

  it("writes the ERP's zero-padded numbers as everybody else does, and leaves other sources' numbers alone", () => {
    expect(correlated("erp", { objects: [object("erp_document", " 0049000001 ")] })).toMatchObject({
      objects: ["erp_document 49000001"],
    });
    expect(correlated("oms", { objects: [object("order", "007")] })).toMatchObject({ objects: ["order 007"] });
  });

  it("identifies a warehouse task by its issuer: the stated one, else the source", () => {
    expect(correlated("wms-east", { objects: [object("warehouse_task", "4711")] })).toMatchObject({
      objects: ["warehouse_task wms-east:4711"],
    });
    expect(correlated("erp", { objects: [object("warehouse_task", "4711", "wms-east")] })).toMatchObject({
      objects: ["warehouse_task wms-east:4711"],
    });
  });

  it("infers nothing from a retraction", () => {
    const objects = [object("order", "1"), object("shipment", "S")];
    expect(correlated("oms", { objects }, "link.retracted")).toMatchObject({ links: [], act: "retracted" });
  });

  it("refuses an event whose objects would imply more links than one event may state, naming the field", () => {
    const objects = ["order", "shipment"].flatMap((type) =>
      Array.from({ length: 250 }, (_, index) => object(type, String(index))),
    );
    expect(correlated("oms", { objects })).toMatchObject({ fault: { path: "data.objects" } });
  });
});

describe("a number", () => {
  it("stays what it is when normalised twice, and never becomes empty", () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, unit: fc.constantFrom("0", " ", "a", "7", "!") })
          .filter((text) => text.trim() !== ""),
        fc.constantFrom("never" as const, "digits" as const, "always" as const),
        fc.constantFrom("keep" as const, "upper" as const),
        (number, stripLeadingZeros, letters) => {
          const rule = { ...AS_WRITTEN, stripLeadingZeros, case: letters };
          const once = normaliseNumber(number, rule);
          expect(once.trim()).toBe(once);
          expect(once).not.toBe("");
          expect(normaliseNumber(once, rule)).toBe(once);
        },
      ),
    );
  });
});

it("with a blank behind its leading zeros is the number alone", () => {
  const rule = { ...AS_WRITTEN, stripLeadingZeros: "always" as const };
  expect(["0 !", "0 0x", "000", "0"].map((number) => normaliseNumber(number, rule))).toEqual(["!", "x", "0", "0"]);
});

describe("a configuration file that does not fit", () => {
  it("is refused with file, line and field", () => {
    const folder = mkdtempSync(join(tmpdir(), "throughline-config-"));
    try {
      writeFileSync(
        join(folder, "systems.yaml"),
        "systems:\n  - { id: oms, name: OMS, kind: oms }\n  - { id: erp, name: ERP, kind: ledger }\n",
      );
      expect(() => loadSystems(folder)).toThrow(/systems\.yaml:3: systems\.1\.kind/);
      writeFileSync(join(folder, "systems.yaml"), "systems:\n  - { id: throughline, name: X, kind: oms }\n");
      expect(() => loadSystems(folder)).toThrow(/reserved/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
