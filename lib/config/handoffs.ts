/** `config/handoffs.yaml`: the handoff rules as a file. What is in force stands in the store (ingest/rule-book.ts publishes this file to it). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSeq, parse, parseDocument } from "yaml";
import { type HandoffRuleText, handoffRuleList, handoffRules } from "@/lib/domain/handoffs/rule";
import { ConfigurationError } from "./environment";
import { parseYaml } from "./yaml-file";

export const handoffsPath = (configDir: string): string => join(configDir, "handoffs.yaml");

/**
 * The rules as written, each known to fit.
 * @throws ConfigurationError "config/handoffs.yaml:12: rules.3.expect.within: must be …" for each fault.
 */
export function loadHandoffRules(configDir: string): readonly HandoffRuleText[] {
  const path = handoffsPath(configDir);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`${path}: cannot be read; check CONFIG_DIR and the file's permissions.`, { cause });
  }
  parseYaml(text, path, isSeq(parseDocument(text).contents) ? handoffRuleList : handoffRules);
  const written = parse(text, { maxAliasCount: 100 }) as { rules: HandoffRuleText[] } | HandoffRuleText[];
  return Array.isArray(written) ? written : written.rules;
}

/** What is wrong with the file, a line per fault; null when nothing is. */
export function faultOfHandoffRules(configDir: string): string | null {
  try {
    loadHandoffRules(configDir);
    return null;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}
