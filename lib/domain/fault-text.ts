/** Validation faults in words that say what to do; the validator's own name its types, not ours. Pure. */
import type { z } from "zod";

/** For `safeParse(…, { error })`. Undefined where the schema says it itself. */
export function faultText(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type")
    return issue.input === undefined ? "is required" : `must be ${aWord(issue.expected)}`;
  if (issue.code === "invalid_value")
    return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
  if (issue.code === "too_big" && issue.origin === "string") return `must have at most ${issue.maximum} characters`;
  if (issue.code === "too_small" && issue.origin === "string")
    return `must have at least ${issue.minimum} ${issue.minimum === 1 ? "character" : "characters"}`;
  if (issue.code === "too_big" && issue.origin === "array") return `must have at most ${issue.maximum} entries`;
  if (issue.code === "too_small" && issue.origin === "array")
    return `must have at least ${issue.minimum} ${issue.minimum === 1 ? "entry" : "entries"}`;
  return undefined;
}

const aWord = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
