/** Secrets that the product makes for itself on first start and keeps in DATA_DIR, readable by its own user only. */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SECRET_BYTES = 32;

/**
 * Reads the secret in `dataDir/name`, making it (256 random bits, mode 0600) when there is none. Two processes that start at once
 * end with the same secret: the file is written aside and linked into place, and a link that exists is never replaced.
 * @throws when the folder cannot be written or the file is damaged; the message names the file.
 */
export function readOrCreateSecret(dataDir: string, name: string): string {
  const path = join(dataDir, name);
  const known = readSecret(path);
  if (known !== null) return known;
  mkdirSync(dataDir, { recursive: true });
  const aside = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeFileSync(aside, `${randomBytes(SECRET_BYTES).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    linkSync(aside, path);
  } catch (error) {
    if (!isErrorOf(error, "EEXIST")) throw new Error(`${path}: cannot be written; check DATA_DIR.`, { cause: error });
  } finally {
    rmSync(aside, { force: true });
  }
  const made = readSecret(path);
  if (made === null) throw new Error(`${path}: was written and is gone again; something else clears DATA_DIR.`);
  return made;
}

function readSecret(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isErrorOf(error, "ENOENT")) return null;
    throw new Error(`${path}: cannot be read; check its owner.`, { cause: error });
  }
  if (text.length < SECRET_BYTES)
    throw new Error(`${path}: holds no usable secret; remove the file to make a new one.`);
  return text;
}

const isErrorOf = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
