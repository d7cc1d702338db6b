/** Cursors: where the next page of a list starts, opaque to the caller. */
import { z } from "zod";
import { ApiProblem } from "./problem";

const CURSOR_CHARS_MAX = 4096;
export const PAGE_SIZE = 50;
export const PAGE_SIZE_MAX = 500;

/** `limit` and `cursor` of every list (docs/api.md). */
export const pageParameters = {
  limit: z
    .string()
    .refine(
      (limit) => /^[0-9]{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= PAGE_SIZE_MAX,
      `must be a whole number from 1 to ${PAGE_SIZE_MAX}`,
    )
    .transform(Number)
    .default(PAGE_SIZE)
    .meta({
      description: `How many items at most; ${PAGE_SIZE} when not given`,
      type: "integer",
      minimum: 1,
      maximum: PAGE_SIZE_MAX,
    }),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional().meta({ description: "`nextCursor` of the page before" }),
};

export const invalidCursor = (): ApiProblem =>
  new ApiProblem(400, "cursor: not one that this list gave out; start again without it.", {
    errors: [{ path: "cursor", message: "must be the nextCursor of an earlier page of this list" }],
  });

export const encodeCursor = (position: object): string => Buffer.from(JSON.stringify(position)).toString("base64url");

/** @throws ApiProblem 400 naming `cursor` */
export function decodeCursor<Schema extends z.ZodType>(schema: Schema, cursor: string): z.output<Schema> {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw invalidCursor();
  }
  const parsed = schema.safeParse(position);
  if (!parsed.success) throw invalidCursor();
  return parsed.data;
}
