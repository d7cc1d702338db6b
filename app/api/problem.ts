/** Errors as RFC 9457 `application/problem+json` (docs/api.md). Every error that the API answers with is made here. */

/** A fault in one parameter or field: `path` names it. */
export interface ProblemError {
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
}

const TITLES = {
  400: ["invalid-request", "The request is not valid"],
  401: ["not-signed-in", "Not signed in"],
  403: ["no-permission", "No permission"],
  404: ["not-found", "Not found"],
  405: ["method-not-allowed", "Method not allowed"],
  409: ["conflict", "Not possible as things stand"],
  413: ["too-large", "Too large"],
  415: ["unsupported-media-type", "Unsupported media type"],
  429: ["too-many-requests", "Too many requests"],
  500: ["internal-error", "Internal error"],
  502: ["worker-refused", "The worker refused"],
  503: ["unavailable", "Temporarily unavailable"],
} as const;

export type ProblemStatus = keyof typeof TITLES;

export interface ProblemOptions {
  readonly errors?: readonly ProblemError[];
  /** Further members of the body ("roots"). */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below a guarded route; the guard turns it into the answer. `detail` says what to do and holds no payload or secret. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  constructor(
    readonly status: ProblemStatus,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }
}

export function problemResponse(status: ProblemStatus, detail: string, options: ProblemOptions = {}): Response {
  const [type, title] = TITLES[status];
  const problem: Problem = {
    type: `urn:throughline:problem:${type}`,
    title,
    status,
    detail,
    ...(options.errors ? { errors: options.errors } : {}),
    ...options.members,
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...options.headers },
  });
}

export const responseOf = (problem: ApiProblem): Response =>
  problemResponse(problem.status, problem.detail, problem.options);
