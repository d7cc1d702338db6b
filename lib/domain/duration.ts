/** Durations as configuration writes them: ISO 8601, days and smaller, because a month is no fixed time. */
import { z } from "zod";

const DURATION = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const DAY_MS = 86_400_000;

/** Days apart from the rest: they may be business days. */
export interface Duration {
  readonly days: number;
  readonly ms: number;
}

/** @param examples for whoever wrote another: "PT30M, PT26H or P2D". */
export const durationUpTo = (daysMax: number, examples: string) =>
  z
    .string()
    .max(32)
    .regex(DURATION, { error: `must be a duration like ${examples}`, abort: true })
    .transform((text): Duration => {
      const [, days, hours, minutes, seconds] = DURATION.exec(text) ?? [];
      return {
        days: Number(days ?? 0),
        ms: (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000,
      };
    })
    .refine((duration) => totalMs(duration) <= daysMax * DAY_MS, { message: `must be at most P${daysMax}D` });

/** With every day of 24 hours. */
export const totalMs = ({ days, ms }: Duration): number => days * DAY_MS + ms;
