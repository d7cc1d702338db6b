/** `config/systems.yaml`: the registered systems, what each is, and how it writes its numbers. */
import { join } from "node:path";
import { z } from "zod";
import type { IdentifierRule } from "@/lib/domain/identifier";
import { SYSTEM_KINDS, type System, type SystemRegistry } from "@/lib/domain/system";
import { readYamlFile } from "./yaml-file";

const identifierRule = z
  .strictObject({
    strip_leading_zeros: z.enum(["never", "digits", "always"]).default("never"),
    case: z.enum(["keep", "upper", "lower"]).default("keep"),
    strip_prefixes: z.array(z.string().min(1)).default([]),
  })
  .transform(
    (rule): IdentifierRule => ({
      stripLeadingZeros: rule.strip_leading_zeros,
      case: rule.case,
      stripPrefixes: rule.strip_prefixes,
    }),
  );

const systemsFile = z.strictObject({
  systems: z.array(
    z.strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]*\*?$/i, "must be a source name, or a family like wms-*")
        .refine((id) => id !== "throughline", { message: "throughline is reserved for our own acts" }),
      name: z.string().min(1),
      kind: z.enum(SYSTEM_KINDS),
      identifiers: z.record(z.string(), identifierRule).default({}),
    }),
  ),
});

/** @throws ConfigurationError with file, line and field. */
export function loadSystems(configDir: string): SystemRegistry {
  const file = readYamlFile(join(configDir, "systems.yaml"), systemsFile);
  const exact = new Map<string, System>();
  const families: { prefix: string; system: System }[] = [];
  for (const system of file.systems) {
    if (system.id.endsWith("*")) families.push({ prefix: system.id.slice(0, -1), system });
    else exact.set(system.id, system);
  }
  // The longest family wins: `wms-east-*` over `wms-*`.
  families.sort((a, b) => b.prefix.length - a.prefix.length);
  return { exact, families };
}
