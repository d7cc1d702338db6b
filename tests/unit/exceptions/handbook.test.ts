import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EXCEPTION_CLASSES, EXCEPTION_KINDS, EXCEPTION_STATES, RESOLUTIONS } from "@/lib/domain/exceptions/exception";
import { interfaceText, REPLAY_SAFETIES } from "@/lib/domain/interface";
import { SKIP_REASONS } from "@/lib/domain/replay/job";
import { REAL_MESSAGES } from "./real-messages";

const handbook = readFileSync("docs/exceptions.md", "utf8");

/** Every name of a field, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (schema === null || typeof schema !== "object") return [];
  const { properties, ...rest } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties ?? {}), ...fieldsOf(Object.values({ ...rest, ...properties }))];
}

/** What the first column of the table under a heading names. */
function rowsUnder(heading: string): string[] {
  const section = handbook.split(/^#{2,3} /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name ?? "");
}

describe("docs/exceptions.md", () => {
  it("names every field of an interface", () => {
    const fields = new Set(fieldsOf(z.toJSONSchema(interfaceText, { io: "input", unrepresentable: "any" })));
    expect(fields.size).toBeGreaterThan(40);
    expect([...fields].filter((field) => !handbook.includes(`\`${field}\``))).toEqual([]);
  });

  it.each([
    ["What is an exception", EXCEPTION_KINDS],
    ["Classes", EXCEPTION_CLASSES],
    ["States", EXCEPTION_STATES],
    ["Safety", REPLAY_SAFETIES],
  ] as const)("has a row for each under %s, and for nothing else", (heading, names) => {
    expect(rowsUnder(heading).sort()).toEqual([...names].sort());
  });

  it("says why an exception may be left out of a replay, and how one is resolved", () => {
    expect([...SKIP_REASONS, ...RESOLUTIONS].filter((name) => !handbook.includes(`\`${name}\``))).toEqual([]);
  });

  it("counts the real messages rightly", () => {
    expect(handbook).toContain(`${REAL_MESSAGES.length} messages of real systems`);
  });

  it("points to files that are there", () => {
    const links = [...handbook.matchAll(/\]\((\.\.\/[^)#]+)/g)].map(([, path]) => path?.slice(3) ?? "");
    expect(links.length).toBeGreaterThan(8);
    for (const path of links) expect(() => readFileSync(path), path).not.toThrow();
  });
});
