/**
 * The first line of every API route: who calls, may they, is the input well-formed, and every error as problem+json. A route is
 * `export const GET = guardedRoute(readJourneyOperation, async ({ params, query }) => …)`; it returns what goes out as JSON, or a Response.
 */
import type { z } from "zod";
import { authenticate, type Caller } from "@/lib/auth/caller";
import { isOwnOrigin } from "@/lib/auth/origin";
import { type Permission, scopesGiving } from "@/lib/auth/permissions";
import { classifyError } from "@/lib/clickhouse/errors";
import { type Services, services } from "@/lib/services";
import { type Operation, pathParameters } from "./operation";
import { ApiProblem, problemResponse, responseOf } from "./problem";
import { parseBody, parseQuery } from "./request-input";
import { createRequestLimit } from "./request-limit";

export interface RouteCall<Query, Body> {
  readonly request: Request;
  /** Path parameters, decoded. A parameter that the operation's path names is always there. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly services: Services;
  readonly now: Date;
}

const requestLimit = createRequestLimit();

export function guardedRoute<Query extends z.ZodObject, Body extends z.ZodType>(
  operation: Operation<Query, Body>,
  handle: (call: RouteCall<z.output<Query>, z.output<Body>>) => Promise<object>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const shared = services();
      const now = new Date();
      const caller = await requireCaller(shared, request, operation.permission);
      limitRequests(caller, now);
      const url = new URL(request.url);
      const params = parametersOf(operation, url);
      const query = parseQuery(operation.query, url.searchParams);
      const body = (operation.body ? await parseBody(operation.body, request) : undefined) as z.output<Body>;
      const answer = await handle({ request, params, query, body, caller, services: shared, now });
      return answer instanceof Response ? answer : jsonResponse(answer, operation.answer.status);
    } catch (error) {
      return answerError(error, request);
    }
  };
}

/** What people and tokens may see differs, and changes: nothing between us and them may keep it. */
const jsonResponse = (answer: object, status: number): Response =>
  new Response(JSON.stringify(answer), {
    status,
    headers: { "content-type": "application/json", "cache-control": "private, no-store" },
  });

function limitRequests(caller: Caller, now: Date): void {
  const waitSeconds = requestLimit(`${caller.actor.kind} ${caller.actor.id}`, now.getTime());
  if (waitSeconds === 0) return;
  throw new ApiProblem(429, `Too many requests; go on in ${waitSeconds} s.`, {
    headers: { "retry-after": String(waitSeconds) },
  });
}

function parametersOf(operation: Pick<Operation, "path">, url: URL): Record<string, string> {
  const params = pathParameters(operation.path, url.pathname);
  if (params !== null && !Object.values(params).some((value) => value.includes("\u0000"))) return params;
  throw new ApiProblem(
    400,
    `The address does not fit ${operation.path}, each part percent-encoded UTF-8 without NUL.`,
    {
      errors: [{ path: "path", message: `must fit ${operation.path}` }],
    },
  );
}

/** For requests by other methods than those a route has; RFC 9110 wants to be told which. */
export function otherMethods(
  ...allowed: readonly string[]
): Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", () => Response> {
  const refuse = () =>
    problemResponse(405, `This address takes ${allowed.join(" and ")} only.`, {
      headers: { allow: allowed.join(", ") },
    });
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse };
}

async function requireCaller(shared: Services, request: Request, permission: Permission): Promise<Caller> {
  const found = await authenticate(shared, request);
  if (found.caller === null) throw notAuthenticated(found.reason);
  const { caller } = found;
  const isAct = request.method !== "GET" && request.method !== "HEAD";
  if (isAct && caller.actor.kind === "person" && !isOwnOrigin(request.headers, shared.environment.auth.url)) {
    throw new ApiProblem(
      403,
      "This request comes from another site. Acts are taken from Throughline's own pages only.",
    );
  }
  requirePermissionOf(caller, permission);
  return caller;
}

/**
 * For an operation of which a part needs more than the whole (its own permission is checked first, by the guard).
 * @throws ApiProblem 403
 */
export function requirePermissionOf(caller: Caller, permission: Permission): void {
  if (caller.permissions.includes(permission)) return;
  const scopes = scopesGiving(permission);
  const remedy =
    caller.actor.kind === "token"
      ? scopes.length > 0
        ? `It needs a token with scope ${scopes.join(" or ")}.`
        : "No token may; sign in."
      : "An administrator can change your role.";
  throw new ApiProblem(
    403,
    `This needs the permission ${permission}, which ${caller.standing} does not have. ${remedy}`,
  );
}

function notAuthenticated(reason: "none" | "bad-token" | "bad-session"): ApiProblem {
  const details = {
    none: "Sign in, or send Authorization: Bearer with a token (npm run token -- create).",
    "bad-token": "The token is not known or was revoked. Authorization must be: Bearer TOKEN.",
    "bad-session": "The session has ended. Sign in again.",
  };
  const challenge =
    reason === "bad-token" ? 'Bearer realm="throughline", error="invalid_token"' : 'Bearer realm="throughline"';
  return new ApiProblem(401, details[reason], { headers: { "www-authenticate": challenge } });
}

function answerError(error: unknown, request: Request): Response {
  if (error instanceof ApiProblem) return responseOf(error);
  const path = new URL(request.url).pathname;
  const { log } = services();
  if (classifyError(error) === "retry") {
    log.warn({ err: error, path }, "the store did not answer");
    return problemResponse(503, "The store does not answer at the moment. Try again shortly.", {
      headers: { "retry-after": "5" },
    });
  }
  log.error({ err: error, path }, "request failed");
  return problemResponse(500, "Something failed on our side; the log of the app says what.");
}
