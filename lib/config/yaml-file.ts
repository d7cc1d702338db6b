/** Reads YAML (and JSON, which is YAML) against a schema, and says line and field where it does not fit. */
import { readFileSync, statSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { faultText } from "@/lib/domain/fault-text";
import { ConfigurationError } from "./environment";

/** Far more than any configuration; a log or a dump under its name must not keep the process busy for minutes. */
export const YAML_CHARS_MAX = 1024 * 1024;
/** Aliases that one document may expand: a few anchors are handy, a billion laughs are not. */
const ALIASES_MAX = 100;

export interface YamlFault {
  /** From 1. */
  readonly line: number;
  /** "rules.3.expect.within"; empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

export type YamlReading<Data> =
  /** `written`: as it was before the schema put in its defaults. */
  { readonly data: Data; readonly written: unknown } | { readonly faults: readonly YamlFault[] };

export function checkYaml<Schema extends z.ZodType>(text: string, schema: Schema): YamlReading<z.output<Schema>> {
  if (text.length > YAML_CHARS_MAX) {
    const message = `has ${text.length} characters; at most ${YAML_CHARS_MAX} are read`;
    return { faults: [{ line: 1, path: "", message }] };
  }
  const lineCounter = new LineCounter();
  const document = parseQuietly(text, lineCounter);
  if ("fault" in document) return { faults: [document.fault] };
  const parsed = schema.safeParse(document.written, { error: faultText });
  if (parsed.success) return { data: parsed.data, written: document.written };
  return { faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, document.lineOf)) };
}

/**
 * @throws ConfigurationError "config/systems.yaml:12: systems.3.kind: expected one of …" for each fault.
 */
export function readYamlFile<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  return parseYaml(readText(path), path, schema);
}

export const parseYaml = <Schema extends z.ZodType>(text: string, path: string, schema: Schema): z.output<Schema> =>
  readYaml(text, path, schema).data;

/** @throws ConfigurationError, a line for each fault */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  path: string,
  schema: Schema,
): { readonly data: z.output<Schema>; readonly written: unknown } {
  const reading = checkYaml(text, schema);
  if ("data" in reading) return reading;
  throw new ConfigurationError(
    reading.faults.map((fault) => `${path}:${fault.line}: ${fault.path || "(file)"}: ${fault.message}`).join("\n"),
  );
}

/** @throws ConfigurationError */
export function readText(path: string): string {
  try {
    const { size } = statSync(path);
    // More bytes than that many characters can have.
    if (size > 4 * YAML_CHARS_MAX)
      throw new ConfigurationError(`${path}:1: has ${size} bytes; at most ${YAML_CHARS_MAX} characters are read`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`${path}: cannot be read; check CONFIG_DIR and the file's permissions.`, { cause });
  }
}

interface ReadDocument {
  readonly written: unknown;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** What the reader throws (aliases to nothing, aliases without end, nesting deeper than its stack) is a fault of the text as well. */
function parseQuietly(text: string, lineCounter: LineCounter): ReadDocument | { readonly fault: YamlFault } {
  try {
    const document = parseDocument(text, { lineCounter, uniqueKeys: true, logLevel: "error" });
    const [syntaxError] = document.errors;
    if (syntaxError) {
      const { line } = lineCounter.linePos(syntaxError.pos[0]);
      return { fault: { line, path: "", message: firstSentence(syntaxError.message) } };
    }
    return {
      written: document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown,
      lineOf: (path) => {
        const node = deepestNode(document, path);
        return node?.range ? lineCounter.linePos(node.range[0]).line : 1;
      },
    };
  } catch (error) {
    const { message } = error as Error;
    const [, alias] = /^Unresolved alias .*: (\S+)$/.exec(message) ?? [];
    const line = alias === undefined ? 1 : text.slice(0, text.indexOf(`*${alias}`)).split("\n").length;
    return { fault: { line, path: "", message: `cannot be read as YAML: ${message}` } };
  }
}

/** The reader goes on with the place, which we say ourselves, and a picture of it. */
const firstSentence = (message: string): string =>
  message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";

function faultsOf(issue: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number): YamlFault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { line: lineOf(path), path: path.join("."), message: "is not a field here" };
    });
  }
  if (issue.code === "invalid_union" && issue.message === "Invalid input") {
    const meant = closestOf(issue.errors);
    return meant.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, lineOf));
  }
  return [{ line: lineOf(issue.path), path: issue.path.join("."), message: issue.message }];
}

/** Of several forms that a value may have: the one in which the fault lies deepest is what was meant. */
function closestOf(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const depthOf = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  return [...forms].sort((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
}

/** The node at the path, or the nearest one above it when the field is missing. */
function deepestNode(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]) {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node;
  }
  return undefined;
}
