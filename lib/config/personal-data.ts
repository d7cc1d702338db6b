/** `config/personal-data.yaml`: which keys of a payload hold personal data. */
import { join } from "node:path";
import { z } from "zod";
import type { PersonalDataRules } from "@/lib/domain/personal-data";
import { readYamlFile } from "./yaml-file";

const keys = z.array(z.string().regex(/[\p{L}\p{N}]/u, "must hold a letter or a digit"));

const personalDataFile = z.strictObject({
  keys,
  people: keys,
  keys_below: keys,
  except: keys.default([]),
  documents: keys,
});

/** @throws ConfigurationError with file, line and field. */
export function loadPersonalDataRules(configDir: string): PersonalDataRules {
  const { keys_below: keysBelow, ...file } = readYamlFile(join(configDir, "personal-data.yaml"), personalDataFile);
  return { ...file, keysBelow };
}
