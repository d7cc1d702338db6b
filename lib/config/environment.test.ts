import { describe, expect, it } from "vitest";
import { loadEnvironment, UNREACHABLE_PORTS } from "./environment";

/** The reason why this Node's fetch does not call a port; the connection itself is never waited for. */
async function refusalOf(port: number): Promise<string | undefined> {
  const signal = AbortSignal.timeout(2_000);
  const error: unknown = await fetch(`http://127.0.0.1:${port}/`, { signal, redirect: "manual" }).catch(
    (reason) => reason,
  );
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
}

describe("the environment", () => {
  it.each(["PORT", "INGEST_PORT"])("refuses a %s that no browser would call, and says what to do", (variable) => {
    for (const port of ["4190", "6000"]) {
      expect(() => loadEnvironment({ NODE_ENV: "test", [variable]: port })).toThrow(
        new RegExp(`  ${variable}: browsers and Node's fetch refuse to call port ${port} .*; set another, like \\d+$`),
      );
    }
  });

  it("takes any other port, and 0 for one that the system chooses", () => {
    for (const port of [0, 80, 443, 3000, 4100, 4189, 5999, 6001, 8080, 65_535]) {
      expect(loadEnvironment({ NODE_ENV: "test", PORT: String(port), INGEST_PORT: String(port) })).toMatchObject({
        port,
        ingestPort: port,
      });
    }
  });

  it("knows the ports that fetch refuses, and none of their neighbours", async () => {
    const neighbours = [...UNREACHABLE_PORTS].flatMap((port) => [port - 1, port, port + 1]).filter((port) => port > 0);
    const refused = await Promise.all(
      [...new Set(neighbours)].map(async (port) => ((await refusalOf(port)) === "bad port" ? [port] : [])),
    );
    expect(new Set(refused.flat())).toEqual(UNREACHABLE_PORTS);
  });

  it("names an address of ClickHouse that is none, without repeating what may hold a password", () => {
    for (const address of ["nonsense", "localhost:8123", "tcp://user:secret@clickhouse:9000"]) {
      const load = () => loadEnvironment({ NODE_ENV: "test", CLICKHOUSE_URL: address });
      expect(load).toThrow(/CLICKHOUSE_URL: must be an address like http:\/\/localhost:8123$/);
    }
    expect(loadEnvironment({ NODE_ENV: "test", CLICKHOUSE_URL: "https://user:secret@clickhouse:8443" })).toMatchObject({
      clickhouseUrl: "https://user:secret@clickhouse:8443",
    });
    expect(loadEnvironment({ NODE_ENV: "test", CLICKHOUSE_URL: "" }).clickhouseUrl).toBeNull();
  });

  it("names a port that is none", () => {
    expect(() => loadEnvironment({ NODE_ENV: "test", PORT: "70000" })).toThrow(/PORT: /);
    expect(() => loadEnvironment({ NODE_ENV: "test", INGEST_PORT: "http" })).toThrow(
      "INGEST_PORT: must be a port number between 0 and 65535",
    );
  });
});
