import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
let folder: string;

beforeAll(() => {
  // A tree of its own with the project's rules: what is linted is not part of the project.
  folder = mkdtempSync(join(tmpdir(), "throughline-lint-"));
  symlinkSync(join(repository, "biome.json"), join(folder, "biome.json"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(path: string, imported: string): { passed: boolean; output: string } {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `import { thing } from "${imported}";\n\nconsole.log(thing);\n`);
  const run = spawnSync(
    join(repository, "node_modules/.bin/biome"),
    ["lint", "--vcs-enabled=false", "--only=style/noRestrictedImports", path],
    { cwd: folder, encoding: "utf8", timeout: 30_000 },
  );
  rmSync(file);
  return { passed: run.status === 0, output: run.stdout + run.stderr };
}

describe("the import direction of the house", () => {
  it.each([
    ["app/page.tsx", "@/ingest/main"],
    ["app/(dashboard)/orders/page.tsx", "../../../ingest/store"],
    ["components/ui/table.tsx", "@/lib/queries/journey"],
    ["components/ui/table.tsx", "@/app/page"],
    ["lib/queries/journey.ts", "@/ingest/project/journeys"],
    ["lib/queries/journey.ts", "@/components/ui/table"],
    ["lib/domain/event.ts", "@/lib/queries/journey"],
    ["lib/domain/event.ts", "../config/objects"],
    ["ingest/main.ts", "@/app/page"],
    ["ingest/decode/decode.ts", "@/ingest/correlate/correlate"],
    ["ingest/decode/decode.ts", "../store"],
    ["ingest/correlate/correlate.ts", "@/ingest/project/journeys"],
    ["ingest/correlate/correlate.ts", "@/ingest/intake/http"],
    ["sandbox/main.ts", "@/ingest/store"],
  ])("forbids %s to import %s", (path, imported) => {
    const { passed, output } = lint(path, imported);
    expect(output).toContain("noRestrictedImports");
    expect(passed).toBe(false);
  });

  it.each([
    ["app/page.tsx", "@/lib/queries/journey"],
    ["ingest/main.ts", "@/lib/queries/journey"],
    ["ingest/project/journeys.ts", "@/ingest/correlate/correlated-event"],
    ["components/ui/table.tsx", "@/lib/domain/journey"],
    ["lib/queries/journey.ts", "@/lib/domain/journey"],
    ["lib/domain/stage.ts", "./journey"],
    ["lib/domain/stage.ts", "@/lib/domain/journey"],
  ])("allows %s to import %s", (path, imported) => {
    expect(lint(path, imported)).toMatchObject({ passed: true });
  });
});
