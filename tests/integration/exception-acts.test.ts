import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAudit } from "@/lib/queries/audit";
import { readException } from "@/lib/queries/exception-detail";
import { type Answer, type AppUnderTest, type SentAct, startAppUnderTest } from "./app-under-test";
import { exceptionRow } from "./exception-rows";

type Route = (request: Request) => Promise<Response> | Response;
let app: AppUnderTest;
let actOne: Route;
let actMany: Route;
let views: { GET: Route; POST: Route };
let deleteView: Route;

beforeAll(async () => {
  app = await startAppUnderTest();
  actOne = (await import("@/app/api/v1/exceptions/[id]/actions/route")).POST;
  actMany = (await import("@/app/api/v1/exceptions/actions/route")).POST;
  views = await import("@/app/api/v1/exception-views/route");
  deleteView = (await import("@/app/api/v1/exception-views/[id]/delete/route")).POST;
});
afterAll(() => app.stop());

const store = (...rows: object[]) => app.store.insert("exceptions", rows);
const lastSent = (): readonly SentAct[] => app.requests.at(-1) ?? [];
const NOW = new Date().toISOString();

async function say(id: string, body: object, headers?: Record<string, string>): Promise<Answer> {
  return app.call(actOne, `/api/v1/exceptions/${id}/actions`, {
    headers: headers ?? (await app.person("operations")),
    body,
  });
}

const actsOf = async (id: string) => (await readException(app.store, id, { now: NOW }))?.acts ?? [];

describe("an act on an exception", () => {
  it("is our own event about work, without objects, with who and why; it stands in the trail and in the audit log", async () => {
    await store(exceptionRow("a1"));
    const answer = await say("a1", { action: "resolve", reason: "posted by hand as 4900001" });
    expect(answer.status).toBe(202);
    const [sent] = lastSent();
    expect(answer.body).toMatchObject({
      events: [{ source: "throughline", id: sent?.id }],
      exceptions: 1,
      meanwhile: [],
    });
    expect(sent).toMatchObject({
      source: "throughline",
      type: "exception.resolved",
      data: {
        objects: [],
        links: [],
        attributes: {
          exceptions: ["a1"],
          act: { actor: "The operations", actorKind: "person", reason: "posted by hand as 4900001" },
        },
      },
    });
    expect(await actsOf("a1")).toMatchObject([
      { id: sent?.id, type: "exception.resolved", act: { reason: "posted by hand as 4900001" } },
    ]);
    const { items } = await listAudit(app.store, { action: "exception.resolved" }, { limit: 1, after: null });
    expect(items[0]).toMatchObject({ target: "exception a1", details: { acts: [sent?.id] } });
  });

  it("of every kind carries what it says", async () => {
    await store(exceptionRow("a2"));
    const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString();
    for (const [body, type, act] of [
      [{ action: "acknowledge" }, "exception.acknowledged", {}],
      [{ action: "assign", assignee: "Jane" }, "exception.assigned", { assignee: "Jane" }],
      [{ action: "unassign" }, "exception.assigned", { assignee: "" }],
      [{ action: "due", dueAt: inAWeek }, "exception.due_set", { dueAt: inAWeek }],
      [{ action: "due", dueAt: null }, "exception.due_set", { dueAt: "" }],
      [{ action: "comment", comment: "asked the ERP team" }, "exception.commented", { reason: "asked the ERP team" }],
      [{ action: "tag", tags: ["vip"], untag: ["old"] }, "exception.tagged", { tags: ["vip"], untag: ["old"] }],
      [{ action: "ignore", reason: "known outage", until: inAWeek }, "exception.ignored", { until: inAWeek }],
      [{ action: "reopen" }, "exception.reopened", {}],
    ] as const) {
      const answer = await say("a2", body);
      expect([type, answer.status]).toEqual([type, 202]);
      expect(lastSent()[0]).toMatchObject({ type, data: { attributes: { act } } });
      if (type === "exception.ignored") expect(answer.body.silences).toContain(inAWeek);
    }
    expect(await actsOf("a2")).toHaveLength(9);
  });

  it("is refused with the field that does not fit, and nothing is sent", async () => {
    await store(exceptionRow("a3"));
    const before = app.requests.length;
    const inTwoYears = new Date(Date.now() + 2 * 366 * 86_400_000).toISOString();
    for (const [body, path] of [
      [{ action: "assign", assignee: "  " }, "assignee"],
      [{ action: "resolve", reason: "" }, "reason"],
      [{ action: "ignore" }, "reason"],
      [{ action: "ignore", reason: "for now", until: "2020-01-01T00:00:00Z" }, "until"],
      [{ action: "ignore", reason: "for now", until: inTwoYears }, "until"],
      [{ action: "ignore", reason: "for now", until: "tomorrow" }, "until"],
      [{ action: "due", dueAt: inTwoYears }, "dueAt"],
      [{ action: "comment", comment: "x".repeat(4001) }, "comment"],
      [{ action: "tag", tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, "tags"],
      [{ action: "tag", tags: ["x".repeat(65)] }, "tags.0"],
      [{ action: "tag" }, "tags"],
      [{ action: "verify" }, "action"],
    ] as const) {
      const { status, errorPaths } = await say("a3", body);
      expect([body, status, errorPaths]).toEqual([body, 400, [path]]);
    }
    expect((await say("nope", { action: "acknowledge" })).status).toBe(404);
    expect(app.requests.length).toBe(before);
  });

  it("needs its right", async () => {
    await store(exceptionRow("a4"));
    for (const role of ["customer-service", "executive"] as const)
      expect((await say("a4", { action: "acknowledge" }, await app.person(role))).status).toBe(403);
    expect((await say("a4", { action: "acknowledge" }, await app.token("read"))).status).toBe(403);
    expect((await say("a4", { action: "acknowledge" }, await app.token("act"))).status).toBe(202);
    expect((await say("a4", { action: "acknowledge" }, await app.person("finance"))).status).toBe(202);
  });

  it("that the worker does not take is an error, not a success", async () => {
    await store(exceptionRow("a5"));
    app.intakeStatus = 503;
    expect((await say("a5", { action: "acknowledge" })).status).toBe(503);
    app.intakeStatus = 401;
    expect((await say("a5", { action: "acknowledge" })).status).toBe(502);
    app.intakeStatus = null;
    expect(await actsOf("a5")).toEqual([]);
  });
});

describe("two people at one exception", () => {
  it("are both heard, and the second sees what the first did", async () => {
    await store(exceptionRow("b1"));
    const ann = await app.person("operations", "Ann");
    const ben = await app.person("operations", "Ben");
    const first = await say("b1", { action: "assign", assignee: "Ann", acts: 0 }, ann);
    const second = await say("b1", { action: "resolve", reason: "done by phone", acts: 0 }, ben);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body.meanwhile).toEqual([]);
    expect(second.body.meanwhile).toMatchObject([
      { type: "exception.assigned", act: { actor: "Ann", assignee: "Ann" } },
    ]);
    expect((await actsOf("b1")).map(({ type }) => type)).toEqual(["exception.assigned", "exception.resolved"]);
    const informed = await say("b1", { action: "comment", comment: "seen", acts: 2 }, ann);
    expect(informed.body.meanwhile).toEqual([]);
  });

  it("at the very same time are both kept, and at least one of them is told of the other", async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = `b2-${round}`;
      await store(exceptionRow(id));
      const answers = await Promise.all(
        ["Ann", "Ben"].map(async (name) =>
          say(id, { action: "comment", comment: `by ${name}`, acts: 0 }, await app.person("operations", name)),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect((await actsOf(id)).map(({ act }) => act.reason).sort()).toEqual(["by Ann", "by Ben"]);
      const told = answers.map(({ body }) =>
        (body.meanwhile as { act: { actor: string } }[]).map(({ act }) => act.actor),
      );
      expect(told.flat().length).toBeGreaterThanOrEqual(1);
      expect(told[0]).not.toContain("Ann");
      expect(told[1]).not.toContain("Ben");
    }
  });
});

describe("an act on many exceptions", () => {
  const many = async (body: object) =>
    app.call(actMany, "/api/v1/exceptions/actions", { headers: await app.person("operations"), body });

  it("is about these, or about all that match as they stand; the answer says how many", async () => {
    await store(
      ...Array.from({ length: 1_203 }, (_, index) => exceptionRow(`m-${index}`, { fingerprint: "fp-many" })),
      exceptionRow("m-closed", { fingerprint: "fp-many", state: "resolved" }),
    );
    const act = { action: "acknowledge" };
    const these = await many({ exceptionIds: ["m-1", "m-2", "m-2", "nope"], act });
    expect(these.body).toMatchObject({ exceptions: 2, matching: 2 });
    const all = await many({ filter: { group: "fp-many", tab: "open" }, act });
    expect([all.status, all.body.exceptions, all.body.matching]).toEqual([202, 1_203, 1_203]);
    const named = lastSent().map(({ data }) => data.attributes.exceptions as string[]);
    expect(named.map((ids) => ids.length)).toEqual([1_000, 203]);
    expect(new Set(named.flat()).size).toBe(1_203);
    expect(named.flat()).not.toContain("m-closed");
    expect(await actsOf("m-1202")).toHaveLength(1);
  });

  it("names either these or a filter", async () => {
    const act = { action: "acknowledge" };
    expect((await many({ act })).status).toBe(400);
    expect((await many({ exceptionIds: ["m-1"], filter: {}, act })).status).toBe(400);
    expect((await many({ filter: { stat: "open" }, act })).status).toBe(400);
    expect((await many({ filter: { group: "no-such-group" }, act })).status).toBe(404);
  });
});

describe("a saved view", () => {
  it("is there for everybody, by name, until it is taken away", async () => {
    const headers = await app.person("operations");
    const path = "/api/v1/exception-views";
    const save = (name: string) =>
      app.call(views.POST, path, { headers, body: { name, query: "tab=open&class=business" } });
    const saved = await save("Month end");
    await save("After hours");
    const seen = await app.call(views.GET, path, { headers: await app.person("customer-service") });
    expect((seen.body.items as { name: string }[]).map(({ name }) => name)).toEqual(["After hours", "Month end"]);
    const { id } = saved.body as { id: string };
    const gone = await app.call(deleteView, `${path}/${id}/delete`, { headers, body: {} });
    expect((gone.body.items as { name: string }[]).map(({ name }) => name)).toEqual(["After hours"]);
    expect((await app.call(deleteView, `${path}/${id}/delete`, { headers, body: {} })).status).toBe(404);
  });
});
