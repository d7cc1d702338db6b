/** `config/handoffs.yaml`: the handoff rules as a file. What is in force stands in the store (ingest/rule-book.ts publishes this file to it). */
import { join } from "node:path";
import { isSeq, parseDocument, stringify } from "yaml";
import {
  type HandoffRule,
  type HandoffRuleText,
  handoffRule,
  handoffRuleList,
  handoffRules,
} from "@/lib/domain/handoffs/rule";
import { ConfigurationError } from "./environment";
import { checkYaml, readText, readYaml, type YamlFault } from "./yaml-file";

export const handoffsPath = (configDir: string): string => join(configDir, "handoffs.yaml");

/**
 * The rules as written, each known to fit.
 * @throws ConfigurationError "config/handoffs.yaml:12: rules.3.expect.within: must be …" for each fault.
 */
export function loadHandoffRules(configDir: string): readonly HandoffRuleText[] {
  const path = handoffsPath(configDir);
  const text = readText(path);
  const isList = isSeq(parseDocument(text).contents);
  const { written } = readYaml(text, path, isList ? handoffRuleList : handoffRules);
  return isList ? (written as HandoffRuleText[]) : (written as { rules: HandoffRuleText[] }).rules;
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

export type RuleReading =
  | { readonly rule: HandoffRule; readonly definition: HandoffRuleText }
  | { readonly faults: readonly YamlFault[] };

/** One rule by itself, as YAML or JSON. */
export function readRuleText(text: string): RuleReading {
  const reading = checkYaml(text, handoffRule);
  if ("faults" in reading) return reading;
  return { rule: reading.data, definition: reading.written as HandoffRuleText };
}

/** A definition as people read and edit it. Comments are not kept: what stands in the store has none. */
export const ruleYaml = (definition: HandoffRuleText): string => stringify(definition, { lineWidth: 100 });
