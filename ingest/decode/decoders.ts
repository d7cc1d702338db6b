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
  const items = new Map<string, FormatDecoder>();
  const exact = new Map<string, string>();
  const families: { prefix: string; format: string }[] = [];
  const traces = mappings.find(({ mapping }) => mapping.format === "otlp")?.mapping;
  for (const { name, mapping } of mappings) {
    if (mapping.format === "otlp") continue;
    formats.set(name, decoderOf(name, mapping, rankOf));
    const fileSet = "tables" in mapping ? fileSetDecoder(name, mapping) : undefined;
    if (fileSet) fileSets.set(name, fileSet);
    const item = itemDecoderOf(name, mapping);
    if (item) items.set(name, item);
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
    items,
    decodeTraces: (body, context) => decodeTraces(body, context, otlp),
    formatOfSource: (source) =>
      exact.get(source) ?? families.find(({ prefix }) => source.startsWith(prefix))?.format ?? null,
  };
}

function decoderOf(name: string, mapping: Exclude<Mapping, OtlpMapping>, rankOf: RankOfType): FormatDecoder {
  if (mapping.format === "ocel2") return ocelDecoder(mapping, rankOf);
  return mapping.format === "x12" ? x12Decoder(mapping) : mappingDecoder(name, mapping);
}

/**
 * A dead letter keeps the bytes of its own record. JSON and XML records stand at a path of their body, which a record alone has no more. A line of CSV
 * whose columns are named by the file's first line says nothing without it, a table's record nothing without its files, an event of an OCEL log nothing
 * without the log's objects: those are imported again as a whole.
 */
function itemDecoderOf(name: string, mapping: Exclude<Mapping, OtlpMapping>): FormatDecoder | undefined {
  if (mapping.format === "ocel2") return undefined;
  if (mapping.format === "x12") return x12Decoder(mapping);
  if (mapping.tables) return undefined;
  // Whatever the body was written in, the record was kept as UTF-8.
  const alone = { ...mapping, encoding: "utf-8" as const };
  if (alone.format === "jsonl") return mappingDecoder(name, alone);
  if (alone.format === "csv")
    return alone.csv.header === true
      ? undefined
      : mappingDecoder(name, { ...alone, csv: { ...alone.csv, skip_lines: 0 } });
  return mappingDecoder(name, { ...alone, format: "json", records: ["."] });
}
