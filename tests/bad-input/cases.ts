/**
 * Bad (and merely ugly) input, as data. The unit tests run it against decodeBody, the intake tests over HTTP. Each case says what must
 * come of it; in every case the process lives on and the good neighbours in the same request are stored.
 */
import type { BadInputCase } from "./case";
import { FIELD_CASES } from "./field-cases";
import { PROTOCOL_CASES } from "./protocol-cases";
import { TEXT_CASES } from "./text-cases";

export const BAD_INPUT_CASES: readonly BadInputCase[] = [...TEXT_CASES, ...FIELD_CASES, ...PROTOCOL_CASES];
