import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clockTime,
  DAY_MS,
  durationLabel,
  fullTime,
  HOUR_MS,
  inputTime,
  instantOfInput,
  isTimeZone,
  MINUTE_MS,
  offsetLabel,
  relativeTime,
  SECOND_MS,
  shortTime,
} from "@/components/ui/time-format";

const at = (time: string): number => Date.parse(time);
const NOW = at("2026-11-24T12:00:00.000Z");

describe("times as people read them", () => {
  it("are of the zone they are shown in, also on the days when clocks change", () => {
    expect(clockTime(at("2026-11-23T10:15:30.123Z"), "UTC")).toBe("10:15");
    expect(clockTime(at("2026-11-23T10:15:30.123Z"), "Asia/Kolkata")).toBe("15:45");
    expect(clockTime(at("2026-10-25T00:30:00.000Z"), "Europe/Berlin")).toBe("02:30");
    expect(clockTime(at("2026-10-25T01:30:00.000Z"), "Europe/Berlin")).toBe("02:30");
    expect(fullTime(at("2026-10-25T01:30:00.000Z"), "Europe/Berlin")).toBe("Sun 25 Oct 2026, 02:30:00.000 UTC+01:00");
  });

  it("leave out the day today, and name the year only when it is another", () => {
    expect(shortTime(at("2026-11-24T09:05:00.000Z"), "UTC", NOW)).toBe("09:05");
    expect(shortTime(at("2026-11-23T09:05:00.000Z"), "UTC", NOW)).toBe("23 Nov 09:05");
    expect(shortTime(at("2025-11-23T09:05:00.000Z"), "UTC", NOW)).toBe("23 Nov 2025 09:05");
    expect(shortTime(at("2026-11-24T09:05:00.000Z"), "Pacific/Auckland", NOW)).toBe("24 Nov 22:05");
  });

  it("say how far away they are, before and after", () => {
    expect(relativeTime(NOW - 20 * SECOND_MS, NOW, "UTC")).toBe("just now");
    expect(relativeTime(NOW - 4 * MINUTE_MS, NOW, "UTC")).toBe("4 min ago");
    expect(relativeTime(NOW + 2 * HOUR_MS, NOW, "UTC")).toBe("in 2 h");
    expect(relativeTime(NOW - 3 * DAY_MS, NOW, "UTC")).toBe("3 d ago");
    expect(relativeTime(NOW - 60 * DAY_MS, NOW, "UTC")).toBe("25 Sep");
  });

  it("tell durations in two units at most", () => {
    expect(
      [230, 4_500, 45_000, 12 * MINUTE_MS, 200 * MINUTE_MS, 52 * HOUR_MS, 4_689 * 24 * HOUR_MS].map(durationLabel),
    ).toEqual(["230 ms", "4.5 s", "45 s", "12 min", "3 h 20 min", "2 d 4 h", "12 y 309 d"]);
  });

  it("round a duration up into the next unit, never to 60 min or 24 h", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * DAY_MS }), (ms) => {
        expect(durationLabel(ms)).not.toMatch(/\b(60 (s|min)|24 h|1000 ms)\b/);
      }),
    );
  });

  it("name the distance of a zone from UTC, west of it too", () => {
    expect(offsetLabel(0)).toBe("UTC");
    expect(offsetLabel(-3.5 * HOUR_MS)).toBe("UTC−03:30");
  });

  it("come back as the instant they were, through an input of any zone", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland");
    fc.assert(
      fc.property(fc.integer({ min: at("2000-01-01T00:00Z"), max: at("2040-01-01T00:00Z") }), zones, (ms, zone) => {
        const minute = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
        const back = instantOfInput(inputTime(minute, zone), zone);
        // Where clocks go back, one wall-clock hour happens twice: an hour's difference is then right as well.
        expect(Math.abs((back ?? 0) - minute) % HOUR_MS).toBe(0);
        expect(inputTime(back ?? 0, zone)).toBe(inputTime(minute, zone));
      }),
    );
  });

  it("refuse a zone that does not exist", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
  });
});
