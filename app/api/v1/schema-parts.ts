/** What the answers' schemas are made of. */
import { z } from "zod";

export const time = z.iso.datetime({ precision: 3 }).meta({ description: "RFC 3339, UTC, milliseconds" });
export const decimal = z.string().meta({ description: "A decimal as text; never a float" });
export const objectRef = z.object({ type: z.string(), id: z.string() }).meta({ id: "ObjectRef" });

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: "Null on the last page" }),
    total: z.int(),
  });
