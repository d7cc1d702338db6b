/** `config/handoffs.yaml`: the handoff rules as a file. What is in force stands in the store (ingest/rules.ts publishes this file to it). */
import { join } from "node:path";
import { type HandoffRule, type HandoffRuleText, handoffRules } from "@/lib/domain/handoffs/rule";
import { readYamlFile } from "./yaml-file";

export const handoffsPath = (configDir: string): string => join(configDir, "handoffs.yaml");

/** @throws ConfigurationError "config/handoffs.yaml:12: rules.3.expect.within: must be …" for each fault. */
export const loadHandoffRules = (configDir: string): readonly HandoffRule[] =>
  readYamlFile(handoffsPath(configDir), handoffRules).rules;

export type { HandoffRuleText };
