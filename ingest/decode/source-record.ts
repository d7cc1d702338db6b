/** One record of a source's own format, with its bytes. */
import type { Fault } from "./fault";

export type SourceRecord = (
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly fault: Fault;
      /** `parse`: its bytes are none of the format. `decode`: they are, and say something that cannot be. */
      readonly step: "parse" | "decode";
    }
) & {
  readonly raw: Buffer;
  /** Of formats with a record a line: which, from 1. */
  readonly line?: number;
};

export const asFault = ({ raw, line }: SourceRecord, fault: Fault): SourceRecord => ({
  ok: false,
  fault,
  step: "decode",
  raw,
  ...(line === undefined ? {} : { line }),
});
