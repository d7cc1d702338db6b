import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { readHandoff } from "@/lib/queries/handoffs";
import { type Answer, type AppUnderTest, startAppWithWorker } from "./app-under-test";
import { shipment } from "./handoff-rows";
import { ingestToken, post, until } from "./worker-process";

let app: AppUnderTest & { readonly intakeUrl: string };
let token: string;
type Route = (request: Request) => Promise<Response> | Response;
let act: Route;
let accept: Route;
let plan: Route;
let execute: Route;

beforeAll(async () => {
  app = await startAppWithWorker();
  token = await ingestToken(app.store);
  act = (await import("@/app/api/v1/handoffs/[rule]/[keyType]/[keyId]/actions/route")).POST;
  accept = (await import("@/app/api/v1/standing-acceptances/route")).POST;
  plan = (await import("@/app/api/v1/handoffs/bulk-plans/route")).POST;
  execute = (await import("@/app/api/v1/handoffs/bulk-plans/[id]/execute/route")).POST;
});
afterAll(() => app.stop());

let sequence = 0;
const line = (source: string, type: string, keyId: string, amount: string): string => {
  sequence += 1;
  return `${JSON.stringify({
    specversion: "1.0",
    id: `e${sequence}`,
    source,
    type,
    time: `2026-11-02T10:00:${String(sequence % 60).padStart(2, "0")}.000Z`,
    data: {
      kind: source === "erp" ? "posting" : "message",
      objects: [{ type: "shipment", id: keyId, qualifier: "subject" }],
      lines: [{ sku: "A-1", quantity: "1", uom: "EA", amount, currency: "USD", location: "DC-EAST" }],
      posting: { companyCode: "1000", period: "2026-11" },
    },
  })}\n`;
};
const shipped = (id: string, amount = "100.00") => line("wms-east", "shipment.confirmed", id, amount);
const posted = (id: string, amount = "100.00") => line("erp", "goods_issue.posted", id, amount);
const report = (...lines: string[]) => post(`${app.intakeUrl}/v1/events`, token, lines.join(""));

const read = (id: string, rule = "goods-issue") => readHandoff(app.store, rule, shipment(id), new Date().toISOString());
const standsAs = (id: string, holds: (handoff: ListedHandoff) => boolean, rule?: string) =>
  until(
    () => read(id, rule),
    (handoff) => handoff !== null && holds(handoff),
  );
const isLate = ({ state, open, resolution }: ListedHandoff) => state === "late" && open && resolution === null;

async function say(id: string, body: object, name = "Fin Ance"): Promise<Answer> {
  return app.call(act, `/api/v1/handoffs/goods-issue/shipment/${id}/actions`, {
    headers: await app.person("finance", name),
    body: { reason: "known to us", ...body },
  });
}
const eventId = ({ body }: Answer): string => (body.event as { id: string }).id;

describe("what people decide, through the real worker", () => {
  it("accepts a break until another event comes, and takes the acceptance back", async () => {
    await report(shipped("A-1"), shipped("A-2"));
    await standsAs("A-1", isLate);
    expect((await say("A-1", { action: "accept" })).body.approval).toBe("not-required");
    await standsAs("A-1", ({ resolution, open }) => resolution?.kind === "accepted" && !open);
    await report(posted("A-1", "90.00"));
    await standsAs("A-1", ({ state, resolution, open }) => state === "mismatched" && resolution === null && open);

    await standsAs("A-2", isLate);
    await say("A-2", { action: "accept" });
    await standsAs("A-2", ({ resolution }) => resolution?.kind === "accepted");
    expect((await say("A-2", { action: "accept" })).status).toBe(409);
    expect((await say("A-2", { action: "reopen" })).status).toBe(202);
    await standsAs("A-2", isLate);
  });

  it("joins a late shipment with the posting under a mistyped number", async () => {
    await report(shipped("M-10"), posted("M-01"));
    await standsAs("M-10", isLate);
    await standsAs("M-01", ({ state }) => state === "orphan");
    expect((await say("M-10", { action: "match", with: [shipment("M-01")] })).status).toBe(202);
    const joined = await standsAs("M-10", ({ state }) => state === "matched");
    expect(joined).toMatchObject({ group: { size: 2 }, resolution: { kind: "matched", by: "Fin Ance" }, open: false });
    await standsAs("M-01", ({ state }) => state === "matched");
  });

  it("waits for a second person above the limit: yes settles, no leaves it open", async () => {
    await report(shipped("L-1", "20000"), shipped("L-2", "20000"));
    for (const [id, action] of [
      ["L-1", "approve"],
      ["L-2", "refuse"],
    ] as const) {
      await standsAs(id, isLate);
      const decided = await say(id, { action: "accept" });
      expect(decided.body.approval).toBe("required");
      await standsAs(id, ({ resolution, open }) => resolution?.kind === "awaiting_approval" && open);
      expect((await say(id, { action, act: eventId(decided) })).status).toBe(409);
      expect((await say(id, { action, act: eventId(decided) }, "Second")).status).toBe(202);
    }
    await standsAs("L-1", ({ resolution, open }) => resolution?.kind === "accepted" && !open);
    await standsAs("L-2", isLate);
  });

  it("joins only once a second person approved, where the match is large", async () => {
    await report(shipped("J-10", "20000"), posted("J-01", "20000"));
    await standsAs("J-10", isLate);
    await standsAs("J-01", ({ state }) => state === "orphan");
    const decided = await say("J-10", { action: "match", with: [shipment("J-01")] });
    expect(decided.body.approval).toBe("required");
    await standsAs("J-10", ({ resolution }) => resolution?.kind === "awaiting_approval");
    await standsAs("J-01", ({ resolution, state }) => resolution?.kind === "awaiting_approval" && state === "orphan");
    expect((await say("J-01", { action: "approve", act: eventId(decided) }, "Second")).status).toBe(202);
    await standsAs("J-10", ({ state, open }) => state === "matched" && !open);
    await standsAs("J-01", ({ state, open }) => state === "matched" && !open);
  });

  it("decides about many, each once", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `B-${index}`);
    await report(...ids.map((id) => shipped(id)));
    for (const id of ids) await standsAs(id, isLate);
    const headers = await app.person("finance", "Fin Ance");
    const planned = await app.call(plan, "/api/v1/handoffs/bulk-plans", {
      headers,
      body: { action: "accept", reason: "month end", filter: { rule: "goods-issue", open: "true", q: "B-" } },
    });
    expect(planned.body).toMatchObject({ matching: 40, willDecide: 40 });
    const path = `/api/v1/handoffs/bulk-plans/${planned.body.id}/execute`;
    expect((await app.call(execute, path, { headers, body: {} })).body).toMatchObject({ done: 40, failed: 0 });
    for (const id of ids) await standsAs(id, ({ resolution }) => resolution?.kind === "accepted");
    expect((await app.call(execute, path, { headers, body: {} })).body).toMatchObject({ done: 40, failed: 0 });
  });

  it("accepts always what a standing acceptance covers, and no more", async () => {
    await report(shipped("S-1", "5.00"), shipped("S-2", "50.00"));
    await standsAs("S-2", isLate, "carrier-pickup");
    const made = await app.call(accept, "/api/v1/standing-acceptances", {
      headers: await app.person("finance", "Fin Ance"),
      body: {
        rule: "carrier-pickup",
        states: ["late"],
        amountMax: "10.00",
        currency: "USD",
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        reason: "small parcels are not scanned",
      },
    });
    expect(made.status).toBe(202);
    const covered = await standsAs("S-1", ({ resolution }) => resolution?.kind === "standing", "carrier-pickup");
    expect(covered).toMatchObject({ open: false, resolution: { by: "Fin Ance", actId: made.body.id } });
    expect(await read("S-2", "carrier-pickup")).toMatchObject({ open: true, resolution: null });
  });
});
