import { DAY, HOUR, localDayStart, localHour, localWeekday } from "./calendar";
import { OFFICE_UTC_OFFSET_HOURS } from "./enterprise";
import { type Random, stream, Weighted } from "./random";

/** When orders come in, and through which channel: hours of the day and days of the week, by head-office time. */

export type Channel = "ecommerce" | "field-sales" | "marketplace";

export const CHANNELS = ["ecommerce", "field-sales", "marketplace"] as const satisfies readonly Channel[];

const SHARE: Readonly<Record<Channel, number>> = { ecommerce: 0.56, "field-sales": 0.18, marketplace: 0.26 };

/** Relative demand by hour 0–23: shops peak at lunch and in the evening, sales people work office hours. */
const HOUR_CURVE: Readonly<Record<Channel, readonly number[]>> = {
  ecommerce: [
    1.4, 0.8, 0.5, 0.3, 0.3, 0.5, 1, 2, 3.2, 4.4, 5.2, 5.8, 6.4, 6, 5.4, 5.2, 5.1, 5.2, 5.6, 6.3, 7, 6.6, 4.8, 2.8,
  ],
  "field-sales": [
    0.02, 0.02, 0.02, 0.02, 0.02, 0.05, 0.4, 2, 6, 10, 11.5, 10.5, 6.5, 7.5, 10, 11, 10.5, 8, 3.5, 1.2, 0.4, 0.2, 0.1,
    0.05,
  ],
  marketplace: [
    2, 1.3, 0.9, 0.6, 0.6, 0.8, 1.3, 2.2, 3.3, 4.3, 5, 5.4, 5.6, 5.4, 5.2, 5.2, 5.3, 5.5, 5.9, 6.4, 6.6, 6.2, 5, 3.4,
  ],
};

/** Sunday first. Mondays are strong, and sales people rest at the weekend. */
const WEEKDAY_CURVE: Readonly<Record<Channel, readonly number[]>> = {
  ecommerce: [1.06, 1.14, 1.03, 1, 0.97, 0.93, 0.87],
  "field-sales": [0.02, 1.25, 1.4, 1.42, 1.38, 1.1, 0.08],
  marketplace: [1.08, 1.07, 1, 0.98, 0.97, 0.96, 0.94],
};

export interface Arrival {
  /** Position among all orders of this run; names the order's random streams. */
  readonly index: number;
  readonly placedAt: number;
  readonly channel: Channel;
}

/** Demand of one channel at a time; the mean over a week is the channel's share. */
function intensity(channel: Channel, at: number): number {
  const curve = HOUR_CURVE[channel];
  const hours = curve.reduce((sum, value) => sum + value, 0) / 24;
  const week = WEEKDAY_CURVE[channel].reduce((sum, value) => sum + value, 0) / 7;
  const hour = curve[Math.floor(localHour(at, OFFICE_UTC_OFFSET_HOURS))] ?? 0;
  const weekday = WEEKDAY_CURVE[channel][localWeekday(at, OFFICE_UTC_OFFSET_HOURS)] ?? 0;
  return ((SHARE[channel] * hour) / hours) * (weekday / week);
}

function channelAt(at: number, random: Random): Channel {
  const weights = CHANNELS.map((channel) => intensity(channel, at));
  return CHANNELS[new Weighted(weights).draw(random)] ?? "ecommerce";
}

/**
 * Exactly `orders` arrivals in [startAt, endAt), in time order, in constant memory. Exponential gaps, scaled to the
 * number asked for, make them as clumpy as independent customers are; the curves then bend the time axis.
 */
export function* historicArrivals(seed: string, orders: number, startAt: number, endAt: number): Generator<Arrival> {
  const firstHour = Math.floor(startAt / HOUR);
  const hours = Math.ceil(endAt / HOUR) - firstHour;
  const demand = new Weighted(
    Array.from({ length: hours }, (_, i) => {
      const from = Math.max(startAt, (firstHour + i) * HOUR);
      const to = Math.min(endAt, (firstHour + i + 1) * HOUR);
      const total = CHANNELS.reduce((sum, channel) => sum + intensity(channel, from), 0);
      return (total * (to - from)) / HOUR;
    }),
  );
  let gapSum = 0;
  const firstPass = stream(seed, "arrivals");
  for (let i = 0; i <= orders; i++) gapSum += firstPass.exponential(1);
  const gaps = stream(seed, "arrivals");
  let passed = 0;
  for (let index = 0; index < orders; index++) {
    passed += gaps.exponential(1);
    const target = (passed / gapSum) * demand.total;
    const hour = demand.indexAt(target);
    const from = Math.max(startAt, (firstHour + hour) * HOUR);
    const to = Math.min(endAt, (firstHour + hour + 1) * HOUR);
    const weight = demand.sumBefore(hour + 1) - demand.sumBefore(hour);
    const placedAt = Math.floor(from + ((target - demand.sumBefore(hour)) / weight) * (to - from));
    yield { index, placedAt, channel: channelAt(placedAt, stream(seed, "channel", index)) };
  }
}

/** Endless arrivals from a time on, at a steady mean rate: a demo must not fall asleep at night. The channel mix still follows the hour. */
export function* liveArrivals(
  seed: string,
  firstIndex: number,
  from: number,
  ratePerMinute: number,
): Generator<Arrival, never> {
  const gaps = stream(seed, "live arrivals", from);
  let at = from;
  for (let index = firstIndex; ; index++) {
    at += gaps.exponential(60_000 / ratePerMinute);
    const placedAt = Math.floor(at);
    yield { index, placedAt, channel: channelAt(placedAt, stream(seed, "channel", index)) };
  }
}

export interface ArrivalWindow {
  /** Nothing of this window or a later one is recorded before this. */
  readonly startAt: number;
  readonly lengthMs: number;
  readonly arrivals: readonly Arrival[];
}

/** How arrivals are cut into windows: orders of one window may be consolidated or billed together. */
export interface WindowSize {
  readonly lengthMs: number;
  startOf(at: number): number;
}

export const OFFICE_DAYS: WindowSize = {
  lengthMs: DAY,
  startOf: (at) => localDayStart(at, OFFICE_UTC_OFFSET_HOURS),
};

/** For live traffic, so that it need not look a day ahead. */
export const QUARTER_HOURS: WindowSize = {
  lengthMs: DAY / 96,
  startOf: (at) => Math.floor(at / (DAY / 96)) * (DAY / 96),
};

/** Cuts arrivals from `firstAt` on into windows. An endless stream gives endless windows. */
export function* windowsOf(arrivals: Iterable<Arrival>, size: WindowSize, firstAt: number): Generator<ArrivalWindow> {
  let startAt = size.startOf(firstAt);
  let batch: Arrival[] = [];
  const window = () => ({ startAt: Math.max(startAt, firstAt), lengthMs: size.lengthMs, arrivals: batch });
  for (const arrival of arrivals) {
    const start = size.startOf(arrival.placedAt);
    if (start !== startAt) {
      yield window();
      startAt = start;
      batch = [];
    }
    batch.push(arrival);
  }
  yield window();
}
