/** A place in a list as text, opaque to whoever carries it. */
import type { z } from "zod";
import { InvalidCursor } from "./orders";

export const encodeCursor = (place: object): string => Buffer.from(JSON.stringify(place)).toString("base64url");

/** @throws InvalidCursor */
export function decodeCursor<Shape extends z.ZodType>(shape: Shape, text: string): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new InvalidCursor("cursor: not one that this list gave out; start again without it.");
  }
}
