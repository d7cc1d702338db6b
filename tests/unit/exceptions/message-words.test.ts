import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprintOf } from "@/lib/domain/exceptions/fingerprint";
import { wordsOf } from "@/lib/domain/exceptions/message-words";

const fingerprint = (message: string, more: Partial<Parameters<typeof fingerprintOf>[0]> = {}) =>
  fingerprintOf({ interface: "a-to-b", class: "value", errorCode: "", message, identifiers: [], ...more }).fingerprint;

describe("what differs from case to case is taken out", () => {
  test.each([
    ["Posting period 011 2026 is not open", "Posting period # is not open"],
    ["Order SO-1001 for 0080001234 (gi-SH-1) failed", "Order # for # failed"],
    ["Job 7f5cbb0f-d53a-4ac1-9dfa-1f1ab0c708b5 died at 2026-11-25T10:00:00.123+01:00", "Job # died at #"],
    ["Balance of EUR 1.234,56 and $12.50 is open", "Balance of # is open"],
    ["Mail to jane.doe@example.com bounced after 1.5 s, 300 KB", "Mail to # bounced after #"],
    ["Host 10.2.3.4:8443 and 2001:db8:0:1::7 are down", "Host # are down"],
    [
      "GET https://erp.example.com/orders/4711/lines/2?key=abc was refused",
      "GET https://erp.example.com/orders/#/lines/#?# was refused",
    ],
    ["com.acme.Order@1a2b3c4d is not serializable", "com.acme.Order@# is not serializable"],
    ["Lieferung 80001234 wird von Benutzer SCHMIDT bearbeitet", "Lieferung # wird von Benutzer # bearbeitet"],
    ["Kunde „Müller & Söhne“ ist gesperrt", "Kunde # ist gesperrt"],
    ["注文 4711 は見つかりません", "注文 # は見つかりません"],
    ["Ｏｒｄｅｒ １２３ not found", "Order # not found"],
    ["Menge 12,00- ST am 25.11.2026 um 10:15 Uhr", "Menge # am # um #"],
  ])("%s", (message, words) => {
    expect(wordsOf(message)).toBe(words);
  });

  test("and so are the event's own numbers, whatever they look like, with or without leading zeros", () => {
    expect(wordsOf("Delivery ALPHA of customer Nordwind, item 80", ["ALPHA", "Nordwind"])).toBe(
      "Delivery # of customer #, item #",
    );
    expect(wordsOf("Delivery 0000AB is late", ["AB"])).toBe("Delivery # is late");
    expect(wordsOf("ALPHABET is no ALPHA", ["ALPHA"])).toBe("ALPHABET is no #");
  });
});

describe("what tells causes apart stays", () => {
  test.each([
    ["ORA-00942: table or view does not exist", "ORA-01400: table or view does not exist"],
    ["Server returned HTTP 503", "Server returned HTTP 429"],
    ["SQLSTATE 23505 on insert", "SQLSTATE 23503 on insert"],
    ["Meldungsnr. F5 201 bei Beleg 4711", "Meldungsnr. F5 702 bei Beleg 4711"],
    ["IDoc 0000123 status 51 set", "IDoc 0000123 status 56 set"],
    ["Field 'plant' is required", "Field 'postingDate' is required"],
    ["Customer 1 is blocked", "Customer 1 is unknown"],
  ])("%s", (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  test("interface, class and error code, in whatever way the code is written", () => {
    const message = "It failed";
    expect(fingerprint(message, { errorCode: "F5 201" })).toBe(fingerprint(message, { errorCode: "f5201" }));
    expect(fingerprint(message, { errorCode: "F5 201" })).not.toBe(fingerprint(message, { errorCode: "F5 202" }));
    expect(fingerprint(message, { class: "missing" })).not.toBe(fingerprint(message));
    expect(fingerprint(message, { interface: "b-to-c" })).not.toBe(fingerprint(message));
  });

  test("but a code that is a number of the case does not", () => {
    const one = fingerprint("It failed", { errorCode: "SO-1", identifiers: ["SO-1"] });
    expect(one).toBe(fingerprint("It failed", { errorCode: "SO-2", identifiers: ["SO-2"] }));
  });
});

describe("the form of a message is no cause", () => {
  test("a JSON body says its words, and a frame of a stack says none", () => {
    expect(wordsOf('{"error":{"code":"E_STOCK","message":"No stock for SKU-12","traceId":"ab12"}}')).toBe(
      "code E_STOCK; No stock for #",
    );
    expect(wordsOf("Boom for 12\n\tat com.acme.A.b(A.java:12)\n\tat com.acme.C.d(C.java:99)\nCaused by: Bang")).toBe(
      "Boom for # Caused by: Bang",
    );
  });

  test("a page of HTML says what stands on it", () => {
    expect(wordsOf("<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>")).toBe("502 Bad Gateway nginx");
  });

  test("no message has a cause that names its code, or says that there is none", () => {
    const named = (errorCode: string) =>
      fingerprintOf({ interface: "i", class: "value", errorCode, message: " ", identifiers: [] }).cause;
    expect(named("E7")).toBe("E7, without a message");
    expect(named("")).toBe("No message");
  });
});

describe("any message", () => {
  test("has at most 500 characters of words, well-formed, and the same ones each time", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 3_000 }),
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
        (message, identifiers) => {
          const words = wordsOf(message, identifiers);
          expect(words.length).toBeLessThanOrEqual(501);
          expect(words.isWellFormed()).toBe(true);
          expect(wordsOf(message, identifiers)).toBe(words);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("has the same words for any two numbers of an order", () => {
    const number = fc
      .stringMatching(/^[A-Z]{0,3}-?\d{4,10}$/)
      .filter((text) => !/^(?:ORA|TNS|PLS|KUP|OGG|JBO|FRM|LPX|BEA|OSB|SP|ERR)-?\d/.test(text));
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(wordsOf(`Order ${one} is not known to the warehouse`)).toBe(
          wordsOf(`Order ${other} is not known to the warehouse`),
        );
      }),
    );
  });

  // A pattern that backtracks would keep these busy for minutes, longer than a test may take.
  test.each([
    ["digits", "1".repeat(65_536)],
    ["digits and points", "1.".repeat(32_768)],
    ["colons", "1:".repeat(32_768)],
    ["open quotes", `"a' `.repeat(16_384)],
    ["open tags", "<a ".repeat(21_845)],
    ["open braces", '{"a":['.repeat(10_922)],
    ["blanks", `a${" ".repeat(65_000)}b`],
    ["a word without end", "a".repeat(65_536)],
    ["hyphens", "A-".repeat(32_768)],
    ["frames of a stack", "x\n\tat a.b.C(D.java:1)".repeat(3_000)],
    ["addresses", "a@".repeat(32_768)],
    ["user names", "user ".repeat(13_000)],
    ["months", "Jan 1 ".repeat(10_000)],
    ["a query", `http://a/?${"a=1&".repeat(16_000)}`],
  ])("of 64 KB of %s is read in time", (_, message) => {
    expect(wordsOf(message, ["1", "a-b"]).length).toBeLessThanOrEqual(501);
  });
});
