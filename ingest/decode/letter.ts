/** A dead letter's bytes → events, by the decoders as they are now. Pure. */
import { type Decoders, decodeBody, type FormatDecoder } from "./decode";
import { type DeadLetterStep, type DecodeContext, type Decoded, isUnreadable, type Unreadable } from "./decoded";

export interface Letter {
  readonly step: DeadLetterStep;
  readonly contentType: string;
  readonly raw: Buffer;
  /** '' when it could not be told. */
  readonly source: string;
}

const STRUCTURED = "application/cloudevents+json";

/**
 * Reads a letter as what it was: an event (all that was put aside after it was decoded, and CloudEvents one by one), a record of its source's format, or
 * a body that could not be read as a whole. The first reading that yields anything but a refusal of the whole is taken.
 */
export function decodeLetter(letter: Letter, decoders: Decoders): Decoded[] | Unreadable {
  const source = letter.source === "" ? null : letter.source;
  const context: DecodeContext = { source, contentType: letter.contentType, headers: {} };
  const event = () => decodeBody(letter.raw, { ...context, contentType: STRUCTURED });
  const format = formatOf(letter, decoders);
  if (format === null) return event();
  if (saysEvent(letter.raw)) {
    const [read] = asList(event());
    if (read?.ok) return [read];
  }
  const item: FormatDecoder | undefined = decoders.items.get(format);
  const whole = () => decodeBody(letter.raw, { ...context, contentType: format }, decoders);
  const alone = () => item?.(letter.raw, { ...context, contentType: format }) ?? notAlone(format);
  // Where the body as a whole could not be parsed, the whole of it was kept; else the record.
  const [first, second] = letter.step === "parse" ? [whole, alone] : [alone, whole];
  const read = first();
  if (!isUnreadable(read) && read.some(({ ok }) => ok)) return read;
  const other = second();
  return !isUnreadable(other) && other.some(({ ok }) => ok) ? other : read;
}

/** The format in which a file was imported, or in which the source sends. */
function formatOf({ contentType, source }: Letter, decoders: Decoders): string | null {
  const named = contentType.trim();
  return decoders.formats.has(named) ? named : source === "" ? null : decoders.formatOfSource(source);
}

/** Whether it may be a CloudEvent: those name the version of their form near their beginning, as they come and as we write them. */
const saysEvent = (raw: Buffer): boolean => raw.subarray(0, 4_096).includes('"specversion"');

const asList = (read: Decoded[] | Unreadable): Decoded[] => (isUnreadable(read) ? [] : read);

const notAlone = (format: string | null): Unreadable => ({
  unreadable: {
    kind: "unsupported",
    path: "",
    reason: `expected a record that can be read alone, got one of the format "${format}", which needs the rest of its file; import the file again`,
  },
});
