/** One operation of the API: what guards it, what it takes and what it answers. The guard obeys it and the OpenAPI document shows it. */
import type { z } from "zod";
import type { Permission } from "@/lib/auth/permissions";
import type { ProblemStatus } from "./problem";

export interface Operation<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType> {
  /** Unique; the name of the operation in generated clients. */
  readonly id: string;
  readonly method: "GET" | "POST";
  /** "/api/v1/journeys/{type}/{id}" */
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly description?: string;
  /** Per path parameter, what it is. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: Body;
  /** Instead of `body`: a file as it is, of one of these media types. */
  readonly upload?: { readonly mediaTypes: readonly string[] };
  readonly answer: {
    readonly status: 200 | 202;
    readonly description: string;
    readonly contentType?: string;
    readonly schema?: z.ZodType;
  };
  /** Errors of its own, beside those that every guarded operation may answer with. */
  readonly problems?: readonly ProblemStatus[];
}

/** One that anybody may call: its route is not guarded. */
export type PublicOperation = Omit<Operation, "permission"> & { readonly permission: null };

/** Keeps the types of query and body. */
export const operation = <Query extends z.ZodObject, Body extends z.ZodType>(
  declared: Operation<Query, Body>,
): Operation<Query, Body> => declared;

/**
 * Reads the path parameters out of the address as it came, each decoded once: "SH%2F77" is the shipment "SH/77", "100%25" is "100%".
 * Null when the address has another form or a part is not percent-encoded UTF-8.
 */
export function pathParameters(pattern: string, pathname: string): Record<string, string> | null {
  const names = pattern.split("/");
  const parts = pathname.replace(/\/$/, "").split("/");
  if (parts.length !== names.length) return null;
  const found: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? "";
    if (!name.startsWith("{")) {
      if (part !== name) return null;
      continue;
    }
    try {
      found[name.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return null;
    }
  }
  return found;
}
