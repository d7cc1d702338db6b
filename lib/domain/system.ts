/** A registered system (source), as `config/systems.yaml` declares it. */
import type { IdentifierRules } from "./identifier";

export const SYSTEM_KINDS = ["channel", "oms", "wms", "erp", "carrier", "gateway", "middleware", "other"] as const;
export type SystemKind = (typeof SYSTEM_KINDS)[number];

export interface System {
  readonly id: string;
  readonly name: string;
  readonly kind: SystemKind;
  readonly identifiers: IdentifierRules;
}

export interface SystemRegistry {
  readonly exact: ReadonlyMap<string, System>;
  /** Longest prefix first. */
  readonly families: readonly { readonly prefix: string; readonly system: System }[];
}

/** The reserved source of acts that people do in Throughline itself (a retraction of a link). */
export const OWN_SOURCE = "throughline";

/** The declaration that holds for a source, or null when nobody declared it. */
export function systemOf(registry: SystemRegistry, source: string): System | null {
  const exact = registry.exact.get(source);
  if (exact) return exact;
  const family = registry.families.find(({ prefix }) => source.length > prefix.length && source.startsWith(prefix));
  return family?.system ?? null;
}

export const isDeclaredSource = (registry: SystemRegistry, source: string): boolean =>
  source === OWN_SOURCE || systemOf(registry, source) !== null;

/** "WMS East"; members of a family are shown by their own name: "WMS (wms-9)". */
export function systemName(registry: SystemRegistry, source: string): string {
  if (source === OWN_SOURCE) return "Throughline";
  const exact = registry.exact.get(source);
  if (exact) return exact.name;
  const system = systemOf(registry, source);
  return system ? `${system.name} (${source})` : source;
}

export const systemKind = (registry: SystemRegistry, source: string): SystemKind =>
  systemOf(registry, source)?.kind ?? "other";
