import { describe, expect, it } from "vitest";
import { toException } from "./exception";
import { type RawRequest, readRequest } from "./request";
import { classify } from "./statement";

const read = (body: string | Buffer, query = "", more: Partial<RawRequest> = {}) =>
  readRequest({
    method: "POST",
    url: new URL(`http://127.0.0.1/${query === "" ? "" : `?${query}`}`),
    headers: {},
    body: Buffer.from(body),
    ...more,
  });

describe("classify", () => {
  it.each([
    ["SELECT 1 FORMAT JSONEachRow", "select", "JSONEachRow"],
    ["WITH 1 AS x SELECT x FORMAT CSV SETTINGS max_threads = 1;", "select", "CSV"],
    ["(SELECT 1) UNION ALL (SELECT 2) FORMAT TSV", "select", "TSV"],
    ["SELECT format FROM t", "select", undefined],
    ["SELECT format('{}', 'x')", "select", undefined],
    ["SELECT 1 -- FORMAT JSON", "select", undefined],
    ["SELECT 'FORMAT JSON'", "select", undefined],
    ["SHOW TABLES FORMAT JSON", "other", "JSON"],
    ["INSERT INTO t SELECT 1", "other", undefined],
    ["/* c */ insert into t format CSV", "insert-data", "CSV"],
    ["INSERT INTO t (`values`, format) SETTINGS a = 1 FORMAT Native", "insert-data", "Native"],
    ["INSERT INTO values FORMAT CSV", "insert-data", "CSV"],
    ["INSERT INTO t VALUES (1); garbage '", "insert-data", "Values"],
  ])("%s", (sql, kind, format) => {
    expect(classify(sql)).toMatchObject({ kind, format });
  });
});

describe("readRequest", () => {
  it("parts an insert from its data, byte by byte", () => {
    const data = Buffer.from([0, 255, 39, 59, 10, 128]);
    const apart = read(data, "query=INSERT+INTO+t+FORMAT+RowBinary").job;
    expect([apart.mode, apart.sql, Buffer.from(apart.data ?? [])]).toEqual([
      "insert",
      "INSERT INTO t FORMAT RowBinary",
      data,
    ]);
    const joined = read(Buffer.concat([Buffer.from("INSERT INTO `é` FORMAT RowBinary\n"), data])).job;
    expect([joined.sql, Buffer.from(joined.data ?? [])]).toEqual(["INSERT INTO `é` FORMAT RowBinary", data]);
  });

  it("finds the data of an insert whose head is long", () => {
    const columns = Array.from({ length: 60_000 }, (_, index) => `c${index}`).join(", ");
    expect(read(`INSERT INTO t (${columns}) FORMAT CSV\n1`).job).toMatchObject({
      mode: "insert",
      data: Buffer.from("1"),
    });
  });

  it("takes every unknown parameter for a setting, and readonly last for a GET", () => {
    const { job } = read("", "query=SELECT+1&max_threads=1&param_x=%5CN&wait_end_of_query=0", { method: "GET" });
    expect(job.assignments).toContainEqual(["max_threads", "1"]);
    expect(job.assignments).toContainEqual(["param_x", "\\N"]);
    expect(job.assignments.at(-1)).toEqual(["readonly", "2"]);
    expect(job.assignments.map(([name]) => name)).not.toContain("wait_end_of_query");
  });

  it.each([
    ["SELECT 1 FORMAT JSONEachRow", "", "stream"],
    ["SELECT 1 FORMAT JSONEachRow", "wait_end_of_query=1", "buffer"],
    ["SELECT 1 FORMAT JSON", "", "buffer"],
    ["SELECT 1 FORMAT CSVWithNames", "", "buffer"],
    ["SELECT n, count() FROM t GROUP BY n WITH TOTALS FORMAT TSV", "", "buffer"],
    ["SELECT 1 FORMAT JSONEachRow", "output_format_json_array_of_rows=1", "buffer"],
    ["SELECT 1 FORMAT TSV", "extremes=1", "buffer"],
    ["EXPLAIN SELECT 1 FORMAT TSV", "", "buffer"],
  ])("streams only what may be joined from pieces: %s %s", (sql, query, mode) => {
    expect(read(sql, query).job.mode).toBe(mode);
  });

  it("reads query and parameters from a multipart body", () => {
    const part = (name: string, value: string) =>
      `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part("query", "SELECT {x:String}")}${part("param_x", "a\r\nb--B")}--B--\r\n`;
    const { job } = read(body, "", { headers: { "content-type": "multipart/form-data; boundary=B" } });
    expect(job.sql).toBe("SELECT {x:String}");
    expect(job.assignments).toContainEqual(["param_x", "a\r\nb--B"]);
  });

  it.each([
    ["session_id=s", 48],
    ["role=r", 48],
    ["compress=1", 48],
    ["user=admin", 516],
    ["password=x", 516],
  ])("refuses %s, in the words of ClickHouse", (query, code) => {
    const attempt = () => read("SELECT 1", query);
    expect(attempt).toThrow(`Code: ${code}. DB::Exception`);
  });

  it("refuses other credentials in headers, and takes those of the default user", () => {
    const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` } });
    expect(() => read("SELECT 1", "", basic("root:x"))).toThrow("Code: 516.");
    expect(read("SELECT 1", "", basic("default:")).job.sql).toBe("SELECT 1");
  });

  it("refuses nothing at all as an empty query", () => {
    expect(() => read("  ")).toThrow("Code: 62.");
  });
});

describe("toException", () => {
  it("keeps the engine's code, and gives an error of another kind ClickHouse's form", () => {
    expect(toException(new Error("Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)"), "26.7")).toEqual({
      code: 60,
      httpStatus: 404,
      text: "Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE) (version 26.7 (embedded))\n",
    });
    expect(toException(new TypeError("x is undefined"), "26.7")).toMatchObject({ code: 1001, httpStatus: 500 });
  });
});
