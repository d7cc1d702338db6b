/** Query parameters and bodies: parsed once, at the edge; what does not fit is named in the answer. */
import { ZodType, type z } from "zod";
import { faultText } from "@/lib/domain/fault-text";
import { ApiProblem, type ProblemError } from "./problem";

/** The largest body of the app's API; acts are small. Events go to the intake. */
export const BODY_BYTES_MAX = 64 * 1024;

/**
 * An unknown parameter is refused: a misspelt filter that is silently ignored shows everything.
 * @throws ApiProblem 400 naming each parameter
 */
export function parseQuery<Schema extends z.ZodObject>(
  schema: Schema | undefined,
  query: URLSearchParams,
): z.output<Schema> {
  const known = new Set(Object.keys(schema?.shape ?? {}));
  const faults: ProblemError[] = [];
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(query.keys())) {
    const given = query.getAll(name);
    if (!known.has(name))
      faults.push({ path: name, message: `is not a parameter here; known are: ${[...known].join(", ") || "none"}` });
    else if (given.some((value) => value.includes("\u0000")))
      faults.push({ path: name, message: "must not contain NUL" });
    else if (isRepeatable(schema?.shape[name])) values[name] = given;
    else if (given.length > 1) faults.push({ path: name, message: "may be given once" });
    // An empty parameter ("?from=") is what a form sends for "not set".
    else if (given[0] !== "") values[name] = given[0] ?? "";
  }
  const parsed = schema?.safeParse(values, { error: faultText });
  if (parsed?.success === false) {
    // One that was refused above is not in `values`: that it is missing there is no second fault.
    const told = new Set(faults.map((fault) => fault.path));
    const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
    faults.push(...issues.filter((issue) => !told.has(issue.path)));
  }
  if (faults.length > 0) throw invalid("query parameter", faults);
  return (parsed?.data ?? {}) as z.output<Schema>;
}

/** A parameter that is a list says so in its metadata: `?state=late&state=orphan`. */
const isRepeatable = (schema: unknown): boolean => schema instanceof ZodType && schema.meta()?.repeatable === true;

/** @throws ApiProblem 413, 415 or 400 naming each field */
export async function parseBody<Schema extends z.ZodType>(schema: Schema, request: Request): Promise<z.output<Schema>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new ApiProblem(415, `Send the body as application/json, not ${type || "without a content type"}.`);
  }
  const text = (await readBytes(request, BODY_BYTES_MAX)).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ApiProblem(400, "The body is not valid JSON.", { errors: [{ path: "", message: "must be valid JSON" }] });
  }
  const parsed = schema.safeParse(json, { error: faultText });
  if (parsed.success) return parsed.data;
  throw invalid(
    "field",
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

function invalid(what: string, errors: readonly ProblemError[]): ApiProblem {
  const listed = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
  return new ApiProblem(
    400,
    `${errors.length === 1 ? `A ${what} is` : `${errors.length} ${what}s are`} not valid: ${listed}.`,
    { errors },
  );
}

/** @throws ApiProblem 413 */
export async function readBytes(request: Request, bytesMax: number): Promise<Buffer> {
  const tooLarge = new ApiProblem(413, `The body is larger than ${bytesMax} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body ?? []) {
    bytes += part.byteLength;
    // A chunked body does not announce its size.
    if (bytes > bytesMax) throw tooLarge;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
