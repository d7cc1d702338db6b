/** Of which class a failure is, by its code and words. Pure. */

import { classOfCode, classOfCodeIn } from "./class-codes";
import { classOfStatus, statusOf } from "./class-statuses";
import { classOfWords } from "./class-words";
import type { ExceptionCategory, ExceptionClass } from "./exception";
import { wordsOf } from "./message-words";

export interface Failed {
  /** What the source said: technical, business, or nothing. */
  readonly errorClass: string;
  readonly errorCode: string;
  readonly message: string;
  /** failed, rejected, or ok for a message put aside. */
  readonly outcome: string;
  /** Of the HTTP answer, where there was one. */
  readonly status?: number | null;
}

/**
 * The class tells whether trying again can help and whose work it is. What the code says goes before what the words say, except where the code says
 * little (HTTP 400, 422, 500, an IDoc's 51). The category is the source's own when it says business; else it follows the class.
 */
export function classify(failure: Failed): { readonly class: ExceptionClass; readonly category: ExceptionCategory } {
  const found = classOf(failure);
  const business = failure.errorClass === "business" || found === "business";
  return { class: found, category: business ? "business" : "technical" };
}

function classOf({ errorClass, errorCode, message, outcome, status }: Failed): ExceptionClass {
  const byCode = classOfCode(errorCode);
  if (byCode) return byCode;
  // Read from the words, not from the message: an order numbered 503 is not an answer 503, and all cases of one cause get one class.
  const words = wordsOf(message).toLowerCase();
  const byCodeWithin = classOfCodeIn(words);
  if (byCodeWithin) return byCodeWithin;
  const answer = statusOf(errorCode, status ?? null, words);
  if (answer !== null) {
    const byStatus = classOfStatus(answer, words);
    if (byStatus) return byStatus;
  }
  const byWords = classOfWords(words) ?? classOfWords(errorCode.replace(/[_-]+/g, " ").toLowerCase());
  if (byWords) return byWords;
  if (errorClass === "business" || outcome === "rejected") return "business";
  // Nothing is known of it. To try again is bounded, and looks before it sends.
  return "intermittent";
}
