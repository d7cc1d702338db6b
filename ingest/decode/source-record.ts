/** One record of a source's own format, with its bytes. */
import type { Fault } from "./fault";

export type SourceRecord =
  | { readonly ok: true; readonly value: unknown; readonly raw: Buffer }
  | { readonly ok: false; readonly fault: Fault; readonly raw: Buffer };
