import { describe, expect, it } from "vitest";
import { parseTime } from "@/ingest/decode/time";

describe("a time of another format", () => {
  it.each([
    ["2023-04-03 12:08:18", "UTC", undefined, "2023-04-03T12:08:18.000Z"],
    ["2023-04-03T12:08:18+02:00", "UTC", undefined, "2023-04-03T10:08:18.000Z"],
    ["2023-04-03T12:08:18.123456Z", "Europe/Berlin", undefined, "2023-04-03T12:08:18.123Z"],
    ["2023-04-03", "UTC", undefined, "2023-04-03T00:00:00.000Z"],
    ["2023-01-15 12:00", "Europe/Berlin", undefined, "2023-01-15T11:00:00.000Z"],
    ["2023-07-15 12:00", "Europe/Berlin", undefined, "2023-07-15T10:00:00.000Z"],
    ["2023-07-15 12:00", "America/New_York", undefined, "2023-07-15T16:00:00.000Z"],
    ["2023-07-15 12:00", "-05:30", undefined, "2023-07-15T17:30:00.000Z"],
    ["23.11.2026 07:05", "UTC", ["dd.MM.yyyy HH:mm"], "2026-11-23T07:05:00.000Z"],
    ["11/3/2026 12:05 AM", "UTC", ["M/d/yyyy h:mm a"], "2026-11-03T00:05:00.000Z"],
    ["20261123101530", "UTC", ["yyyyMMddHHmmss"], "2026-11-23T10:15:30.000Z"],
    ["03-Nov-26", "UTC", ["dd-MMM-yy"], "2026-11-03T00:00:00.000Z"],
    ["1700000000", "UTC", ["epoch_seconds"], "2023-11-14T22:13:20.000Z"],
    ["1700000000123", "UTC", ["epoch_millis"], "2023-11-14T22:13:20.123Z"],
    ["2026-11-23", "UTC", ["dd.MM.yyyy", "iso"], "2026-11-23T00:00:00.000Z"],
  ] as const)("%s in %s (%s) is %s", (text, zone, formats, expected) => {
    expect(parseTime(text, zone, formats)).toBe(expected);
  });

  it("is the first of two when the clocks show it twice, and later than before when they skip it", () => {
    // Berlin, 2023: 26 March skips 02:00–03:00, 29 October shows 02:00–03:00 twice.
    expect(parseTime("2023-10-29 02:30", "Europe/Berlin")).toBe("2023-10-29T00:30:00.000Z");
    expect(parseTime("2023-03-26 02:30", "Europe/Berlin")).toBe("2023-03-26T01:30:00.000Z");
    expect(parseTime("2023-03-26 01:59", "Europe/Berlin")).toBe("2023-03-26T00:59:00.000Z");
    expect(parseTime("2023-03-26 03:00", "Europe/Berlin")).toBe("2023-03-26T01:00:00.000Z");
  });

  it.each(["", "yesterday", "2023-02-30", "2023-13-01", "2023-01-01T24:00", "2023-01-01T10:60", "23.11.2026"])(
    "that does not exist is none: %s",
    (text) => {
      expect(parseTime(text, "UTC")).toBeNull();
    },
  );
});
