/** The decoders that configuration adds to CloudEvents. */
import type { Mapping, OtlpMapping } from "@/lib/config/mapping-schema";
import type { NamedMapping } from "@/lib/config/mappings";
import type { Decoders, FileSetDecoder, FormatDecoder } from "./decode";
import { fileSetDecoder, mappingDecoder } from "./mapping";
import { ocelDecoder } from "./ocel";
import type { RankOfType } from "./ocel-links";
import { decodeTraces } from "./otlp";
import { x12Decoder } from "./x12";

const NO_OTLP_MAPPING: OtlpMapping = { format: "otlp", services: {}, objects: {}, interfaces: [] };

/**
 * @param mappings what loadMappings gave.
 * @param rankOf the rank of an object type, from config/objects.yaml.
 */
export function createDecoders(mappings: readonly NamedMapping[], rankOf: RankOfType): Decoders {
  const formats = new Map<string, FormatDecoder>();
  const fileSets = new Map<string, FileSetDecoder>();
  const exact = new Map<string, string>();
  const families: { prefix: string; format: string }[] = [];
  const traces = mappings.find(({ mapping }) => mapping.format === "otlp")?.mapping;
  for (const { name, mapping } of mappings) {
    if (mapping.format === "otlp") continue;
    formats.set(name, decoderOf(name, mapping, rankOf));
    const fileSet = "tables" in mapping ? fileSetDecoder(name, mapping) : undefined;
    if (fileSet) fileSets.set(name, fileSet);
    for (const source of mapping.sources) {
      if (source.endsWith("*")) families.push({ prefix: source.slice(0, -1), format: name });
      else exact.set(source, name);
    }
  }
  // The longest family wins: `wms-east-*` over `wms-*`.
  families.sort((a, b) => b.prefix.length - a.prefix.length);
  const otlp = traces?.format === "otlp" ? traces : NO_OTLP_MAPPING;
  return {
    formats,
    fileSets,
    decodeTraces: (body, context) => decodeTraces(body, context, otlp),
    formatOfSource: (source) =>
      exact.get(source) ?? families.find(({ prefix }) => source.startsWith(prefix))?.format ?? null,
  };
}

function decoderOf(name: string, mapping: Exclude<Mapping, OtlpMapping>, rankOf: RankOfType): FormatDecoder {
  if (mapping.format === "ocel2") return ocelDecoder(mapping, rankOf);
  return mapping.format === "x12" ? x12Decoder(mapping) : mappingDecoder(name, mapping);
}
