/** What an error message says, apart from the form it came in: a JSON body, an HTML or XML page, a stack trace, odd Unicode. Pure. */

/** What JSON errors keep their words under; the order is kept as they stand in the body. */
const SAYING =
  /^(?:message|messages|error|errors|detail|details|title|description|error_?description|error_?message|msg|reason|cause|code|error_?code|fault_?string|fault_?code|summary|text|value|lang|innererror|inner_?error|type|field|property|path|pointer|source|errordetails|severity|status|response|fault|body|data|[0-9]+)$/i;
/** A body nests what it says no deeper. */
const DEPTH_MAX = 8;
const PIECES_MAX = 40;
/** JSON of more characters is read as text. */
const JSON_CHARS = 70_000;

/** One line of plain text: no markup, no frames of a stack, no invisible or private-use characters; composed as NFKC. */
export function sayPlainly(message: string): string {
  const spoken = withoutMarkup(withoutJson(message.slice(0, JSON_CHARS)).slice(0, 16_000));
  return withoutFrames(spoken)
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

function withoutJson(message: string): string {
  const start = message.search(/[{[]\s{0,20}["{]/);
  if (start < 0) return message;
  const end = Math.max(message.lastIndexOf("}"), message.lastIndexOf("]"));
  try {
    const body: unknown = JSON.parse(message.slice(start, end + 1));
    const pieces: string[] = [];
    collect(body, pieces, 0);
    return `${message.slice(0, start)} ${pieces.join("; ")} ${message.slice(end + 1)}`;
  } catch {
    // Cut off, or not JSON: its quotes would hide the words, so they go.
    return /"\s{0,5}:/.test(message)
      ? `${message.slice(0, start)}${message.slice(start).replace(/\\?"/g, " ")}`
      : message;
  }
}

function collect(value: unknown, pieces: string[], depth: number): void {
  if (pieces.length >= PIECES_MAX || depth > DEPTH_MAX || value === null) return;
  if (typeof value === "string" || typeof value === "number") {
    pieces.push(String(value));
    return;
  }
  if (typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && !SAYING.test(name)) continue;
    // A number alone is a code only where its name says so; "code 401" keeps it one.
    if (/^(?:error_?)?code$|^status$/i.test(name) && (typeof inner === "string" || typeof inner === "number"))
      pieces.push(`code ${inner}`);
    else collect(inner, pieces, depth + 1);
  }
}

function withoutMarkup(text: string): string {
  if (!/^\s{0,50}<[!?a-z]/i.test(text) && !/<\/[a-z:]{1,40}>/i.test(text)) return text;
  return text
    .replace(/<(?:script|style)\b[^<]{0,8000}<\/(?:script|style)>/gi, " ")
    .replace(/<[/!?a-z][^<>]{0,2000}>/gi, " ")
    .replace(/&nbsp;/g, " ")
    .replace(/&quot;/g, '"')
    .replace(/&(?:apos|#39);/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

/** Frames name lines of code, which move with every release; what a cause says after them stays. */
const FRAME =
  /^\s{0,40}(?:at |bei )[^\n]{1,300}\([^()\n]{0,200}\)\s{0,5}$|^\s{0,40}at [\w.$/<>:\\-]{1,200}(?: in [^\n]{1,200})?:?(?:line )?\d{0,7}(?::\d{1,7})?\s{0,5}$|^\s{0,40}\.\.\. \d{1,5} (?:common frames omitted|more)\s{0,5}$|^\s{0,40}File "[^"\n]{1,300}", line \d{1,7}, in [^\n]{1,200}$/gm;

const withoutFrames = (text: string): string =>
  /\n\s{0,40}(?:at |bei |File "|\.\.\. \d)/.test(text) ? text.replace(FRAME, " ") : text;
