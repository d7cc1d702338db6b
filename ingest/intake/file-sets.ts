/** Files that are read together: the tables of one system, headers apart from items (docs/mapping-guide.md, "Tables"). */
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileSetDecoder } from "@/ingest/decode/decode";
import type { DecodeContext } from "@/ingest/decode/decoded";
import type { NamedBody } from "@/ingest/decode/table-records";
import {
  type DecodedDocument,
  type ImportCounts,
  ImportError,
  type ImportParts,
  readDocument,
  sizeOf,
  storeDecoded,
  Tally,
  unreadableError,
} from "./files";

export interface FileSetImport {
  readonly paths: readonly string[];
  readonly source: string | null;
  readonly format: string;
}

/** Unpacked. All of a set is in memory at once, as text and as records: about twelve times this. */
const SET_BYTES_MAX = 256 * 1024 * 1024;

export async function importFileSet(
  { paths, source, format }: FileSetImport,
  decoder: FileSetDecoder,
  parts: Omit<ImportParts, "decode">,
): Promise<ImportCounts> {
  const label = paths.length === 1 ? String(paths[0]) : `${paths.length} files`;
  const sizes = await Promise.all(paths.map(sizeOf));
  const bytesTotal = sizes.reduce((sum, size) => sum + size, 0);
  const files: NamedBody[] = [];
  let bytesUnpacked = 0;
  for (const path of paths) {
    const body = withoutByteOrderMark(await readDocument(path));
    bytesUnpacked += body.length;
    if (bytesUnpacked > SET_BYTES_MAX) {
      const reason = `together more than ${SET_BYTES_MAX} bytes of content; import the tables of a shorter time at once`;
      throw new ImportError(`${label}: ${reason}.`);
    }
    files.push({ name: path, body });
  }
  const context: DecodeContext = { source, contentType: format, headers: {} };
  const read = decoder.decode(files, context);
  if ("unreadable" in read) throw unreadableError({ path: label, format }, read);
  const { records, results, placeOf } = read;
  const document: DecodedDocument = {
    label,
    context,
    records,
    originOf: (record) => placeIn(record, (place) => place.replace(/^line /, ":").replace(/^item /, "#")),
    placeOf: (record) => placeIn(record, (place) => ` ${place}`),
  };
  const tally = new Tally(bytesTotal, parts);
  await storeDecoded(results, document, parts.pipeline, tally);
  return tally.counts;

  function placeIn(record: number, write: (place: string) => string): string {
    const { file, place } = placeOf(record);
    const path = paths[file] ?? "";
    // Extracts name the table by the folder, and all parts alike.
    return `${basename(dirname(path))}/${basename(path)}${write(place)}`;
  }
}

/** Every file below a folder, by path; what begins with a dot is left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

const withoutByteOrderMark = (body: Buffer): Buffer =>
  body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
