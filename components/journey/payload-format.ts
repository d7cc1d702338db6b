/** A payload as people read it. Pure: never throws, never changes a digit. */

/** Past this, formatting would hold the page up; the text is shown as it came. */
const FORMAT_LIMIT_CHARS = 2_000_000;

export interface FormattedPayload {
  readonly format: "json" | "xml" | "edi" | "text";
  readonly text: string;
}

/** JSON and XML are indented; EDI gets one segment a line; anything else stays as it is. */
export function formatPayload(raw: string): FormattedPayload {
  const text = raw.trim();
  if (text.length > FORMAT_LIMIT_CHARS) return { format: "text", text: raw };
  if (text.startsWith("{") || text.startsWith("[")) return { format: "json", text: indentJson(text) };
  if (text.startsWith("<")) return { format: "xml", text: indentXml(text) };
  const segments = ediSegments(text);
  return segments ? { format: "edi", text: segments } : { format: "text", text: raw };
}

/** Indents by scanning, not by parsing: parse and print would turn 12.50 into 12.5 and lose digits of long numbers. */
function indentJson(text: string): string {
  let out = "";
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (inString) {
      out += character;
      if (character === "\\") {
        index += 1;
        out += text.charAt(index);
      } else if (character === '"') inString = false;
      continue;
    }
    if (/\s/.test(character)) continue;
    if (character === '"') inString = true;
    if (character === "{" || character === "[") {
      const close = /^\s*[}\]]/.exec(text.slice(index + 1, index + 1_024));
      if (close) {
        out += character + close[0].trim();
        index += close[0].length;
        continue;
      }
      depth += 1;
      out += `${character}\n${indent(depth)}`;
    } else if (character === "}" || character === "]") {
      depth = Math.max(0, depth - 1);
      out += `\n${indent(depth)}${character}`;
    } else if (character === ",") out += `,\n${indent(depth)}`;
    else if (character === ":") out += ": ";
    else out += character;
  }
  return out;
}

const indent = (depth: number): string => "  ".repeat(Math.min(depth, 40));

function indentXml(text: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const token of text.replaceAll(/>\s+</g, "><").split(/(?<=>)(?=<)/)) {
    const closes = token.startsWith("</");
    if (closes) depth = Math.max(0, depth - 1);
    lines.push(indent(depth) + token);
    const opens = /^<[^!?/][^>]*[^/]>$/.test(token) || /^<[^!?/]>$/.test(token);
    if (opens) depth += 1;
  }
  return lines.join("\n");
}

function ediSegments(text: string): string | null {
  if (text.startsWith("ISA") && text.length > 106) {
    const terminator = text.charAt(105);
    return terminator.trim() === ""
      ? text
      : text
          .split(terminator)
          .map((segment) => segment.trim())
          .filter(Boolean)
          .join(`${terminator}\n`);
  }
  if (text.startsWith("UNA") || text.startsWith("UNB")) {
    const terminator = text.startsWith("UNA") ? text.charAt(8) : "'";
    return text.split(new RegExp(`(?<=${escaped(terminator)})\\s*`)).join("\n");
  }
  return null;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

export interface TextPart {
  readonly text: string;
  readonly found: boolean;
}

/** The text cut at each occurrence of the query, in any case. */
export function markMatches(
  text: string,
  query: string,
): { readonly parts: readonly TextPart[]; readonly matches: number } {
  const needle = query.trim().toLowerCase();
  if (needle === "") return { parts: [{ text, found: false }], matches: 0 };
  const haystack = text.toLowerCase();
  // Lower-casing may change the length of a text (İ); then positions would be off, and only equal case is found.
  const source = haystack.length === text.length ? haystack : text;
  const parts: TextPart[] = [];
  let from = 0;
  let matches = 0;
  for (let at = source.indexOf(needle); at !== -1; at = source.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), found: false });
    parts.push({ text: text.slice(at, at + needle.length), found: true });
    from = at + needle.length;
    matches += 1;
  }
  parts.push({ text: text.slice(from), found: false });
  return { parts, matches };
}
