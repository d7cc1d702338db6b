/** `npm run import`: files into the store, through the same pipeline as everything else. */
import { stat } from "node:fs/promises";
import pino from "pino";
import { readArguments, runCommand, UsageError } from "@/ingest/command";
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
import { openStore } from "@/ingest/store-access";
import { loadWorkerRules, openWorker, type WorkerRules } from "@/ingest/worker";
import { type Environment, loadEnvironment } from "@/lib/config/environment";
import { OWN_SOURCE } from "@/lib/domain/system";
import { registerSource } from "@/lib/queries/sources";

const USAGE = `Usage:
  npm run import -- FILE... [--source NAME] [--format FORMAT]

  --source   the source of the files (registers it): needed by formats that do not name one; events that name theirs keep it
  --format   ndjson (one event a line), cloudevents (one event, or an array), or a mapping of config/mappings (ocel2, …);
             default: by the file's name, else the format configured for the source
  Files may be gzip. Importing a file again changes nothing; an import that was cut off goes on where it stopped.`;

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
  const files = await Promise.all(paths.map((path) => planOf(path, source, values.format, rules)));
  return importAll(files, source, environment, rules, logger);
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
): Promise<Omit<FileImport, "skipLines">> {
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
  files: readonly Omit<FileImport, "skipLines">[],
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
        const problem = await importOne(file, marks, { pipeline: worker.pipeline, decode: rules.decode });
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

/** What is wrong with the file, if anything: one that cannot be read must not keep the others out. */
async function importOne(
  file: Omit<FileImport, "skipLines">,
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
