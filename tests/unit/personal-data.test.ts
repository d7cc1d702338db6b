import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadPersonalDataRules } from "@/lib/config/personal-data";
import { createMask, HIDDEN_DOCUMENT, MASKED } from "@/lib/domain/personal-data";

// The rules as shipped: what they miss, the product misses.
const mask = createMask(loadPersonalDataRules("config"));

describe("the mask of personal data", () => {
  it.each([
    [
      "Shopify",
      {
        shipping_address: {
          first_name: "Ada",
          last_name: "Byron",
          address1: "12 Mill Rd",
          city: "York",
          zip: "YO1",
          phone: "01904",
        },
      },
    ],
    [
      "Amazon",
      {
        ShippingAddress: { Name: "Ada Byron", AddressLine1: "12 Mill Rd", City: "York", PostalCode: "YO1" },
        BuyerInfo: { BuyerEmail: "ada" },
      },
    ],
    ["EasyPost", { to_address: { name: "Ada Byron", street1: "12 Mill Rd", city: "York", zip: "YO1", email: "ada" } }],
    ["AfterShip", { customer_name: "Ada Byron", emails: ["ada"], smses: [], signed_by: "Ada Byron" }],
    [
      "SAP",
      { NAME1: "x", partner: { NAME1: "Ada Byron", STRAS: "12 Mill Rd", ORT01: "4", PSTLZ: "YO1", TELF1: "01904" } },
    ],
  ])("hides people in a payload of %s", (_system, payload) => {
    expect(JSON.stringify(mask(payload))).not.toMatch(/Ada|Byron|Mill|York|YO1|01904|"ada"/);
  });

  it("leaves what is not about people: products, places of ours, numbers, times", () => {
    const payload = {
      id: "9b1f",
      type: "shipment.confirmed",
      time: "2026-11-23T10:15:30.123Z",
      name: "Garden chair",
      data: {
        objects: [{ type: "order", id: "SO-1001", qualifier: "subject" }],
        lines: [{ sku: "A-1", location: "DC-EAST", quantity: "12", amount: "120.00", productName: "Chair" }],
        interface: "wms-to-erp.shipment-confirmation",
        error: { class: "technical", code: "503", message: "upstream said no" },
        posting: { companyCode: "1000", period: "2026-11" },
        attributes: { gtin: "04012345678901", tracking: "1Z999AA10123456784" },
      },
    };
    expect(mask(payload)).toEqual(payload);
  });

  it("hides e-mail addresses and international telephone numbers in running text", () => {
    expect(mask({ note: "call +44 1904 555 0199 or mail ada.byron@mail.example.com, order SO-1001" })).toEqual({
      note: `call ${MASKED} or mail ${MASKED}, order SO-1001`,
    });
  });

  it("looks into JSON inside a message's body, and hides bodies it cannot read", () => {
    const body = JSON.stringify({ sku: "A-1", email: "ada@example.com" });
    const masked = mask({ data: { message: { path: "/x", body } } }) as {
      data: { message: { path: string; body: string } };
    };
    expect(JSON.parse(masked.data.message.body)).toEqual({ sku: "A-1", email: MASKED });
    expect(masked.data.message.path).toBe("/x");
    for (const text of ["N1*ST*Ada Byron~", "<name>Ada</name>", '"Ada Byron"', "{", "4711"]) {
      expect(mask({ message: { body: text } })).toEqual({ message: { body: HIDDEN_DOCUMENT } });
    }
  });

  it("hides all below a personal key, whatever its kind, and tells nothing of its length", () => {
    expect(mask({ phone: 441904555, email: { work: ["a", 7, null, true, ""] } })).toEqual({
      phone: MASKED,
      email: { work: [MASKED, MASKED, null, true, ""] },
    });
  });

  it("compares keys without case and separators", () => {
    for (const key of ["shipToName", "ship_to_name", "SHIP-TO-NAME", "Ship To Name"]) {
      expect(mask({ [key]: "Ada" })).toEqual({ [key]: MASKED });
    }
  });

  it("keeps the shape of any payload: the same keys, and no object's prototype changed", () => {
    const shapeOf = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shapeOf)
        : typeof value === "object" && value !== null
          ? Object.entries(value).map(([key, item]) => [key, shapeOf(item)])
          : "leaf";
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (payload) => {
        expect(shapeOf(mask(payload))).toEqual(shapeOf(payload));
      }),
    );
    const hostile: unknown = JSON.parse('{"__proto__":{"email":"ada@example.com"},"constructor":1}');
    const masked = mask(hostile) as object;
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
    expect(JSON.stringify(masked)).toBe(`{"__proto__":{"email":"${MASKED}"},"constructor":1}`);
  });

  it("ends on a payload that is deeper than any real one, and shows nothing below", () => {
    let deep: unknown = { email: "ada@example.com" };
    for (let level = 0; level < 5_000; level += 1) deep = { next: deep };
    expect(JSON.stringify(mask(deep))).not.toContain("ada");
  });
});
