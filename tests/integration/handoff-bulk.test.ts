import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { listAudit } from "@/lib/queries/audit";
import { readStandingAcceptances } from "@/lib/queries/standing-acceptances";
import { type Answer, type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { handoffGroup, handoffRow, resolved, shipment } from "./handoff-rows";

let app: AppUnderTest;
type Route = (request: Request) => Promise<Response> | Response;
let routes: Record<
  "plan" | "execute" | "accept" | "list" | "preview" | "withdraw" | "attach" | "download" | "act",
  Route
>;

beforeAll(async () => {
  app = await startAppUnderTest();
  const acceptances = await import("@/app/api/v1/standing-acceptances/route");
  routes = {
    plan: (await import("@/app/api/v1/handoffs/bulk-plans/route")).POST,
    execute: (await import("@/app/api/v1/handoffs/bulk-plans/[id]/execute/route")).POST,
    accept: acceptances.POST,
    list: acceptances.GET,
    preview: (await import("@/app/api/v1/standing-acceptances/preview/route")).POST,
    withdraw: (await import("@/app/api/v1/standing-acceptances/[id]/withdraw/route")).POST,
    attach: (await import("@/app/api/v1/attachments/route")).POST,
    download: (await import("@/app/api/v1/attachments/[id]/route")).GET,
    act: (await import("@/app/api/v1/handoffs/[rule]/[keyType]/[keyId]/actions/route")).POST,
  };
});
afterAll(() => app.stop());

const store = (rows: readonly object[]) => app.store.insert("handoffs", rows);
const finance = () => app.person("finance");

async function post(route: Route, path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> {
  return app.call(route, `/api/v1${path}`, { headers: headers ?? (await finance()), body });
}
const plan = (body: object, headers?: Record<string, string>) =>
  post(routes.plan, "/handoffs/bulk-plans", { action: "accept", reason: "month end", ...body }, headers);
const execute = (id: unknown, headers?: Record<string, string>) =>
  post(routes.execute, `/handoffs/bulk-plans/${id}/execute`, {}, headers);
const named = (id: string) => ({ rule: "goods-issue", key: shipment(id) });

describe("one decision about many handoffs", () => {
  it("is planned, carried out as one batch with an act per group, and told per handoff", async () => {
    await store([
      handoffRow("B-1"),
      ...handoffGroup(["B-2", "B-3"]),
      handoffRow("B-4", { stake: "20000" }),
      handoffRow("B-5", resolved("accepted", "x")),
    ]);
    const before = app.requests.length;
    const planned = await plan({ keys: ["B-1", "B-2", "B-4", "B-5", "B-9"].map(named) });
    expect(planned.status).toBe(200);
    expect(planned.body).toMatchObject({ total: 5, willDecide: 2, stakes: [{ amount: "240", currency: "USD" }] });
    const skipped = planned.body.skipped as { key: { id: string }; reason: string }[];
    expect(skipped.map(({ key, reason }) => [key.id, reason]).sort()).toEqual([
      ["B-4", "needs-approval"],
      ["B-5", "decided"],
      ["B-9", "unknown"],
    ]);
    expect(app.requests.length).toBe(before);

    const carriedOut = await execute(planned.body.id);
    expect(carriedOut.body).toMatchObject({ done: 3, skipped: 3, failed: 0 });
    expect(app.requests.length).toBe(before + 1);
    const acts = app.requests.at(-1) ?? [];
    expect(acts.map(({ data }) => data.objects.map(({ id }) => id))).toEqual([["B-1"], ["B-2", "B-3"]]);
    expect(acts[0]?.data.attributes).toMatchObject({
      reason: "month end",
      approval: "not-required",
      actor: "The finance",
    });
    const { items } = await listAudit(app.store, { target: String(planned.body.id) }, { limit: 1, after: null });
    expect(items[0]).toMatchObject({ action: "handoff.accepted", details: { acts: 2, reason: "month end" } });
  });

  it("carried out twice, does each act once", async () => {
    await store([handoffRow("T-1"), handoffRow("T-2")]);
    const { body } = await plan({ keys: [named("T-1"), named("T-2")] });
    app.intakeStatus = 503;
    expect((await execute(body.id)).body).toMatchObject({ done: 0, failed: 2 });
    app.intakeStatus = null;
    expect((await execute(body.id)).body).toMatchObject({ done: 2, failed: 0 });
    const before = app.requests.length;
    await store([handoffRow("T-1", resolved("accepted", `${body.id}-0`))]);
    expect((await execute(body.id)).body).toMatchObject({ done: 2, skipped: 0, failed: 0 });
    expect(app.requests.length).toBe(before);
  });

  it("leaves out what has changed since it was planned", async () => {
    await store([handoffRow("S-1"), handoffRow("S-2"), handoffRow("S-3")]);
    const { body } = await plan({ keys: ["S-1", "S-2", "S-3"].map(named) });
    expect(body.willDecide).toBe(3);
    await store([
      handoffRow("S-2", { state: "matched", to_events: [{ source: "erp", id: "came-late" }] }),
      handoffRow("S-3", resolved("matched", "by somebody")),
    ]);
    const { results } = (await execute(body.id)).body as {
      results: { key: { id: string }; result: string; detail: string }[];
    };
    expect(results.map(({ key, result }) => [key.id, result])).toEqual([
      ["S-1", "done"],
      ["S-2", "skipped"],
      ["S-3", "skipped"],
    ]);
    expect(results[1]?.detail).toContain("changed");
  });

  it("of all that match is about those of now, frozen", async () => {
    await store([handoffRow("Q-1", { partner: "Contoso" }), handoffRow("Q-2", { partner: "Contoso" })]);
    const { body } = await plan({ filter: { partner: "Contoso", open: "true" } });
    expect(body).toMatchObject({ matching: 2, total: 2, willDecide: 2 });
    await store([handoffRow("Q-3", { partner: "Contoso" })]);
    expect((await execute(body.id)).body).toMatchObject({ done: 2 });
  });

  it("is about 5,000 at the most, and says how many match", async () => {
    await store(Array.from({ length: 5_003 }, (_, index) => handoffRow(`M-${index}`, { partner: "Many", stake: "1" })));
    const { body } = await plan({ filter: { partner: ["Many"] } });
    expect(body).toMatchObject({ matching: 5_003, total: 5_000, willDecide: 5_000, stakes: [{ amount: "5000" }] });
    app.intakeStatus = 503;
    const asked = app.requests.length;
    expect((await execute(body.id)).body).toMatchObject({ done: 0, failed: 5_000, skipped: 0 });
    expect(app.requests.length).toBe(asked + 1);
    app.intakeStatus = null;
    const before = app.requests.length;
    expect((await execute(body.id)).body).toMatchObject({ done: 5_000, failed: 0, skipped: 0 });
    expect(app.requests.slice(before).map((acts) => acts.length)).toEqual(Array(10).fill(500));
  });

  it("names what is wrong with the plan, and belongs to whoever made it", async () => {
    for (const [body, path] of [
      [{}, "keys"],
      [{ keys: [named("B-1")], filter: {} }, "keys"],
      [{ keys: [] }, "keys"],
      [{ filter: { stat: "late" } }, "filter"],
      [{ filter: { state: "never" } }, "filter.state.0"],
      [{ keys: [{ ...named("B-1"), evidence: "x" }] }, "keys.0.evidence"],
    ] as const) {
      const { status, errorPaths } = await plan(body);
      expect([body, status, errorPaths]).toEqual([body, 400, [path]]);
    }
    expect((await plan({ keys: [named("B-1")] }, await app.person("operations"))).status).toBe(403);
    await store([handoffRow("O-1")]);
    const { body } = await plan({ keys: [named("O-1")] });
    expect((await execute(body.id, await app.person("finance", "Another"))).status).toBe(409);
    expect((await execute("nope")).status).toBe(404);
  });
});

describe("accept always", () => {
  const draft = {
    rule: "carrier-pickup",
    states: ["late", "mismatched"],
    amountMax: "150.00",
    currency: "USD",
    expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    reason: "the carrier scans late",
  };

  beforeAll(async () => {
    const text = (id: string) =>
      JSON.stringify({
        id,
        name: id,
        when: { type: "shipment.confirmed" },
        expect: { type: "carrier.accepted", within: "P3D" },
        on: "shipment",
        owner: "transport",
      });
    const version = { published_at: "2026-11-01T00:00:00.000Z", published_by: "x", origin: "file", note: "" };
    await app.store.insert("handoff_rules", [
      { ...version, rule: "carrier-pickup", version: 1, withdrawn: 0, definition: text("carrier-pickup") },
      { ...version, rule: "gone", version: 1, withdrawn: 0, definition: text("gone") },
      { ...version, rule: "gone", version: 2, withdrawn: 1, definition: text("gone") },
    ]);
  });

  it("shows beforehand what is open and would be accepted: by state, amount of the group, place and partner", async () => {
    const row = (id: string, changes: object = {}) => handoffRow(id, { rule: "carrier-pickup", ...changes });
    await store([
      row("V-1"),
      row("V-2", { stake: "150.00" }),
      row("V-3", { stake: "150.01" }),
      row("V-4", { state: "orphan", due_at: null }),
      row("V-5", { due_at: "2999-01-01T00:00:00.000Z" }),
      row("V-6", resolved("accepted", "a")),
      row("V-7", { stake: "0", currency: "" }),
      row("V-8", { location: "DC-WEST", partner: "DHL" }),
      row("V-9", { currency: "XXX" }),
      ...handoffGroup(["V-10", "V-11"], { rule: "carrier-pickup", stake: "200" }),
    ]);
    const preview = async (changes: object = {}) =>
      (await post(routes.preview, "/standing-acceptances/preview", { ...draft, ...changes })).body;
    expect(await preview()).toEqual({ count: 4, stakes: [{ amount: "390", currency: "USD" }] });
    expect(await preview({ location: "DC-WEST", partner: "DHL" })).toMatchObject({ count: 1 });
    expect(await preview({ states: ["orphan"] })).toMatchObject({ count: 1 });
    expect(await preview({ amountMax: "200" })).toMatchObject({ count: 7 });
    expect(await preview({ rule: "nothing" })).toEqual({ count: 0, stakes: [] });
  });

  it("is made, listed, audited, and ends when it is withdrawn", async () => {
    const made = await post(routes.accept, "/standing-acceptances", draft);
    expect(made.status).toBe(202);
    expect(made.body).toMatchObject({ ...draft, createdBy: "The finance", withdrawnBy: "" });
    const listed = async () =>
      (await app.call(routes.list, "/api/v1/standing-acceptances", { headers: await finance() })).body;
    expect(await listed()).toEqual({ items: [made.body] });
    const path = `/standing-acceptances/${made.body.id}/withdraw`;
    expect((await post(routes.withdraw, path, { reason: "no more" }, await app.person("operations"))).status).toBe(403);
    const withdrawn = await post(routes.withdraw, path, { reason: "no more" });
    expect(withdrawn.body).toMatchObject({ id: made.body.id, withdrawnBy: "The finance" });
    expect(String(withdrawn.body.expiresAt) <= new Date().toISOString()).toBe(true);
    expect(await listed()).toEqual({ items: [withdrawn.body] });
    expect((await post(routes.withdraw, path, { reason: "again" })).body).toEqual(withdrawn.body);
    expect((await post(routes.withdraw, "/standing-acceptances/nope/withdraw", { reason: "no more" })).status).toBe(
      404,
    );
    // One made, one withdrawn: handoffs' own versions grow by it, and have no room for more than counts.
    expect((await readStandingAcceptances(app.store)).changes).toBe(2);
    const { items } = await listAudit(app.store, { action: "acceptance" }, { limit: 10, after: null });
    expect(items.map(({ action }) => action)).toEqual(["acceptance.withdrawn", "acceptance.created"]);
  });

  it("names each field that does not fit, and needs its own right, which no token has", async () => {
    for (const [changes, path] of [
      [{ rule: "no-rule" }, "rule"],
      [{ rule: "gone" }, "rule"],
      [{ states: [] }, "states"],
      [{ states: ["pending"] }, "states.0"],
      [{ amountMax: "-1" }, "amountMax"],
      [{ amountMax: "10000.01" }, "amountMax"],
      [{ currency: "usd" }, "currency"],
      [{ expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt"],
      [{ expiresAt: "2999-01-01T00:00:00Z" }, "expiresAt"],
      [{ expiresAt: undefined }, "expiresAt"],
      [{ reason: "" }, "reason"],
    ] as const) {
      const { status, errorPaths } = await post(routes.accept, "/standing-acceptances", { ...draft, ...changes });
      expect([changes, status, errorPaths]).toEqual([changes, 400, [path]]);
    }
    for (const headers of [await app.person("operations"), await app.token("act")])
      expect((await post(routes.accept, "/standing-acceptances", draft, headers)).status).toBe(403);
  });
});

describe("an attachment", () => {
  const pdf = Buffer.from("%PDF-1.7 a carrier's confirmation");
  const attach = async (content: Uint8Array, type: string, name: string, headers?: Record<string, string>) =>
    app.call(routes.attach, `/api/v1/attachments?name=${encodeURIComponent(name)}`, {
      headers: { ...(headers ?? (await finance())), "content-type": type },
      body: content,
    });

  it("is stored once by its content, named by an act, and comes back as a file that no browser shows", async () => {
    const added = await attach(pdf, "application/pdf", "../carrier <b>.pdf");
    expect(added.body).toMatchObject({ name: "carrier b.pdf", mediaType: "application/pdf", bytes: pdf.length });
    expect((await attach(pdf, "application/pdf", "other.pdf")).body).toEqual(added.body);
    const got = await app.call(routes.download, `/api/v1/attachments/${added.body.id}`, {
      headers: await app.person("operations"),
    });
    expect(got.status).toBe(200);
    expect(got.headers.get("content-disposition")).toMatch(/^attachment; /);
    expect(got.headers.get("x-content-type-options")).toBe("nosniff");
    expect(got.body.text).toBe(pdf.toString());
    await store([handoffRow("AT-1")]);
    const act = {
      action: "accept",
      reason: "see file",
      attachments: [added.body.id],
      evidence: evidenceHash([{ from: [{ source: "wms-east", id: "from-AT-1" }], to: [] }]),
    };
    expect((await post(routes.act, "/handoffs/goods-issue/shipment/AT-1/actions", act)).status).toBe(202);
    expect(app.requests.at(-1)?.[0]?.data.attributes.attachments).toEqual([added.body.id]);
  });

  it("is refused when it is too large, of another type, empty, or not what it says", async () => {
    const large = Buffer.concat([pdf, Buffer.alloc(5 * 1024 * 1024)]);
    expect((await attach(large, "application/pdf", "a.pdf")).status).toBe(413);
    expect((await attach(pdf, "text/html", "a.html")).status).toBe(415);
    expect((await attach(Buffer.from("<svg/>"), "image/png", "a.png")).status).toBe(415);
    expect((await attach(new Uint8Array(0), "text/plain", "a.txt")).status).toBe(415);
    expect((await attach(pdf, "application/pdf", "a.pdf", await app.person("operations"))).status).toBe(403);
    expect((await attach(pdf, "application/pdf", "")).errorPaths).toEqual(["name"]);
    for (const role of ["customer-service", "executive"] as const)
      expect(
        (await app.call(routes.download, "/api/v1/attachments/x", { headers: await app.person(role) })).status,
      ).toBe(403);
    expect((await app.call(routes.download, "/api/v1/attachments/nope", { headers: await finance() })).status).toBe(
      404,
    );
  });

  it("of the largest size is taken whole", async () => {
    const whole = Buffer.alloc(5 * 1024 * 1024, "x");
    const { body } = await attach(whole, "text/plain", "large.txt");
    const got = await app.call(routes.download, `/api/v1/attachments/${body.id}`, { headers: await finance() });
    expect(String(got.body.text).length).toBe(whole.length);
  });
});
