import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PublishOutcome, publishFile, publishRule, readRuleVersions } from "@/lib/queries/handoff-rules";
import { type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { handoffRow } from "./handoff-rows";

type Route = (request: Request) => Promise<Response> | Response;

let app: AppUnderTest;
let finance: Record<string, string>;
let list: Route;
let publish: Route;
let check: Route;
let versions: Route;
let withdraw: Route;
let tryOut: Route;
let audit: Route;

beforeAll(async () => {
  app = await startAppUnderTest();
  finance = await app.person("finance", "Fin Ance");
  ({ GET: list, POST: publish } = await import("@/app/api/v1/handoff-rules/route"));
  check = (await import("@/app/api/v1/handoff-rules/check/route")).POST;
  versions = (await import("@/app/api/v1/handoff-rules/[rule]/versions/route")).GET;
  withdraw = (await import("@/app/api/v1/handoff-rules/[rule]/withdraw/route")).POST;
  tryOut = (await import("@/app/api/v1/handoff-rules/back-test/route")).POST;
  audit = (await import("@/app/api/v1/audit/route")).GET;
});
afterAll(() => app?.stop());

const BASE = "/api/v1/handoff-rules";
const yamlOf = (id: string, rest = "") => `id: ${id}
name: Shipment → goods issue
when: { source: wms, type: shipment.confirmed }
expect: { source: erp, type: goods_issue.posted, within: PT30M }
on: shipment
owner: finance-operations
${rest}`;

const send = (id: string, baseVersion: number, rest = "", headers = finance) =>
  app.call(publish, BASE, { headers, body: { definition: yamlOf(id, rest), baseVersion, note: "for the test" } });
const checked = async (definition: string) =>
  (await app.call(check, `${BASE}/check`, { headers: finance, body: { definition } })).body;
const listed = async (id: string) => {
  const { body } = await app.call(list, BASE, { headers: finance });
  return (body.items as { rule: string }[]).find(({ rule }) => rule === id);
};

describe("publishing a rule", () => {
  it("makes the next version, says by whom and why, and is audited", async () => {
    expect((await send("first", 0)).body).toEqual({ rule: "first", version: 1 });
    expect((await send("first", 1, "severity: finance")).body).toEqual({ rule: "first", version: 2 });
    const { body } = await app.call(versions, `${BASE}/first/versions`, { headers: finance });
    expect(body.items).toMatchObject([
      {
        version: 2,
        publishedBy: "Fin Ance",
        origin: "workbench",
        note: "for the test",
        definition: { severity: "finance" },
      },
      { version: 1, definition: { id: "first", on: "shipment" } },
    ]);
    const log = await app.call(audit, "/api/v1/audit?action=rule.published&target=first", {
      headers: await app.person("admin"),
    });
    expect(log.body.items).toMatchObject([{ details: { version: 2 } }, { details: { version: 1 } }]);
  });

  it("is refused with line and field when it does not fit, and publishes nothing", async () => {
    const answer = await send("second", 0, "severity: loud\ncolour: red\n");
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { line: 7, path: "severity", message: "must be one of finance, critical, high, operations, medium, low, info" },
      { line: 8, path: "colour", message: "is not a field here" },
    ]);
    expect(answer.body.detail).toContain("line 7: severity");
    expect(await readRuleVersions(app.store, "second")).toEqual([]);
  });

  it("is refused when another version was published since the one that was edited", async () => {
    await send("third", 0);
    await send("third", 1, "severity: finance");
    const answer = await send("third", 1, "severity: info");
    expect([answer.status, String(answer.body.detail)]).toEqual([409, expect.stringContaining("Version 2 of third")]);
    expect((await send("nobody", 3)).status).toBe(409);
    expect((await send("third", 2, "severity: finance")).body.detail).toContain("nothing to publish");
  });

  it("by several at once makes one version, and the others are told", async () => {
    const people = await Promise.all(["A", "B", "C", "D"].map((name) => app.person("finance", name)));
    const answers = await Promise.all(
      people.map((headers, n) => send("contested", 0, `description: by ${n}`, headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    const [version, ...others] = await readRuleVersions(app.store, "contested");
    expect([version?.version, others]).toEqual([1, []]);
    const winner = answers.findIndex(({ status }) => status === 202);
    expect(version?.definition.description).toBe(`by ${winner}`);
  });

  it("needs the right: finance and admin have it, operations and tokens have not", async () => {
    for (const headers of [await app.person("operations"), await app.token("act")])
      expect((await send("forbidden", 0, "", headers)).status).toBe(403);
    expect((await send("by-admin", 0, "", await app.person("admin"))).status).toBe(202);
    const read = await app.call(list, BASE, { headers: await app.person("operations") });
    expect(read.status).toBe(200);
    expect((await app.call(list, BASE, { headers: await app.person("customer-service") })).status).toBe(403);
  });
});

describe("withdrawing a rule", () => {
  it("is a version of its own, and a later version brings the rule back", async () => {
    await send("passing", 0);
    const path = `${BASE}/passing/withdraw`;
    const body = { baseVersion: 1, note: "no longer needed" };
    expect((await app.call(withdraw, path, { headers: finance, body })).body).toEqual({ rule: "passing", version: 2 });
    expect(await listed("passing")).toMatchObject({ version: 2, withdrawn: true, standing: "withdrawn" });
    const again = await app.call(withdraw, path, { headers: finance, body: { ...body, baseVersion: 2 } });
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining("withdrawn already")]);
    expect((await send("passing", 2)).body).toEqual({ rule: "passing", version: 3 });
    expect(await listed("passing")).toMatchObject({ version: 3, withdrawn: false, standing: "in-force" });
    const unknown = await app.call(withdraw, `${BASE}/unheard-of/withdraw`, { headers: finance, body });
    expect(unknown.status).toBe(404);
  });
});

describe("the list of rules", () => {
  it("counts open breaks and says nothing of a file that fits", async () => {
    await send("counted", 0);
    await app.store.insert("handoffs", [
      handoffRow("L1", { rule: "counted" }),
      handoffRow("L2", { rule: "counted" }),
      handoffRow("M", { rule: "counted", state: "matched", state_when_due: "matched" }),
    ]);
    expect(await listed("counted")).toMatchObject({ openBreaks: 2, version: 1 });
    await send("counted", 1, "enabled: false");
    expect(await listed("counted")).toMatchObject({ standing: "switched-off", version: 2 });
    expect((await app.call(list, BASE, { headers: finance })).body.fileFault).toBeNull();
  });
});

describe("checking a rule", () => {
  it("takes YAML and JSON, and knows the newest version of it", async () => {
    await send("known", 0);
    expect(await checked(yamlOf("known"))).toEqual({
      fits: true,
      problems: [],
      warnings: [],
      rule: "known",
      version: 1,
    });
    const json = {
      id: "j",
      name: "J",
      when: { type: "a" },
      expect: { type: "b", within: "PT1H" },
      on: "order",
      owner: "o",
    };
    expect(await checked(JSON.stringify(json, null, 2))).toMatchObject({ fits: true, rule: "j", version: 0 });
  });

  it.each([
    ["a missing field", "id: x\nname: X\n", 1, "when"],
    ["a wrong value deep inside", yamlOf("x").replace("PT30M", "soon"), 4, "expect.within"],
    ["a field nobody knows", yamlOf("x", "compares: [amount]"), 7, "compares"],
    [
      "one of several forms",
      yamlOf("x", "compare:\n  - amount\n  - measure: amount\n    tolerance: { absolut: '1' }"),
      10,
      "compare.1.tolerance.absolut",
    ],
    ["a key twice", yamlOf("x", "on: order"), 7, ""],
    ["a tab", yamlOf("x", "unless:\n\t- a"), 8, ""],
    ["an alias to nothing", yamlOf("x", "unless: *gone"), 7, ""],
    ["nothing at all", "", 1, ""],
    ["nesting without end", "[".repeat(20_000), 1, ""],
  ])("names the line of %s", async (_what, text, line, path) => {
    const { fits, problems } = await checked(text);
    expect(fits).toBe(false);
    expect(problems).toContainEqual(expect.objectContaining({ line, path }));
  });

  it("warns of what fits and finds nothing", async () => {
    const text = yamlOf("x").replace("on: shipment", "on: parcel").replace("source: erp", "source: navision");
    const { fits, warnings } = await checked(text);
    expect([fits, (warnings as { path: string }[]).map(({ path }) => path)]).toEqual([true, ["on", "expect.source"]]);
    for (const text of readFileSync("config/handoffs.yaml", "utf8")
      .split(/^ {2}- /m)
      .slice(1)) {
      const { rule, ...answer } = await checked(text.replace(/^ {4}/gm, ""));
      expect([rule, answer.fits, answer.warnings]).toEqual([rule, true, []]);
    }
  });
});

describe("a back-test over the API", () => {
  const body = { definition: yamlOf("tried") };

  it("answers line by line: progress, then the result", async () => {
    const answer = await app.call(tryOut, `${BASE}/back-test`, { headers: finance, body });
    expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
    const lines = String(answer.body.text)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { line: string });
    expect(lines[0]).toEqual({ line: "progress", read: 0, events: 0, keys: 0 });
    expect(lines.at(-1)).toMatchObject({ line: "result", result: { rule: "tried", keys: 0, isCut: false } });
  });

  it("refuses a text that is no rule, and a period that ends before it begins", async () => {
    const wrong = await app.call(tryOut, `${BASE}/back-test`, { headers: finance, body: { definition: "id: X" } });
    expect([wrong.status, wrong.errorPaths]).toEqual([400, ["id", "when", "expect", "on", "owner"]]);
    const times = { from: "2026-12-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
    const turned = await app.call(tryOut, `${BASE}/back-test`, { headers: finance, body: { ...body, ...times } });
    expect([turned.status, turned.errorPaths]).toEqual([400, ["from"]]);
  });
});

describe("a file of rules", () => {
  const definition = (id: string, name: string) => ({
    id,
    name,
    when: { type: "a" },
    expect: { type: "b", within: "PT1H" },
    on: "order",
    owner: "o",
  });
  const file = (...names: string[]) =>
    publishFile(
      app.store,
      names.map((name) => definition(name.split(" ")[0] ?? "", name)),
      { at: new Date().toISOString(), by: "config/handoffs.yaml" },
    );
  const newest = async (id: string) => (await readRuleVersions(app.store, id))[0];

  it("publishes what it says anew and withdraws what it no longer says; read again it publishes nothing", async () => {
    expect(await file("file-a 1", "file-b 1")).toEqual(["file-a", "file-b"]);
    expect(await file("file-a 1", "file-b 1")).toEqual([]);
    expect(await file("file-a 2")).toEqual(["file-a", "file-b"]);
    expect([(await newest("file-a"))?.version, (await newest("file-b"))?.withdrawn]).toEqual([2, true]);
    await file();
  });

  it("leaves what the workbench published until it says something new of that rule", async () => {
    await file("file-c 1");
    const publication = { origin: "workbench", by: "Fin", note: "", at: new Date().toISOString() } as const;
    await publishRule(app.store, { ...publication, definition: definition("file-c", "mine") }, 1);
    expect(await file("file-c 1")).toEqual([]);
    expect((await newest("file-c"))?.definition.name).toBe("mine");
    expect(await file("file-c 2")).toEqual(["file-c"]);
    expect(await newest("file-c")).toMatchObject({ version: 3, origin: "file" });
    await file();
  });

  it("read by several workers at once is published once", async () => {
    await Promise.all([1, 2, 3, 4].map(() => file("file-d 1", "file-e 1")));
    for (const id of ["file-d", "file-e"]) expect(await readRuleVersions(app.store, id)).toHaveLength(1);
    await file();
  });

  it("and a person at once make two versions, in one order or the other", async () => {
    const publication = { origin: "workbench", by: "Fin", note: "", at: new Date().toISOString() } as const;
    const mine = publishRule(app.store, { ...publication, definition: definition("file-f", "mine") }, 0);
    const [outcome] = await Promise.all([mine, file("file-f 1")]);
    const all = await readRuleVersions(app.store, "file-f");
    const expected: Record<PublishOutcome["state"], string[]> = {
      published: ["file", "workbench"],
      overtaken: ["file"],
    };
    expect(all.map(({ origin }) => origin)).toEqual(expected[outcome.state]);
  });
});
