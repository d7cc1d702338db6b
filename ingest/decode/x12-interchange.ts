/**
 * ASC X12 interchanges → transaction sets. The ISA segment declares the delimiters of each interchange; any character may be one. Real files
 * break the fixed lengths of ISA, indent segments and end lines at will, so the delimiters are found by counting elements.
 */
import { type Fault, faultAt } from "./fault";

/** `elements[0]` is the segment's name, so `elements[3]` is element 03. Texts are trimmed: X12 pads with blanks. */
export interface Segment {
  readonly name: string;
  readonly elements: readonly string[];
  /** From 1, the ST segment being the first. */
  readonly position: number;
}

export interface Envelope {
  readonly sender: string;
  readonly receiver: string;
  /** ISA13, GS06 */
  readonly interchangeControl: string;
  readonly groupControl: string;
  /** GS04 and GS05, "20261123" and "1015" */
  readonly date: string;
  readonly time: string;
}

export interface TransactionSet {
  readonly envelope: Envelope;
  /** "850" */
  readonly code: string;
  readonly control: string;
  /** Between ST and SE, both included. */
  readonly segments: readonly Segment[];
  readonly raw: string;
  /** ISA and GS as they stand before it: with them `raw` can be read without the rest of the file. */
  readonly head: string;
  /** Set when the set is not what its trailer says, or has none. */
  readonly fault: Fault | null;
}

interface Delimiters {
  readonly element: string;
  readonly segment: string;
}

/** Every set of every interchange, in order, or why the text holds none. */
export function readTransactionSets(text: string, checkSegmentCount: boolean): TransactionSet[] | Fault {
  const sets: TransactionSet[] = [];
  const starts = [...text.matchAll(/ISA(?=[^A-Za-z0-9\s]|[^\x20-\x7e])/g)].map(({ index }) => index);
  const [first] = starts;
  if (first === undefined || text.slice(0, first).trim() !== "") {
    return {
      path: "",
      reason: "expected an X12 interchange that starts with ISA, got other text; send the file as it came",
    };
  }
  let end = 0;
  for (const start of starts) {
    // The letters ISA inside an interchange are text.
    if (start < end) continue;
    const delimiters = delimitersOf(text, start);
    if (delimiters === null) {
      return faultAt(
        ["ISA"],
        "expected 16 elements and a GS segment after them, got fewer; send the interchange whole",
      );
    }
    end = readInterchange(text, start, delimiters, checkSegmentCount, sets);
  }
  return sets;
}

/** After the sixteenth separator comes one character (ISA16), then whatever stands before GS ends a segment. */
function delimitersOf(text: string, start: number): Delimiters | null {
  const element = text.charAt(start + 3);
  let at = start + 3;
  for (let count = 1; count < 16; count += 1) {
    at = text.indexOf(element, at + 1);
    if (at === -1) return null;
  }
  const group = text.indexOf(`GS${element}`, at + 2);
  if (group === -1 || group - at > 16) return null;
  const between = text.slice(at + 2, group);
  if (between.trim() !== "") return { element, segment: between.trim() };
  // Some senders leave ISA16 out, so that the terminator stands in its place.
  const last = text.charAt(at + 1);
  const groupLine = text.slice(group, text.indexOf("\n", group)).trimEnd();
  if (between.includes("\n")) return { element, segment: groupLine.endsWith(last) ? last : "\n" };
  return between === "" ? null : { element, segment: between.charAt(0) };
}

/** Adds the interchange's sets; returns where it ends. */
function readInterchange(
  text: string,
  start: number,
  { element, segment }: Delimiters,
  checkSegmentCount: boolean,
  sets: TransactionSet[],
): number {
  let isa: readonly string[] = [];
  let gs: readonly string[] = [];
  const heads = { isa: "", gs: "" };
  let open: { segments: Segment[]; from: number } | null = null;
  const close = (to: number, isWhole: boolean): void => {
    if (open) {
      const fault = isWhole ? faultOfTrailer(open.segments, checkSegmentCount) : missingTrailer(open.segments);
      sets.push(
        setOf(open.segments, envelopeOf(isa, gs), text.slice(open.from, to).trim(), heads.isa + heads.gs, fault),
      );
    }
    open = null;
  };
  for (let at = start; at < text.length; ) {
    const found = text.indexOf(segment, at);
    const end = found === -1 ? text.length : found;
    const elements = text
      .slice(at, end)
      .trim()
      .split(element)
      .map((value) => value.trim());
    const name = elements[0] ?? "";
    if (name === "ISA") [isa, heads.isa] = [elements, text.slice(at, end + segment.length)];
    if (name === "GS") [gs, heads.gs] = [elements, text.slice(at, end + segment.length)];
    if (name === "ST" || name === "GE" || name === "IEA") close(at, false);
    if (name === "ST") open = { segments: [], from: at };
    const current: { segments: Segment[] } | null = open;
    if (current && name !== "") current.segments.push({ name, elements, position: current.segments.length + 1 });
    at = end + segment.length;
    if (name === "SE") close(end, true);
    if (name === "IEA") return at;
  }
  close(text.length, false);
  return text.length;
}

function envelopeOf(isa: readonly string[], gs: readonly string[]): Envelope {
  return {
    sender: isa[6] ?? "",
    receiver: isa[8] ?? "",
    interchangeControl: isa[13] ?? "",
    groupControl: gs[6] ?? "",
    date: gs[4] ?? "",
    time: gs[5] ?? "",
  };
}

function setOf(
  segments: readonly Segment[],
  envelope: Envelope,
  raw: string,
  head: string,
  fault: Fault | null,
): TransactionSet {
  const { code, control } = identityOf(segments);
  return { envelope, code, control, segments, raw, head, fault };
}

/** ST01 and ST02 */
function identityOf([st]: readonly Segment[]): { code: string; control: string } {
  return { code: st?.elements[1] ?? "", control: st?.elements[2] ?? "" };
}

function missingTrailer(segments: readonly Segment[]): Fault {
  const { code, control } = identityOf(segments);
  return faultAt(
    [code, control, "SE"],
    "expected the set to end with SE, got none; the file is cut off, send it whole",
  );
}

/** SE01 counts the segments and SE02 repeats ST02: what does not add up was damaged on the way. */
function faultOfTrailer(segments: readonly Segment[], checkSegmentCount: boolean): Fault | null {
  const { code, control } = identityOf(segments);
  const trailer = segments.at(-1)?.elements ?? [];
  if (checkSegmentCount && Number(trailer[1]) !== segments.length) {
    const what = `expected the number of segments, ${segments.length}, got another; the set was damaged, send it again`;
    return faultAt([code, control, "SE", 1], what);
  }
  if (trailer[2] === control) return null;
  const what = "expected the control number of ST, got another; sets were mixed, send them again";
  return faultAt([code, control, "SE", 2], what);
}
