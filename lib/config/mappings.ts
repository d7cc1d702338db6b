/**
 * `config/mappings/*.yaml`: how formats other than CloudEvents become events (docs/mapping-guide.md). The file's name is the format's
 * name. A file that does not fit is reported and left out; it never stops what runs.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigurationError } from "./environment";
import { type Mapping, mappingFile } from "./mapping-schema";
import { readYamlFile } from "./yaml-file";

export interface NamedMapping {
  /** The file's name without ".yaml"; what `--format` takes. */
  readonly name: string;
  readonly mapping: Mapping;
}

export interface LoadedMappings {
  /** By name. */
  readonly mappings: readonly NamedMapping[];
  /** One message per file that does not fit, with file, line and field. */
  readonly faults: readonly string[];
}

/** Reads every mapping under `${configDir}/mappings`. No such folder is no mapping. */
export function loadMappings(configDir: string): LoadedMappings {
  const folder = join(configDir, "mappings");
  const mappings: NamedMapping[] = [];
  const faults: string[] = [];
  for (const file of yamlFilesIn(folder)) {
    try {
      mappings.push({ name: basename(file, ".yaml"), mapping: readYamlFile(join(folder, file), mappingFile) });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      faults.push(error.message);
    }
  }
  return { mappings, faults };
}

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
