/** Statuses of answers: of HTTP (RFC 9110, RFC 6585) and of SAP's IDocs. Where a status leaves the class open, the words decide. */

import { classOfWords } from "./class-words";
import type { ExceptionClass } from "./exception";

export interface Status {
  readonly kind: "http" | "idoc";
  readonly number: number;
}

const HTTP_IN_WORDS =
  /\bhttps?(?:\/\d(?:\.\d)?)?\W{0,3}(?:status|code|error|statuscode|response)?\W{0,3}([45]\d\d)\b|\b(?:status|status code|statuscode|response code|http code)\W{0,4}([45]\d\d)\b|\b([45]\d\d)\W{1,3}(?:bad request|unauthorized|forbidden|not found|method not|conflict|gone|payload|request entity|content too|unsupported media|unprocessable|locked|too many|internal server|not implemented|bad gateway|service (?:temporarily )?unavailable|gateway time)|^\(?([45]\d\d)\)?[\s:,-]/;
const IDOC_IN_WORDS = /\bidoc\b.{0,60}?\bstatus\W{0,3}(\d{2})\b|\bidoc\W?status\W{0,3}(\d{2})\b/;

/** The status that the code is, or that was given, or that the words state; null without one. */
export function statusOf(code: string, given: number | null, words: string): Status | null {
  const plain = code.trim().toUpperCase();
  const http = /^(?:HTTP|STATUS)?(?:[\s_/:-]|STATUS|ERROR|CODE)*([1-5]\d\d)$/.exec(plain)?.[1];
  if (http) return { kind: "http", number: Number(http) };
  const idoc = /^IDOC[\s_:-]*(?:STATUS)?[\s_:-]*(\d{2})$/.exec(plain)?.[1];
  if (idoc) return { kind: "idoc", number: Number(idoc) };
  if (given !== null) return { kind: "http", number: given };
  const idocSaid = IDOC_IN_WORDS.exec(words);
  if (idocSaid) return { kind: "idoc", number: Number(idocSaid[1] ?? idocSaid[2]) };
  const said = HTTP_IN_WORDS.exec(words);
  const number = said?.slice(1).find((group) => group !== undefined);
  return number === undefined ? null : { kind: "http", number: Number(number) };
}

/** Statuses that need no words. 503 with words of a limit is one: shops answer so when they throttle. */
const PLAIN: Readonly<Record<number, ExceptionClass>> = {
  401: "permission",
  402: "business",
  403: "permission",
  405: "contract",
  406: "contract",
  407: "permission",
  408: "intermittent",
  410: "missing",
  411: "contract",
  413: "too_large",
  414: "too_large",
  415: "contract",
  423: "intermittent",
  425: "intermittent",
  426: "contract",
  428: "contract",
  429: "rate_limit",
  431: "too_large",
  451: "business",
  501: "contract",
  502: "intermittent",
  504: "intermittent",
  505: "contract",
  507: "intermittent",
  511: "permission",
  // Between a proxy and the origin.
  520: "intermittent",
  521: "connection",
  522: "intermittent",
  523: "connection",
  524: "intermittent",
  529: "intermittent",
};

/** Statuses whose words decide, and what they are without any. */
const BY_WORDS: Readonly<Record<number, ExceptionClass>> = {
  400: "contract",
  404: "missing",
  409: "duplicate",
  412: "business",
  422: "value",
  500: "intermittent",
};

const IDOC: Readonly<Record<number, ExceptionClass>> = {
  2: "connection",
  4: "contract",
  5: "contract",
  20: "connection",
  26: "contract",
  29: "connection",
  37: "contract",
  51: "business",
  54: "contract",
  56: "missing",
  60: "contract",
  61: "contract",
  63: "intermittent",
  65: "intermittent",
  66: "intermittent",
  68: "business",
};

export function classOfStatus({ kind, number }: Status, words: string): ExceptionClass | null {
  if (kind === "idoc") return classOfWords(words) ?? IDOC[number] ?? null;
  const said = number === 503 || number in BY_WORDS ? classOfWords(words) : null;
  if (number === 503) return said === "rate_limit" ? said : "intermittent";
  // A conflict is a lock or an older version as often as a thing that is there already.
  if (number === 409) return said === "intermittent" || said === "business" ? said : "duplicate";
  // What was not found may be a page that a proxy serves, but not a time-out.
  if (number === 404) return said === "business" || said === "permission" || said === "contract" ? said : "missing";
  return (
    PLAIN[number] ?? said ?? BY_WORDS[number] ?? (number >= 500 ? "intermittent" : number >= 400 ? "contract" : null)
  );
}
