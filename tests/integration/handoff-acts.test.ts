import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { listAudit } from "@/lib/queries/audit";
import { type Answer, type AppUnderTest, type SentAct, startAppUnderTest } from "./app-under-test";
import { handoffGroup, handoffRow, resolved, shipment } from "./handoff-rows";

let app: AppUnderTest;
let act: (request: Request) => Promise<Response> | Response;

beforeAll(async () => {
  app = await startAppUnderTest();
  act = (await import("@/app/api/v1/handoffs/[rule]/[keyType]/[keyId]/actions/route")).POST;
});
afterAll(() => app.stop());

const store = (...rows: object[]) => app.store.insert("handoffs", rows);

async function say(
  keyId: string,
  body: object,
  headers?: Record<string, string>,
  rule = "goods-issue",
): Promise<Answer> {
  return app.call(act, `/api/v1/handoffs/${rule}/shipment/${encodeURIComponent(keyId)}/actions`, {
    headers: headers ?? (await app.person("finance")),
    body: { reason: "known to us", ...body },
  });
}

const lastAct = (): SentAct | undefined => app.requests.at(-1)?.[0];
const sentCount = () => app.requests.length;

describe("an act on a handoff", () => {
  it("goes to the intake as our own event with actor, reason and evidence, and is audited", async () => {
    const row = handoffRow("SH-1");
    await store(row);
    const answer = await say("SH-1", { action: "accept", note: "agreed by phone", reasonCode: "timing" });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ event: { source: "throughline", id: lastAct()?.id }, approval: "not-required" });
    expect(lastAct()).toMatchObject({
      source: "throughline",
      type: "handoff.accepted",
      data: {
        objects: [{ type: "shipment", id: "SH-1", qualifier: "subject" }],
        links: [],
        attributes: {
          rule: "goods-issue",
          actor: "The finance",
          actorKind: "person",
          reason: "known to us",
          note: "agreed by phone",
          reasonCode: "timing",
          evidence: evidenceHash([{ from: [{ source: "wms-east", id: "from-SH-1" }], to: [] }]),
          approval: "not-required",
        },
      },
    });
    const { items } = await listAudit(app.store, { action: "handoff.accepted" }, { limit: 1, after: null });
    expect(items[0]).toMatchObject({
      target: "handoff goods-issue shipment SH-1",
      actor: { name: "The finance" },
      details: { act: lastAct()?.id, reason: "known to us" },
    });
  });

  it("names the issuer of a key whose number is its issuer's alone", async () => {
    await store(handoffRow("wms-east:4711", { rule: "stock-movement", key_type: "warehouse_task" }));
    const path = `/api/v1/handoffs/stock-movement/warehouse_task/${encodeURIComponent("wms-east:4711")}/actions`;
    const body = { action: "accept", reason: "known to us" };
    expect((await app.call(act, path, { headers: await app.person("finance"), body })).status).toBe(202);
    expect(lastAct()?.data.objects).toEqual([
      { type: "warehouse_task", id: "4711", issuer: "wms-east", qualifier: "subject" },
    ]);
  });

  it("is about the whole group of keys that share events, and its evidence with it", async () => {
    const rows = handoffGroup(["G-1", "G-2", "G-3"]);
    await store(...rows);
    expect((await say("G-2", { action: "accept" })).status).toBe(202);
    expect(lastAct()?.data.objects.map(({ id }) => id)).toEqual(["G-2", "G-1", "G-3"]);
    expect(lastAct()?.data.attributes.evidence).toBe(
      evidenceHash(["G-1", "G-2", "G-3"].map((id) => ({ from: [{ source: "wms-east", id: `from-${id}` }], to: [] }))),
    );
  });

  it("matches a late shipment with the orphan that was posted under a mistyped number", async () => {
    await store(
      handoffRow("SH-10"),
      handoffRow("SH-01", { state: "orphan", state_when_due: "orphan", due_at: null, from_events: [] }),
    );
    const answer = await say("SH-10", { action: "match", with: [shipment("SH-01")] });
    expect(answer.status).toBe(202);
    expect(lastAct()).toMatchObject({ type: "handoff.matched" });
    expect(lastAct()?.data.objects.map(({ id }) => id)).toEqual(["SH-10", "SH-01"]);
  });

  it("takes a key that still waits into a match, but accepts nothing that is not due", async () => {
    await store(
      handoffRow("W-1", { due_at: "2999-01-01T00:00:00.000Z" }),
      handoffRow("W-2", { state: "orphan", state_when_due: "orphan", due_at: null }),
    );
    expect((await say("W-1", { action: "accept" })).status).toBe(409);
    expect((await say("W-1", { action: "match" })).status).toBe(409);
    expect((await say("W-1", { action: "match", with: [shipment("W-2")] })).status).toBe(202);
  });

  it("is a conflict where there is nothing to decide, and nothing is sent", async () => {
    await store(
      handoffRow("C-1", { state: "matched", state_when_due: "matched" }),
      handoffRow("C-2", { state: "void", state_when_due: "void" }),
      handoffRow("C-3", resolved("accepted", "a-1")),
      handoffRow("C-4", resolved("awaiting_approval", "a-2")),
      handoffRow("C-5"),
    );
    const before = sentCount();
    for (const [id, action, says] of [
      ["C-1", "accept", "matched already"],
      ["C-2", "match", "cancelled"],
      ["C-3", "accept", "Reopen"],
      ["C-4", "match", "second person"],
      ["C-5", "reopen", "nothing to take back"],
    ] as const) {
      const { status, body } = await say(id, { action });
      expect([id, status]).toEqual([id, 409]);
      expect(body.detail).toContain(says);
    }
    expect(sentCount()).toBe(before);
  });

  it("takes back what was decided", async () => {
    await store(
      handoffRow("R-1", resolved("standing", "sa-1")),
      handoffRow("R-2", resolved("awaiting_approval", "a-3")),
    );
    expect((await say("R-1", { action: "reopen" })).status).toBe(202);
    expect(lastAct()).toMatchObject({ type: "handoff.reopened" });
    expect((await say("R-2", { action: "reopen" })).status).toBe(202);
  });

  it("is a conflict when other events belong to it than the person saw", async () => {
    const row = handoffRow("E-1");
    await store(row);
    const evidence = evidenceHash([{ from: [{ source: "wms-east", id: "from-E-1" }], to: [] }]);
    await store(handoffRow("E-1", { to_events: [{ source: "erp", id: "late-posting" }], state: "mismatched" }));
    const before = sentCount();
    const { status, body } = await say("E-1", { action: "accept", evidence });
    expect([status, sentCount()]).toEqual([409, before]);
    expect(body.detail).toContain("Look again");
    const now = evidenceHash([
      { from: [{ source: "wms-east", id: "from-E-1" }], to: [{ source: "erp", id: "late-posting" }] },
    ]);
    expect((await say("E-1", { action: "accept", evidence: now })).status).toBe(202);
  });

  it("names what is wrong, and is unknown where no such handoff is", async () => {
    await store(handoffRow("F-1"));
    for (const [body, path] of [
      [{ action: "accept", reason: " " }, "reason"],
      [{ action: "accept", reason: "a\u0000bc" }, "reason"],
      [{ action: "accept", reasonCode: "because" }, "reasonCode"],
      [{ action: "accept", evidence: "abc" }, "evidence"],
      [{ action: "accept", attachments: ["../../etc/passwd"] }, "attachments.0"],
      [{ action: "accept", attachments: ["0".repeat(64)] }, "attachments.0"],
      [{ action: "match", with: [shipment("NOPE")] }, "with.0"],
      [{ action: "match", with: [shipment("F-1")] }, "with.0"],
      [{ action: "match", with: [{ type: "shipment" }] }, "with.0.id"],
      [{ action: "refuse", act: "x", reason: "" }, "reason"],
      [{ action: "destroy" }, "action"],
    ] as const) {
      const { status, errorPaths } = await say("F-1", body);
      expect([body, status, errorPaths]).toEqual([body, 400, [path]]);
    }
    expect((await say("NOPE", { action: "accept" })).status).toBe(404);
    expect((await say("F-1", { action: "accept" }, undefined, "no-such-rule")).status).toBe(404);
    expect((await say("F-1'; DROP TABLE handoffs; --", { action: "accept" })).status).toBe(404);
  });

  it("needs its right; a token with scope act has it, one with read has not", async () => {
    await store(handoffRow("P-1"));
    const before = sentCount();
    for (const role of ["operations", "customer-service", "executive"] as const)
      expect((await say("P-1", { action: "accept" }, await app.person(role))).status).toBe(403);
    expect((await say("P-1", { action: "accept" }, await app.token("read"))).status).toBe(403);
    expect((await say("P-1", { action: "accept" }, {})).status).toBe(401);
    const elsewhere = { ...(await app.person("finance")), origin: "https://evil.test" };
    expect((await say("P-1", { action: "accept" }, elsewhere)).status).toBe(403);
    expect(sentCount()).toBe(before);
    expect((await say("P-1", { action: "accept" }, await app.token("act"))).status).toBe(202);
  });

  it("does not take place when it cannot be audited", async () => {
    await store(handoffRow("A-1"));
    const before = sentCount();
    await app.store.command("RENAME TABLE audit_log TO audit_log_away");
    try {
      expect((await say("A-1", { action: "accept" })).status).toBeGreaterThanOrEqual(500);
      expect(sentCount()).toBe(before);
    } finally {
      await app.store.command("RENAME TABLE audit_log_away TO audit_log");
    }
  });

  it("that the worker does not take is an error, not a success", async () => {
    await store(handoffRow("D-1"));
    for (const [intake, expected] of [
      [503, 503],
      [401, 502],
      [500, 502],
    ] as const) {
      app.intakeStatus = intake;
      expect((await say("D-1", { action: "accept" })).status).toBe(expected);
    }
    app.intakeStatus = null;
  });
});

describe("a second person", () => {
  it("is asked above the limit, not at it; a group counts its money once; an unknown rate counts as above", async () => {
    await store(
      handoffRow("L-1", { stake: "10000.00" }),
      handoffRow("L-2", { stake: "10000.01" }),
      handoffRow("L-3", { stake: "0.01", currency: "XXX" }),
      handoffRow("L-4", { stake: "6000" }),
      handoffRow("L-5", { stake: "6000" }),
      ...handoffGroup(["L-6", "L-7"], { stake: "9000" }),
    );
    const approvalOf = async (id: string, body: object = { action: "accept" }) => (await say(id, body)).body.approval;
    expect(await approvalOf("L-1")).toBe("not-required");
    expect(await approvalOf("L-2")).toBe("required");
    expect(lastAct()?.data.attributes.approval).toBe("required");
    expect(await approvalOf("L-3")).toBe("required");
    expect(await approvalOf("L-4", { action: "match", with: [shipment("L-5")] })).toBe("required");
    expect(await approvalOf("L-7")).toBe("not-required");
  });

  /** A large break that `by` accepted, as it stands once it is projected. */
  async function awaiting(id: string, by = "Fin Ance"): Promise<string> {
    await store(handoffRow(id, { stake: "50000" }));
    await say(id, { action: "accept" }, await app.person("finance", by));
    const actId = lastAct()?.id ?? "";
    await store(handoffRow(id, { stake: "50000", ...resolved("awaiting_approval", actId) }));
    return actId;
  }

  it("approves what another decided: once, about the same keys and evidence", async () => {
    const actId = await awaiting("Y-1");
    const decided = lastAct();
    const answer = { action: "approve", act: actId };
    expect((await say("Y-1", answer, await app.person("finance", "Fin Ance"))).status).toBe(409);
    const approved = await say("Y-1", answer, await app.person("finance", "Second"));
    expect(approved.status).toBe(202);
    expect(lastAct()).toMatchObject({
      type: "handoff.approved",
      data: {
        objects: [{ type: "shipment", id: "Y-1" }],
        attributes: {
          act: actId,
          actor: "Second",
          evidence: decided?.data.attributes.evidence,
          approval: "not-required",
        },
      },
    });
    expect((await say("Y-1", { ...answer, action: "refuse" }, await app.person("finance", "Third"))).status).toBe(409);
  });

  it("of two who answer at once, one is heard", async () => {
    const actId = await awaiting("Y-2");
    const statuses = await Promise.all(
      (["approve", "refuse"] as const).map(async (action, index) => {
        const who = await app.person("finance", `Answerer ${index}`);
        return (await say("Y-2", { action, act: actId }, who)).status;
      }),
    );
    const stored = await app.store.query(
      "SELECT event_id FROM events WHERE source = 'throughline' AND type IN ('handoff.approved', 'handoff.refused') AND has(objects.id, 'Y-2')",
    );
    expect(stored).toHaveLength(1);
    expect(statuses.sort()).toEqual([202, 409]);
  });

  it("has nothing to answer where no such act is about that handoff", async () => {
    const actId = await awaiting("Y-3");
    const second = await app.person("finance", "Second");
    expect((await say("Y-3", { action: "approve", act: "nope" }, second)).status).toBe(404);
    await store(handoffRow("Y-4"));
    expect((await say("Y-4", { action: "approve", act: actId }, second)).status).toBe(404);
    expect((await say("Y-3", { action: "approve", act: actId }, second, "shipment-invoice")).status).toBe(404);
  });

  it("has nothing to answer once the act was taken back, or other events came", async () => {
    const second = await app.person("finance", "Second");
    const takenBack = await awaiting("Y-6");
    expect((await say("Y-6", { action: "reopen" })).status).toBe(202);
    expect((await say("Y-6", { action: "approve", act: takenBack }, second)).status).toBe(409);
    const changed = await awaiting("Y-7");
    await store(handoffRow("Y-7", { stake: "50000", to_events: [{ source: "erp", id: "posting-Y-7" }] }));
    const { status, body } = await say("Y-7", { action: "approve", act: changed }, second);
    expect(status).toBe(409);
    expect(body.detail).toContain("changed");
  });

  it("approves a match of keys that become one group only by it", async () => {
    await store(
      handoffRow("J-1", { stake: "9000" }),
      handoffRow("J-2", { stake: "9000", state: "orphan", state_when_due: "orphan", due_at: null }),
    );
    const { body } = await say("J-1", { action: "match", with: [shipment("J-2")] });
    expect(body.approval).toBe("required");
    const act = lastAct()?.id;
    const approved = await say("J-2", { action: "approve", act }, await app.person("finance", "Second"));
    expect(approved.status).toBe(202);
    expect(lastAct()?.data.objects.map(({ id }) => id)).toEqual(["J-1", "J-2"]);
  });

  it("is never a token", async () => {
    const actId = await awaiting("Y-5");
    const { status, body } = await say("Y-5", { action: "approve", act: actId }, await app.token("act"));
    expect(status).toBe(403);
    expect(body.detail).toContain("No token may");
  });
});
