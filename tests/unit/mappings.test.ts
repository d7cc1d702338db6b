import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadMappings } from "@/lib/config/mappings";

let configDir: string;

beforeEach(() => {
  configDir = mkdtempSync(join(tmpdir(), "mappings-"));
  mkdirSync(join(configDir, "mappings"));
});
afterEach(() => rmSync(configDir, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(configDir, "mappings", name), text);
const GOOD = "format: jsonl\nevents:\n  - type: =t\n    time: at\n    objects: []\n";

describe("mapping files", () => {
  it("that ship are all in order", () => {
    const { mappings, faults } = loadMappings("config");
    expect(faults).toEqual([]);
    expect(mappings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["ocel2", "otlp", "shipments-csv", "shopify"]),
    );
  });

  it("that do not fit are told by file, line and field, and the others stay in force", () => {
    write("good.yaml", GOOD);
    write("bad.yaml", GOOD.replace("time: at", "tim: at"));
    const { mappings, faults } = loadMappings(configDir);
    expect(mappings.map(({ name }) => name)).toEqual(["good"]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/bad\.yaml:3: events\.0\b/);
  });

  it.each([
    ["an unknown format", "format: pdf\n", /bad\.yaml:1: format/],
    ["a zone that is none", `zone: Mars/Base\n${GOOD}`, /bad\.yaml:1: zone/],
    ["a lookup that is not there", GOOD.replace("=t", "{ path: a, lookup: nowhere }"), /lookups: .*"nowhere"/],
    ["two ways to a value", GOOD.replace("=t", "{ path: a, const: b }"), /bad\.yaml:3: events\.0\.type/],
    ["no YAML", "format: [", /bad\.yaml:\d+: /],
    ["an empty file", "", /bad\.yaml/],
  ])("with %s are refused", (_, text, message) => {
    write("bad.yaml", text);
    const { mappings, faults } = loadMappings(configDir);
    expect(mappings).toEqual([]);
    expect(faults.join()).toMatch(message);
  });

  it("may be none", () => {
    expect(loadMappings(join(configDir, "nowhere"))).toEqual({ mappings: [], faults: [] });
  });
});
