import { gunzipSync, gzipSync } from "node:zlib";
import { ClickHouseLogLevel, createClient, TupleParam } from "@clickhouse/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConformanceTarget, request, startConformanceTarget } from "./clickhouse-target";

// The protocol, as any ClickHouse speaks it. Runs the same against the embedded engine and any server: CONFORMANCE_URL=http://… npx vitest run …

let target: ConformanceTarget;

beforeAll(async () => {
  target = await startConformanceTarget();
});

afterAll(async () => {
  await target?.stop();
});

const ask = (body: string, parameters: Record<string, string> = {}) =>
  request(target, { parameters: { database: target.database, ...parameters }, body });

describe("requests", () => {
  it("answers a ping", async () => {
    const answer = await request(target, { path: "/ping" });
    expect([answer.status, answer.text]).toEqual([200, "Ok.\n"]);
    expect(await target.store.ping()).toBe(true);
  });

  it("takes the query from the URL, from the body, and from one after the other", async () => {
    expect((await request(target, { parameters: { query: "SELECT 1" } })).text).toBe("1\n");
    expect((await ask("SELECT 2")).text).toBe("2\n");
    expect((await ask("+ 40", { query: "SELECT 2 " })).text).toBe("42\n");
  });

  it("lets a GET read and not write", async () => {
    const parameters = { database: target.database, query: "CREATE TABLE by_get (n UInt8) ENGINE = Memory" };
    const answer = await request(target, { parameters });
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("164");
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it("names query, format, time zone and progress in headers", async () => {
    const answer = await ask("SELECT 1 FORMAT JSONEachRow", { query_id: `q-${target.database}` });
    expect(answer.headers.get("x-clickhouse-query-id")).toBe(`q-${target.database}`);
    expect(answer.headers.get("x-clickhouse-format")).toBe("JSONEachRow");
    expect(answer.headers.get("x-clickhouse-timezone")).toMatch(/\w/);
    expect(JSON.parse(answer.headers.get("x-clickhouse-summary") ?? "")).toHaveProperty("read_rows");
  });

  it("answers in the format the query names, else in default_format, else TabSeparated", async () => {
    expect((await ask("SELECT 1 AS n FORMAT JSONEachRow", { default_format: "CSV" })).text).toBe('{"n":1}\n');
    expect((await ask("SELECT 'a' AS n", { default_format: "CSV" })).text).toBe('"a"\n');
    expect((await ask("SELECT 'a', 1")).text).toBe("a\t1\n");
    expect((await ask("SELECT format FROM (SELECT 'x' AS format)")).text).toBe("x\n");
  });

  it("gives whole documents in formats that have a head and a tail, however many blocks they come from", async () => {
    const document = JSON.parse((await ask("SELECT number FROM numbers(300000) FORMAT JSON")).text);
    expect([document.rows, document.data.length, document.meta[0].name]).toEqual([300_000, 300_000, "number"]);
    const csv = (await ask("SELECT number FROM numbers(300000) FORMAT CSVWithNames")).text;
    expect(csv.split("\n").filter((line) => line === '"number"')).toHaveLength(1);
  });

  it("runs one statement a request, whose end may be marked", async () => {
    expect((await ask("SELECT 1; -- end")).text).toBe("1\n");
    expect((await ask("SELECT 1; SELECT 2")).headers.get("x-clickhouse-exception-code")).toBe("62");
  });

  it("works in the database that is named, and says when there is none", async () => {
    expect((await ask("SELECT currentDatabase()")).text).toBe(`${target.database}\n`);
    const answer = await ask("SELECT 1", { database: "no_such_database" });
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([404, "81"]);
  });

  it("applies settings of the URL to their own request only", async () => {
    const sql = "SELECT getSetting('max_block_size')";
    const usual = (await ask(sql)).text;
    expect((await ask(sql, { max_block_size: "1234" })).text).toBe("1234\n");
    expect((await ask(sql)).text).toBe(usual);
    expect((await ask("SELECT 1", { no_such_setting: "1" })).headers.get("x-clickhouse-exception-code")).toBe("115");
  });
});

describe("errors", () => {
  it("come with code, name, status and a body that the client parses", async () => {
    const answer = await ask("SELECT * FROM no_such_table");
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([404, "60"]);
    expect(answer.text).toMatch(/^Code: 60\. DB::Exception: .*no_such_table.*\(UNKNOWN_TABLE\)/s);
    await expect(target.store.query("SELECT * FROM no_such_table")).rejects.toMatchObject({
      code: "60",
      type: "UNKNOWN_TABLE",
    });
    await expect(target.store.query("SELECT FROM WHERE")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
  });

  it("reach the client also after the first rows have gone out", async () => {
    const rows: unknown[] = [];
    const read = async () => {
      const sql =
        "SELECT number, throwIf(number = 2000000) AS boom FROM numbers(3000000) SETTINGS max_block_size = 10000";
      for await (const row of target.store.stream(sql)) rows.push(row);
    };
    await expect(read()).rejects.toMatchObject({ code: "395", type: "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO" });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(2_000_001);
  });

  it("end a query that exceeds its time on the server", async () => {
    const sql = "SELECT max(sipHash64(number)) FROM numbers(100000000000)";
    const answer = ask(sql, { max_execution_time: "1" });
    expect((await answer).headers.get("x-clickhouse-exception-code")).toBe("159");
  });
});

describe("query parameters", () => {
  const echo = async (type: string, value: unknown): Promise<unknown> => {
    const [row] = await target.store.query<{ v: unknown }>(`SELECT {v:${type}} AS v`, { v: value });
    return row?.v;
  };
  const NASTY = "it's \"quoted\"\ttab\nline\r\\back\\\\slash \\N \\' {v:String} -- ; /* ✓ 漢字 🚚 \u0001";

  it.each([
    ["String", NASTY, NASTY],
    ["String", "", ""],
    ["Nullable(String)", null, null],
    ["Nullable(String)", "NULL", "NULL"],
    ["Array(String)", [NASTY, "", "NULL", "\\N"], [NASTY, "", "NULL", "\\N"]],
    ["Array(Nullable(String))", ["a", null], ["a", null]],
    ["Array(Array(String))", [["a'b"], []], [["a'b"], []]],
    ["Map(String, String)", { "k'": NASTY }, { "k'": NASTY }],
    ["Tuple(String, UInt8)", new TupleParam(["a\tb", 7]), ["a\tb", 7]],
    ["UInt64", 18446744073709551615n, "18446744073709551615"],
    ["Decimal(38, 9)", "12345678901234567890.123456789", "12345678901234567890.123456789"],
    ["DateTime64(3, 'UTC')", "2026-11-23 10:15:30.123", "2026-11-23T10:15:30.123Z"],
    ["DateTime64(3, 'UTC')", new Date("2026-11-23T10:15:30.123Z"), "2026-11-23T10:15:30.123Z"],
    ["Date", "2026-11-23", "2026-11-23"],
    ["Bool", true, true],
    ["Float64", -1.5, -1.5],
  ])("bind %s exactly once: %o", async (type, value, expected) => {
    expect(await echo(type, value)).toEqual(expected);
  });

  it("carry any text, alone and in an array", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 }).filter((value) => value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 4 }), async (one, several) => {
        expect(await echo("String", one)).toBe(one);
        expect(await echo("Array(String)", several)).toEqual(several);
      }),
      { numRuns: 150 },
    );
  });

  it("carry thousands of values, which go in a multipart body", async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `SO-${index}'\n`);
    const rows = await target.store.query<{ n: string; last: string }>(
      "SELECT toString(length({ids:Array(String)})) AS n, {ids:Array(String)}[-1] AS last",
      { ids },
    );
    expect(rows).toEqual([{ n: "20000", last: "SO-19999'\n" }]);
  });

  it("stay with their own query when many run at once", async () => {
    const values = Array.from({ length: 200 }, (_, index) => `value ${index} '\\`);
    const results = await Promise.all(
      values.map((v) => target.store.query<{ v: string }>("SELECT {v:String} AS v, sleep(0.005)", { v })),
    );
    expect(results.map(([row]) => row?.v)).toEqual(values);
  });

  it("name tables and columns as identifiers", async () => {
    const rows = await target.store.query("SELECT {column:Identifier} AS v FROM (SELECT 5 AS `odd name`)", {
      column: "odd name",
    });
    expect(rows).toEqual([{ v: 5 }]);
  });

  it("are missed when they are missing, also after another query had them", async () => {
    await target.store.query("SELECT {present:String} AS v", { present: "x" });
    await expect(target.store.query("SELECT {present:String} AS v")).rejects.toMatchObject({ code: "456" });
  });
});

describe("inserts", () => {
  beforeAll(async () => {
    await target.store.command(
      "CREATE TABLE items (id String, n Int64, note Nullable(String)) ENGINE = MergeTree ORDER BY id",
    );
  });

  const items = () => target.store.query("SELECT id, n, note FROM items ORDER BY id");
  const clear = () => target.store.command("TRUNCATE TABLE items");

  it.each([
    ["JSONEachRow", '{"id":"a;b","n":1,"note":"it\'s FORMAT CSV"}\n{"id":"c","n":"-2","note":null}'],
    ["JSONCompactEachRow", '["a;b",1,"it\'s FORMAT CSV"]\n["c",-2,null]\n'],
    ["CSV", '"a;b",1,"it\'s FORMAT CSV"\nc,-2,\\N\n'],
    ["TabSeparated", "a;b\t1\tit's FORMAT CSV\nc\t-2\t\\N\n"],
    ["TabSeparatedWithNames", "n\tid\tnote\n1\ta;b\tit's FORMAT CSV\n-2\tc\t\\N\n"],
    ["Values", "('a;b', 1, 'it\\'s FORMAT CSV'), ('c', -2, NULL)"],
  ])("take %s, with the query in the URL and in one text with the data", async (format, data) => {
    const expected = [
      { id: "a;b", n: "1", note: "it's FORMAT CSV" },
      { id: "c", n: "-2", note: null },
    ];
    const query = `INSERT INTO items FORMAT ${format}`;
    const apart = await ask(data, { query });
    expect([apart.status, apart.text]).toEqual([200, ""]);
    expect(JSON.parse(apart.headers.get("x-clickhouse-summary") ?? "")).toMatchObject({ written_rows: "2" });
    expect(await items()).toEqual(expected);
    await clear();
    expect((await ask(`${query}\n${data}`)).status).toBe(200);
    expect(await items()).toEqual(expected);
    await clear();
  });

  it.each(["RowBinary", "Native", "Parquet"])("take the bytes of %s as they came out", async (format) => {
    await target.store.insert("items", [{ id: "bin\u0000\n", n: "9007199254740993", note: "✓" }]);
    const bytes = (await ask(`SELECT * FROM items FORMAT ${format}`)).bytes;
    await clear();
    const answer = await request(target, {
      parameters: { database: target.database, query: `INSERT INTO items FORMAT ${format}` },
      body: bytes,
    });
    expect(answer.text).toBe("");
    expect(await items()).toEqual([{ id: "bin\u0000\n", n: "9007199254740993", note: "✓" }]);
    await clear();
  });

  it("take VALUES, SELECT, a list of columns, and settings of their own", async () => {
    await target.store.command("INSERT INTO items (id, n) VALUES ('v', 1); ");
    await target.store.command("INSERT INTO items (n, id) SELECT number, 's' FROM numbers(1)");
    await ask('{"n":3,"id":"c"}', {
      query: "INSERT INTO items (id, n) SETTINGS input_format_parallel_parsing = 0 FORMAT JSONEachRow",
    });
    expect(await items()).toEqual([
      { id: "c", n: "3", note: null },
      { id: "s", n: "0", note: null },
      { id: "v", n: "1", note: null },
    ]);
    await clear();
  });

  it("take nothing as nothing, from a table that exists", async () => {
    for (const format of ["JSONEachRow", "CSV", "TabSeparated"]) {
      expect((await ask("", { query: `INSERT INTO items FORMAT ${format}` })).status).toBe(200);
    }
    expect(
      (await ask("", { query: "INSERT INTO no_such_table FORMAT CSV" })).headers.get("x-clickhouse-exception-code"),
    ).toBe("60");
    expect(await items()).toEqual([]);
  });

  it("store all rows of a batch or none", async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => JSON.stringify({ id: `i${n}`, n }));
    lines.push('{"id":"bad","n":"not a number"}');
    const answer = await ask(lines.join("\n"), { query: "INSERT INTO items FORMAT JSONEachRow" });
    expect(answer.status).toBe(400);
    expect(await items()).toEqual([]);
  });

  it("decompress a gzipped body", async () => {
    const answer = await request(target, {
      parameters: { database: target.database, query: "INSERT INTO items FORMAT JSONEachRow" },
      body: gzipSync('{"id":"zipped","n":1}\n'),
      headers: { "content-encoding": "gzip" },
    });
    expect(answer.text).toBe("");
    expect(await items()).toEqual([{ id: "zipped", n: "1", note: null }]);
    await clear();
  });
});

describe("results", () => {
  it("are gzipped when asked for by header and setting, and only then", async () => {
    const zip = (parameters: Record<string, string>) =>
      request(target, {
        parameters,
        body: "SELECT number FROM numbers(100000)",
        headers: { "accept-encoding": "gzip" },
      });
    const plain = await zip({});
    const zipped = await zip({ enable_http_compression: "1" });
    expect([plain.headers.get("content-encoding"), zipped.headers.get("content-encoding")]).toEqual([null, "gzip"]);
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  });

  it("pass through the client compressed both ways", async () => {
    const client = createClient({
      url: target.url,
      database: target.database,
      compression: { request: true, response: true },
      log: { level: ClickHouseLogLevel.OFF },
    });
    await client.command({ query: "CREATE TABLE zipped (n UInt32) ENGINE = MergeTree ORDER BY n" });
    await client.insert({ table: "zipped", values: [{ n: 1 }, { n: 2 }], format: "JSONEachRow" });
    const result = await client.query({ query: "SELECT * FROM zipped ORDER BY n", format: "JSONEachRow" });
    expect(await result.json()).toEqual([{ n: 1 }, { n: 2 }]);
    await expect(client.query({ query: "SELECT broken" })).rejects.toMatchObject({ code: "47" });
    await client.close();
  });

  it("stream in bounded memory: three million rows, each once", async () => {
    const before = process.memoryUsage().rss;
    let count = 0n;
    let sum = 0n;
    for await (const row of target.store.stream<{ n: string }>("SELECT number AS n FROM numbers(3000000)")) {
      count++;
      sum += BigInt(row.n);
    }
    expect([count, sum]).toEqual([3_000_000n, (3_000_000n * 2_999_999n) / 2n]);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(400);
  });

  it("stop on the server when the reader stops", async () => {
    const mark = `stopped ${target.database}`;
    const sql = `SELECT number, '${mark}' AS mark FROM numbers(1000000000000)`;
    for await (const _ of target.store.stream(
      sql,
      {},
      { settings: { cancel_http_readonly_queries_on_client_close: 1 } },
    ))
      break;
    await expectNoQuery(mark);
  });

  it("stop on the server when the caller aborts or the time is up", async () => {
    const mark = `aborted ${target.database}`;
    const sql = `SELECT max(sipHash64(number)), '${mark}' FROM numbers(1000000000000)`;
    const abort = new AbortController();
    const running = target.store.query(
      sql,
      {},
      { signal: abort.signal, settings: { cancel_http_readonly_queries_on_client_close: 1 } },
    );
    await expect.poll(() => countQueries(mark), { timeout: 10_000 }).toBe(1);
    abort.abort();
    await expect(running).rejects.toThrow(/abort/);
    await expectNoQuery(mark);
    const late = target.store.query(
      sql,
      {},
      { timeoutMs: 200, settings: { cancel_http_readonly_queries_on_client_close: 1 } },
    );
    await expect(late).rejects.toMatchObject({ name: "StoreTimeoutError", timeoutMs: 200 });
    await expectNoQuery(mark);
  });

  async function countQueries(mark: string): Promise<number> {
    const sql =
      "SELECT toUInt32(count()) AS n FROM system.processes WHERE position(query, {mark:String}) > 0 AND query NOT LIKE '%system.processes%'";
    const [row] = await target.store.query<{ n: number }>(sql, { mark });
    return row?.n ?? -1;
  }

  const expectNoQuery = (mark: string) => expect.poll(() => countQueries(mark), { timeout: 10_000 }).toBe(0);
});
