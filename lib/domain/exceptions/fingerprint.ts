/** Which failures have one cause: those of one interface, class and error code whose messages say the same words. Pure. */
import { createHash } from "node:crypto";
import type { ExceptionClass } from "./exception";
import { wordsOf } from "./message-words";

const HEX_CHARS = 24;

export interface Failing {
  readonly interface: string;
  readonly class: ExceptionClass;
  readonly errorCode: string;
  readonly message: string;
  /** Numbers that the failed event itself names: its objects', its message key. They are of the case, whatever they look like. */
  readonly identifiers: readonly string[];
}

/** `fingerprint`: `fp_` and 96 bits of SHA-256. `cause`: the message without what differs from case to case, readable, at most 500 characters. */
export function fingerprintOf(failing: Failing): { readonly fingerprint: string; readonly cause: string } {
  const code = codeOf(failing.errorCode, failing.identifiers);
  const words = wordsOf(failing.message, failing.identifiers);
  const hash = createHash("sha256")
    .update(JSON.stringify([failing.interface, failing.class, code, words.toLowerCase()]))
    .digest("hex");
  return { fingerprint: `fp_${hash.slice(0, HEX_CHARS)}`, cause: words || withoutWords(failing.errorCode.trim()) };
}

const withoutWords = (code: string): string => (code ? `${code}, without a message` : "No message");

/** "F5 201", "F5-201" and "f5201" are one code. A code that is a number of the case (of its order, a UUID) tells nothing. */
function codeOf(code: string, identifiers: readonly string[]): string {
  const plain = code.normalize("NFKC").trim();
  if (identifiers.includes(plain) || /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.test(plain))
    return "";
  return plain.replace(/[\s_-]+/g, "").toUpperCase();
}
