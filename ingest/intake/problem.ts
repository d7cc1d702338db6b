/** Errors as RFC 9457 problem documents: the only form in which intake says no. */
import { STATUS_CODES } from "node:http";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

export interface Problem {
  readonly status: number;
  /** What was expected, what came, what to do. Never the content. */
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
  /** For 401, 405 and 415: the header that says what would do. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown inside a request to end it with a problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export const problemBody = ({ status, detail, errors }: Problem) => ({
  type: "about:blank",
  title: STATUS_CODES[status] ?? "Error",
  status,
  detail,
  ...(errors ? { errors } : {}),
});

export const problemHeaders = ({ headers = {}, retryAfterSeconds }: Problem): Record<string, string> => ({
  ...headers,
  ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
});
