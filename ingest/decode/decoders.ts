/** The decoders that configuration adds to CloudEvents. */
import type { NamedMapping } from "@/lib/config/mappings";
import type { Decoders, FormatDecoder } from "./decode";
import { ocelDecoder } from "./ocel";
import type { RankOfType } from "./ocel-links";

/**
 * @param mappings what loadMappings gave.
 * @param rankOf the rank of an object type, from config/objects.yaml.
 */
export function createDecoders(mappings: readonly NamedMapping[], rankOf: RankOfType): Decoders {
  const formats = new Map<string, FormatDecoder>();
  const exact = new Map<string, string>();
  const families: { prefix: string; format: string }[] = [];
  for (const { name, mapping } of mappings) {
    formats.set(name, ocelDecoder(mapping, rankOf));
    for (const source of mapping.sources) {
      if (source.endsWith("*")) families.push({ prefix: source.slice(0, -1), format: name });
      else exact.set(source, name);
    }
  }
  // The longest family wins: `wms-east-*` over `wms-*`.
  families.sort((a, b) => b.prefix.length - a.prefix.length);
  return {
    formats,
    formatOfSource: (source) =>
      exact.get(source) ?? families.find(({ prefix }) => source.startsWith(prefix))?.format ?? null,
  };
}
