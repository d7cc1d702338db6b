import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadHandoffRules } from "@/lib/config/handoffs";
import { financeFile } from "@/lib/domain/handoffs/finance";
import { handoffRule } from "@/lib/domain/handoffs/rule";

const handbook = readFileSync("docs/handoffs.md", "utf8");

/** Every name of a field, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (schema === null || typeof schema !== "object") return [];
  const { properties, ...rest } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties ?? {}), ...fieldsOf(Object.values({ ...rest, ...properties }))];
}

describe("docs/handoffs.md", () => {
  it("works through every rule that ships, and no other", () => {
    const sections = [...handbook.matchAll(/^### `([a-z-]+)`: (.+)$/gm)].map(([, id, name]) => [id, name]);
    expect(sections).toEqual(loadHandoffRules("config").map(({ id, name }) => [id, name]));
  });

  it.each([
    ["a rule", handoffRule],
    ["finance.yaml", financeFile],
  ])("names every field of %s", (_what, schema) => {
    const fields = new Set(fieldsOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })));
    expect(fields.size).toBeGreaterThan(10);
    const missing = [...fields].filter((field) => !handbook.includes(`\`${field}\``));
    expect(missing).toEqual([]);
  });
});
