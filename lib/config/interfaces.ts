/** `config/interfaces.yaml`: the interfaces between systems. A folder without the file has none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Interfaces, interfacesFile } from "@/lib/domain/interface";
import { readYamlFile } from "./yaml-file";

export const interfacesPath = (configDir: string): string => join(configDir, "interfaces.yaml");

/** By id. @throws ConfigurationError with file, line and field. */
export function loadInterfaces(configDir: string): Interfaces {
  const path = interfacesPath(configDir);
  if (!existsSync(path)) return new Map();
  return new Map(readYamlFile(path, interfacesFile).interfaces.map((each) => [each.id, each]));
}
