/** What the parameters of lists have in common: one or several values, objects, times. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";

export type OneOrMore = string | readonly string[] | undefined;

const VALUES_MAX = 200;
const VALUE_CHARS_MAX = 512;

export const text = z
  .string()
  .max(VALUE_CHARS_MAX)
  .refine((value) => !value.includes("\u0000"), { message: "must not contain NUL" });

/** `?state=late,orphan`, `?state=late&state=orphan`, or both. */
export const listOf = <Value extends z.ZodType<string, string>>(value: Value) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((part) => part.split(",")))
    .transform((parts) => [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ""))])
    .pipe(z.array(value).max(VALUES_MAX))
    .optional();

/** Names hold commas ("Smith, Jones & Co"): several are given by repeating the parameter. */
export const names = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().filter((part) => part !== ""))
  .pipe(z.array(text).max(VALUES_MAX))
  .optional();

/** "order/SO-1001": the type ends at the first slash, the number may hold more of them. */
export const object = text
  .refine((value) => /^[^/]+\/./.test(value), { message: "must be type/number, like order/SO-1001" })
  .transform((value) => ({ type: value.slice(0, value.indexOf("/")), id: value.slice(value.indexOf("/") + 1) }))
  .optional();

export const time = timestamp.optional();
export const described = { type: "string", format: "date-time" } as const;
