/** Times of day that stand beside their date. Pure. */
import { type Fault, shapeOf } from "./fault";

const FIELDS = [
  { name: "hours", below: 24 },
  { name: "minutes", below: 60 },
  { name: "seconds", below: 60 },
] as const;

/** 11:31, 11:31:13, 11:31:13.5 · 113113, 1131 · PT11H31M13S (OData's Edm.Time). */
const WRITTEN = [
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?$/,
  /^(\d{2})(\d{2})(\d{2})?$/,
  /^PT(?=\d)(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:\.\d{1,9})?S)?$/,
];

/** @returns "11:31:13"; undefined when there is none; a fault that names the field. Fractions of a second are dropped. */
export function clockOf(value: unknown, path: string): string | Fault | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const parts = typeof value === "object" ? partsOfObject(value) : partsOfText(String(value).trim());
  const wrong = parts === null ? -1 : FIELDS.findIndex(({ below }, index) => !isBelow(parts[index], below));
  if (parts !== null && wrong === -1) return parts.map((part) => String(part ?? "0").padStart(2, "0")).join(":");
  const field = FIELDS[wrong];
  if (typeof value === "object" && field) {
    const at = `${path}.${field.name}`;
    return { path: at, reason: `${at}: expected a whole number below ${field.below}, got ${shapeOf(parts?.[wrong])}` };
  }
  const reason = `${path}: expected a time of day like 11:31:13, 113113, PT11H31M13S or { hours, minutes, seconds }, got ${shapeOf(value)}; correct it, or "clock" in the mapping`;
  return { path, reason };
}

type Parts = readonly [unknown, unknown, unknown];

function partsOfObject(value: object): Parts | null {
  const at = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  // An object that has none of these is no time of day.
  if (FIELDS.every(({ name }) => at(name) === undefined)) return null;
  return [at("hours"), at("minutes"), at("seconds")];
}

function partsOfText(text: string): Parts | null {
  for (const pattern of WRITTEN) {
    const match = pattern.exec(text);
    if (match) return [match[1], match[2], match[3]];
  }
  return null;
}

const isBelow = (part: unknown, below: number): boolean =>
  part === undefined || part === null || (/^\d{1,2}$/.test(String(part)) && Number(part) < below);
