/** Secrets stand in variables or files, and configuration refers to them: `env:NAME`, `file:/path`. Read when needed, so a rotated file is followed. */
import { readFileSync } from "node:fs";
import { ConfigurationError } from "./environment";

/** The secret, or the text itself where it is no reference (an address). @throws ConfigurationError naming the reference, never a value. */
export function resolveReference(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (text.startsWith("env:")) {
    const value = variables[text.slice(4)]?.trim();
    if (!value)
      throw new ConfigurationError(`${text}: the variable ${text.slice(4)} is not set where the worker runs.`);
    return value;
  }
  if (!text.startsWith("file:")) return text;
  const path = text.slice(5);
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    throw new ConfigurationError(`${text}: the file ${path} cannot be read by the worker.`);
  }
}
