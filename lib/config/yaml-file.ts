/** Reads one YAML configuration file against its schema, and says file, line and field when it does not fit. */
import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigurationError } from "./environment";

/**
 * @throws ConfigurationError "config/systems.yaml:12: systems.3.kind: expected one of …" for each fault.
 */
export function readYamlFile<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  return parseYaml(readText(path), path, schema);
}

export function parseYaml<Schema extends z.ZodType>(text: string, path: string, schema: Schema): z.output<Schema> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    throw new ConfigurationError(`${path}:${lineCounter.linePos(syntaxError.pos[0]).line}: ${syntaxError.message}`);
  }
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }) as unknown);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const node = deepestNode(document, issue.path);
    const line = node?.range ? lineCounter.linePos(node.range[0]).line : 1;
    return `${path}:${line}: ${issue.path.join(".") || "(file)"}: ${issue.message}`;
  });
  throw new ConfigurationError(faults.join("\n"));
}

/** The node at the path, or the nearest one above it when the field is missing. */
function deepestNode(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]) {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node;
  }
  return undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`${path}: cannot be read; check CONFIG_DIR and the file's permissions.`, { cause });
  }
}
