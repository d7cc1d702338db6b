/** `npm run export`: what Throughline knows, as an OCEL 2.0 log for process-mining tools; beside a running product or without one. */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { readArguments, runCommand, UsageError } from "@/ingest/command";
import { ExportError, exportAll, exportJourney } from "@/ingest/export/ocel-export";
import { openStore } from "@/ingest/store-access";
import { loadEnvironment } from "@/lib/config/environment";
import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import type { ObjectRef } from "@/lib/domain/object";

const USAGE = `Usage: npm run export -- --out FILE [--format ocel2] [--root TYPE:ID]

  --out      the file; compressed when its name ends in .gz
  --format   ocel2, the only one so far
  --root     one journey only, like order:SO-1001`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    out: { type: "string" },
    format: { type: "string", default: "ocel2" },
    root: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`Not understood: ${positionals.join(" ")}.`);
  if (values.format !== "ocel2") throw new UsageError("--format: expected ocel2.");
  const out = values.out?.trim();
  if (!out) throw new UsageError("--out: say which file to write.");
  const root = values.root === undefined ? null : rootOf(values.root);
  const environment = loadEnvironment();
  const rules = { catalogue: loadCatalogue(environment.configDir), systems: loadSystems(environment.configDir) };
  const { store, close } = await openStore(environment);
  try {
    await writeWhole(out, root === null ? await exportAll(store, rules) : await exportJourney(store, rules, root));
  } finally {
    await close();
  }
  console.log(`Written to ${out}.`);
  return 0;
}

/** Under another name until it is whole, so that nobody reads half a log. */
async function writeWhole(path: string, document: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const text = Readable.from(document);
    if (path.endsWith(".gz")) await pipeline(text, createGzip(), createWriteStream(partial));
    else await pipeline(text, createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error) {
      throw new ExportError(`--out: ${path} cannot be written (${error.code}); check the folder and its permissions.`);
    }
    throw error;
  }
}

function rootOf(text: string): ObjectRef {
  const cut = text.indexOf(":");
  const [type, id] = [text.slice(0, cut).trim(), text.slice(cut + 1).trim()];
  if (cut <= 0 || id === "") throw new UsageError("--root: expected TYPE:ID, like order:SO-1001.");
  return { type, id };
}

runCommand(main, USAGE, [ExportError]);
