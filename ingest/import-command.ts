/** `npm run import`: files into the store, through the same pipeline as everything else. */
import { stat } from "node:fs/promises";
import pino from "pino";
import { readArguments, runCommand, UsageError } from "@/ingest/command";
import { type FileSetImport, filesBelow, importFileSet } from "@/ingest/intake/file-sets";
import {
  type FileImport,
  ImportError,
  ImportInterrupted,
  type ImportParts,
  importFile,
  LINE_FORMATS,
} from "@/ingest/intake/files";
import { ImportMarks } from "@/ingest/intake/import-marks";
import { ImportReport } from "@/ingest/intake/import-report";
import type { Pipeline } from "@/ingest/pipeline";
import { openStore } from "@/ingest/store-access";
import { loadWorkerRules, openWorker, type WorkerRules } from "@/ingest/worker";
import { type Environment, loadEnvironment } from "@/lib/config/environment";
import { OWN_SOURCE } from "@/lib/domain/system";
import { registerSource } from "@/lib/queries/sources";

const USAGE = `Usage:
  npm run import -- FILE|FOLDER... [--source NAME] [--format FORMAT]

  --source   the source of the files (registers it): needed by formats that do not name one; events that name theirs keep it
  --format   ndjson (one event a line), cloudevents (one event, or an array), or a mapping of config/mappings (ocel2, …);
             default: by the file's name, else the format configured for the source
  Files may be gzip; a folder stands for every file below it. Files of a mapping with tables are read together. Importing a file again changes nothing; an import that was cut off goes on where it stopped.`;

async function run(): Promise<number> {
  const { values, positionals: paths } = readArguments(process.argv.slice(2), {
    source: { type: "string" },
    format: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (paths.length === 0) throw new UsageError("Say which files.");
  const environment = loadEnvironment();
  const logger = pino({ level: "warn", name: "import" }, pino.destination({ dest: 2, sync: true }));
  const rules = loadWorkerRules(environment, logger);
  const source = sourceOf(values.source);
  const named = await Promise.all(paths.map(filesOf));
  const files = await Promise.all(named.flat().map((path) => planOf(path, source, values.format, rules)));
  return importAll(groupsOf(files, rules), source, environment, rules, logger);
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return [path];
  const files = await filesBelow(path);
  if (files.length === 0) throw new ImportError(`${path}: no file is in this folder.`);
  return files;
}

type Planned = Omit<FileImport, "skipLines">;

/** Files that stand each for itself, and those that are read together. */
function groupsOf(files: readonly Planned[], { decoders }: WorkerRules): readonly (Planned | FileSetImport)[] {
  const alone = files.filter(({ format }) => !decoders.fileSets.has(format));
  const sets = [...decoders.fileSets].flatMap(([format, decoder]): FileSetImport[] => {
    const ofFormat = files.filter((file) => file.format === format);
    const paths = [...new Set(ofFormat.map(({ path }) => path))].sort();
    if (paths.length === 0) return [];
    const taken = paths.filter((path) => decoder.takes(path));
    if (taken.length === 0)
      throw new ImportError(`None of ${paths.length} files is of a table of the mapping ${format}; see its "tables".`);
    if (taken.length < paths.length)
      console.log(`${paths.length - taken.length} of ${paths.length} files are of no table of ${format}, and left out`);
    return [{ paths: taken, source: ofFormat[0]?.source ?? null, format }];
  });
  return [...alone, ...sets];
}

function sourceOf(given: string | undefined): string | null {
  const source = given?.trim() ?? null;
  if (source === "" || (source !== null && source.length > 128))
    throw new UsageError("--source: expected a name of at most 128 characters.");
  if (source === OWN_SOURCE)
    throw new UsageError(`--source: ${OWN_SOURCE} is reserved for what people do in Throughline itself.`);
  return source;
}

/** Everything that can be said to be wrong before anything is stored. */
async function planOf(
  path: string,
  source: string | null,
  given: string | undefined,
  rules: WorkerRules,
): Promise<Planned> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile())
    throw new ImportError(`${path}: ${found ? "expected a file, got something else" : "no such file"}.`);
  const known = [...LINE_FORMATS, "cloudevents", ...rules.decoders.formats.keys()];
  const format = given ?? formatOfName(path, known) ?? (source === null ? null : rules.decoders.formatOfSource(source));
  if (format === null)
    throw new UsageError(`${path}: its name does not say its format; add --format, one of ${known.join(", ")}.`);
  if (!known.includes(format))
    throw new UsageError(`--format: expected one of ${known.join(", ")}, got ${JSON.stringify(format)}.`);
  if (source === null && rules.decoders.formats.has(format)) {
    throw new UsageError(`${path}: ${format} does not say which source it is from; add --source NAME.`);
  }
  // Events of these formats say their source themselves, and keep it.
  const isSelfDescribing = !rules.decoders.formats.has(format);
  return { path, source: isSelfDescribing ? null : source, format };
}

function formatOfName(path: string, known: readonly string[]): string | null {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  if (/\.(ndjson|jsonl)$/.test(name)) return "ndjson";
  if (/(\.jsonocel|[._]ocel2?\.json)$/.test(name) && known.includes("ocel2")) return "ocel2";
  return name.endsWith(".json") ? "cloudevents" : null;
}

async function importAll(
  files: readonly (Planned | FileSetImport)[],
  source: string | null,
  environment: Environment,
  rules: WorkerRules,
  logger: pino.Logger,
): Promise<number> {
  const failures: ImportError[] = [];
  const { store, close } = await openStore(environment);
  try {
    if (source !== null) await registerSource(store, source, "import", new Date());
    const worker = await openWorker({ store, rules, logger });
    const marks = new ImportMarks(environment.dataDir);
    try {
      for (const file of files) {
        const problem =
          "paths" in file
            ? await importSet(file, worker.pipeline, rules)
            : await importOne(file, marks, { pipeline: worker.pipeline, decode: rules.decode });
        if (problem) failures.push(problem);
        if (problem instanceof ImportInterrupted) break;
      }
      console.log("Bringing the journeys up to date…");
      await worker.projector.drain();
    } finally {
      await worker.close();
    }
  } finally {
    await close();
  }
  if (failures.length === 0) {
    console.log("Done: stored, and every journey is up to date.");
    return 0;
  }
  const count = files.length === 1 ? "" : `${failures.length} of ${files.length} files: `;
  console.error(`Not all is imported. ${count}${failures.map(({ message }) => message).join("\n")}`);
  return 1;
}

async function importSet(set: FileSetImport, pipeline: Pipeline, rules: WorkerRules): Promise<ImportError | null> {
  const decoder = rules.decoders.fileSets.get(set.format);
  if (!decoder) throw new Error(`The mapping ${set.format} has no tables.`);
  const report = new ImportReport(
    set.paths.length === 1 ? String(set.paths[0]) : `${set.paths.length} files together`,
    0,
  );
  try {
    const counts = await importFileSet(set, decoder, {
      pipeline,
      onProgress: (progress) => report.progress(progress),
      onDeadLetter: (place, letter) => report.deadLetter(place, letter),
    });
    report.finish(counts);
    return null;
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
}

/** What is wrong with the file, if anything: one that cannot be read must not keep the others out. */
async function importOne(
  file: Planned,
  marks: ImportMarks,
  worker: Pick<ImportParts, "pipeline" | "decode">,
): Promise<ImportError | null> {
  const mark = await marks.open(file);
  const report = new ImportReport(file.path, mark.skipLines);
  const parts: ImportParts = {
    ...worker,
    onProgress: (progress) => {
      report.progress(progress);
      mark.advance(progress.linesStored);
    },
    onDeadLetter: (place, letter) => report.deadLetter(place, letter),
  };
  try {
    const counts = await importFile({ ...file, skipLines: mark.skipLines }, parts);
    report.finish(counts);
    mark.finish();
    return null;
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
}

runCommand(run, USAGE, [ImportError]);
