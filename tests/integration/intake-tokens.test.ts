import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createToken, listTokens, revokeToken, TOKEN_CACHE_MS } from "@/lib/auth/tokens";
import { listAudit } from "@/lib/queries/audit";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, ingestToken, post, startWorker, until, type WorkerProcess } from "./worker-process";

let test: TestStore;
let worker: WorkerProcess;

beforeAll(async () => {
  test = await startTestStore();
  worker = await startWorker({
    clickhouseUrl: test.url,
    env: { THROUGHLINE_INTERNAL_TOKEN: "tl_internal-for-this-test", INGEST_REQUESTS_PER_SECOND: "100" },
  });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

const send = (token: string, body: string, path = "/v1/events") => post(`${worker.url}${path}`, token, body);

async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, CLICKHOUSE_URL: test.url };
  try {
    return {
      code: 0,
      ...(await promisify(execFile)(process.execPath, ["--import", "tsx", "ingest/token-command.ts", ...args], {
        env,
      })),
    };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describe("tokens on the intake", () => {
  it("without one, or with one that never existed, it is 401 that says how to get one", async () => {
    const without = await fetch(`${worker.url}/v1/events`, { method: "POST", body: "{}" });
    expect(without.status).toBe(401);
    expect(without.headers.get("www-authenticate")).toContain("Bearer");
    const stranger = await send(`tl_${"A".repeat(43)}`, eventLine("no"));
    expect(stranger.status).toBe(401);
    expect(stranger.body.detail).toContain("npm run token");
    expect((await send("tl_'; DROP TABLE events --", eventLine("no"))).status).toBe(401);
  });

  it("one without the scope ingest is 403 that names its scopes", async () => {
    const answer = await send(await ingestToken(test.store, { scopes: ["read"] }), eventLine("no"));
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain("ingest");
  });

  it("one for a source may report for that source only", async () => {
    const token = await ingestToken(test.store, { source: "wms-east" });
    expect((await send(token, eventLine("mine", { source: "wms-east" }))).body.accepted).toBe(1);
    const other = await send(token, eventLine("not-mine", { source: "oms" }));
    expect(other.body.deadLettered?.[0]?.path).toBe("source");
    expect((await send(token, "{}", "/v1/sources/oms")).status).toBe(403);
  });

  it("only the app's own token may report what people did in Throughline", async () => {
    const act = eventLine("act", { source: "throughline", type: "link.restored" });
    const anyone = await send(await ingestToken(test.store), act);
    expect(anyone.body).toMatchObject({ accepted: 0, deadLettered: [{ path: "source" }] });
    expect((await send("tl_internal-for-this-test", act)).body.accepted).toBe(1);
  });

  it("a revoked one stops working within the time its answer is kept", async () => {
    const { id, token } = await createToken(
      test.store,
      { name: "leaving", scopes: ["ingest"], source: null },
      new Date(),
    );
    expect((await send(token, eventLine("still"))).status).toBe(202);
    await revokeToken(test.store, id, new Date());
    const revokedMs = performance.now();
    await until(
      () => send(token, eventLine("still")),
      ({ status }) => status === 401,
    );
    // The cache's time, and what the requests themselves take.
    expect(performance.now() - revokedMs).toBeLessThan(TOKEN_CACHE_MS + 3_000);
  });

  it("one that sends too often is 429 with Retry-After, and others are not", async () => {
    const busy = await ingestToken(test.store, { name: "busy" });
    const calm = await ingestToken(test.store, { name: "calm" });
    const statuses = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        fetch(`${worker.url}/v1/events`, {
          method: "POST",
          headers: { authorization: `Bearer ${busy}`, "content-type": "text/plain" },
          body: "x",
        }).then(async (response) => {
          await response.arrayBuffer();
          return [response.status, response.headers.get("retry-after")] as const;
        }),
      ),
    );
    const limited = statuses.filter(([status]) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited.every(([, retryAfter]) => Number(retryAfter) >= 1)).toBe(true);
    expect(statuses.filter(([status]) => status === 415).length).toBeGreaterThanOrEqual(500);
    expect((await send(calm, eventLine("calm"))).status).toBe(202);
  });

  it("are stored as hashes only", async () => {
    const { token } = await createToken(test.store, { name: "secret", scopes: ["ingest"], source: null }, new Date());
    expect(token).toMatch(/^tl_[A-Za-z0-9_-]{43}$/);
    const rows = await test.store.query("SELECT * FROM api_tokens FINAL");
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await listTokens(test.store)).find(({ name }) => name === "secret")?.lastFour).toBe(token.slice(-4));
  });
});

describe("npm run token", () => {
  it("creates one whose last line is JSON, registers its source, lists and revokes it, beside a running product", async () => {
    const created = await command(
      "create",
      "--name",
      "new dock",
      "--scopes",
      "ingest,read",
      "--source",
      "dock-9",
      "--json",
    );
    expect(created.code).toBe(0);
    const { id, token } = JSON.parse(created.stdout.trim().split("\n").at(-1) ?? "") as { id: string; token: string };
    expect((await send(token, eventLine("first", { source: "dock-9" }))).body.accepted).toBe(1);
    const listed = await command("list");
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toContain("dock-9");
    expect(listed.stdout).not.toContain(token);
    expect((await command("revoke", id)).code).toBe(0);
    expect((await command("list")).stdout).toMatch(/revoked 20/);
    expect((await command("revoke", id)).code).toBe(0);
    const { items } = await listAudit(test.store, { target: id }, { limit: 10, after: null });
    // Once each: revoking what is revoked already is no act.
    expect(items).toMatchObject([
      { action: "token.revoked", actor: { kind: "system", name: "npm run token" }, details: { name: "new dock" } },
      { action: "token.created", details: { name: "new dock", scopes: ["ingest", "read"], source: "dock-9" } },
    ]);
    expect(JSON.stringify(items)).not.toContain(token);
  }, 90_000);

  it.each([
    [["create"], "--name"],
    [["create", "--name", "x", "--scopes", "everything"], "--scopes"],
    [["create", "--name", "x", "--source", "throughline"], "reserved"],
    [["revoke"], "ID"],
    [["destroy"], "destroy"],
    [["create", "--nme", "x"], "--nme"],
  ])("%j is refused with exit code 2 and says what is wrong", async (args, word) => {
    const refused = await command(...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(word);
    expect(refused.stderr).toContain("Usage");
  });

  it("revoking an unknown one is exit code 1", async () => {
    const refused = await command("revoke", "no-such-id");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("no-such-id");
  });
});
