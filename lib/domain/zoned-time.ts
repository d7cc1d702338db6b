/** Local times of a zone and instants, both as milliseconds ("local": what its clocks show, written as if it were UTC). Pure. */

/** "+05:30" → 330. */
export function minutesOfOffset(offset: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}

/** When a zone's clocks showed this local time. In the hour that clocks show twice, the first; in the skipped hour, as if not skipped. */
export function instantInZone(local: number, zone: string): number {
  if (zone === "UTC" || zone === "Z") return local;
  if (/^[+-]/.test(zone)) return local - minutesOfOffset(zone) * 60_000;
  const before = zoneMinutes(zone, local - 86_400_000);
  const first = local - before * 60_000;
  if (zoneMinutes(zone, first) === before) return first;
  const after = zoneMinutes(zone, local + 86_400_000);
  const second = local - after * 60_000;
  return zoneMinutes(zone, second) === after ? second : first;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A zone's distance from UTC at an instant, in minutes. */
export function zoneMinutes(zone: string, instant: number): number {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, formatter);
  }
  const parts = new Map(formatter.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((shown - Math.floor(instant / 1000) * 1000) / 60_000);
}

/** What a zone's clocks show at an instant. */
export const localInZone = (instant: number, zone: string): number => instant + zoneMinutes(zone, instant) * 60_000;
