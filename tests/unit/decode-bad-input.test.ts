import { describe, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { type Decoded, isUnreadable, type Undecodable } from "@/ingest/decode/decoded";
import { type BadInputCase, goodEvent } from "@/tests/bad-input/case";
import { BAD_INPUT_CASES } from "@/tests/bad-input/cases";

const STATUS_OF_KIND = { syntax: 400, "too-many": 413, unsupported: 415 } as const;

const isDead = (decoded: Decoded): decoded is Undecodable => !decoded.ok;

function decodeCase({ body, contentType, headers = {} }: BadInputCase) {
  const bytes = typeof body === "function" ? body() : body;
  return decodeBody(bytes, { source: null, contentType, headers, maxItems: 10_000 });
}

describe("bad input", () => {
  it("is a corpus of at least 220 cases, each with a name of its own", () => {
    expect(BAD_INPUT_CASES.length).toBeGreaterThanOrEqual(220);
    expect(new Set(BAD_INPUT_CASES.map(({ name }) => name)).size).toBe(BAD_INPUT_CASES.length);
  });

  it("has a good event that is good", () => {
    const decoded = decodeBody(Buffer.from(JSON.stringify(goodEvent())), {
      source: null,
      contentType: "application/cloudevents+json",
      headers: {},
    });
    expect(decoded).toMatchObject([{ ok: true }]);
  });

  const judged = BAD_INPUT_CASES.filter(({ intakeOnly }) => !intakeOnly);
  it.each(judged)("$name", (badCase) => {
    const result = decodeCase(badCase);
    const { expect: wanted } = badCase;
    if (wanted === "accepted") {
      expect(result).toMatchObject([{ ok: true }]);
      return;
    }
    if (wanted.status !== "dead-letter") {
      expect(isUnreadable(result) && STATUS_OF_KIND[result.unreadable.kind]).toBeOneOf([...wanted.status]);
      return;
    }
    expect(isUnreadable(result)).toBe(false);
    if (isUnreadable(result)) return;
    const dead = result.filter(isDead);
    expect(dead).toHaveLength(1);
    expect(dead[0]?.path).toMatch(wanted.path ?? /^/);
    expect(dead[0]?.reason.length).toBeGreaterThan(10);
    expect(result.length - dead.length).toBe(badCase.neighbours ?? 0);
  });

  it("changes no prototype", () => {
    for (const badCase of judged.filter(({ name }) => name.includes("__proto__") || name.includes("constructor"))) {
      decodeCase(badCase);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("is never quoted in a reason", () => {
    const secret = "s3cret-value";
    for (const path of ["id", "time", "type", "specversion", "source"]) {
      const body = Buffer.from(JSON.stringify({ ...goodEvent(), source: 5, [path]: `${secret}\u0000` }));
      const result = decodeBody(body, { source: "oms", contentType: "application/json", headers: {} });
      const reasons = isUnreadable(result) ? [] : result.filter(isDead).map(({ reason }) => reason);
      expect(reasons).toHaveLength(1);
      expect(reasons.join()).not.toContain(secret);
    }
  });
});
