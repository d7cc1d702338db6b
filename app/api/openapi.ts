/** The OpenAPI 3.1 description, made of the operations that the routes obey. */
import { z } from "zod";
import { scopesGiving } from "@/lib/auth/permissions";
import type { Operation, PublicOperation } from "./operation";
import type { ProblemStatus } from "./problem";
import { OPERATIONS } from "./v1/operations";
import { problem } from "./v1/schemas";

/** What every guarded operation may answer with, beside its own. */
const COMMON_PROBLEMS: readonly ProblemStatus[] = [400, 401, 403, 429, 500, 503];

type Json = Record<string, unknown>;

export function openapiDocument(operations: readonly (Operation | PublicOperation)[] = OPERATIONS): Json {
  const components: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation, components),
    };
  }
  schemaOf(problem, components);
  return {
    openapi: "3.1.0",
    info: {
      title: "Throughline",
      version: "1",
      description:
        "Orders across systems, read by programs. Decimals travel as strings, times as RFC 3339 in UTC with milliseconds, errors as RFC 9457 problem details. Fields may be added; none is renamed or removed.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "throughline.session",
          description: "The cookie of a person signed in",
        },
        token: { type: "http", scheme: "bearer", description: "npm run token -- create --name NAME --scopes read" },
      },
    },
  };
}

function describe(operation: Operation | PublicOperation, components: Record<string, Json>): Json {
  const { answer, permission } = operation;
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: [operation.description, rightsOf(operation)].filter(Boolean).join("\n\n"),
    ...(permission === null ? { security: [] } : {}),
    parameters: [...pathParametersOf(operation), ...queryParametersOf(operation, components)],
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(operation.body, components, "input") } },
          },
        }
      : {}),
    ...(operation.upload
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              operation.upload.mediaTypes.map((type) => [type, { schema: { type: "string", format: "binary" } }]),
            ),
          },
        }
      : {}),
    responses: {
      [answer.status]: {
        description: answer.description,
        content: {
          [answer.contentType ?? "application/json"]: {
            schema: answer.schema ? schemaOf(answer.schema, components) : { type: "string" },
          },
        },
      },
      ...problemsOf(operation),
    },
  };
}

function rightsOf({ permission }: Operation | PublicOperation): string {
  if (permission === null) return "Public.";
  const scopes = scopesGiving(permission);
  return `Needs the permission \`${permission}\`${scopes.length > 0 ? `, or a token with scope ${scopes.map((scope) => `\`${scope}\``).join(" or ")}` : ""}.`;
}

const pathParametersOf = ({ parameters = {} }: Operation | PublicOperation): Json[] =>
  Object.entries(parameters).map(([name, description]) => ({
    name,
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
  }));

function queryParametersOf({ query }: Operation | PublicOperation, components: Record<string, Json>): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...shape } = schemaOf(schema as z.ZodType, components, "input");
    const isRequired = !(schema as z.ZodType).safeParse(undefined).success;
    return { name, in: "query", required: isRequired, description, schema: shape };
  });
}

function problemsOf(operation: Operation | PublicOperation): Json {
  const statuses = operation.permission === null ? [] : [...COMMON_PROBLEMS, ...(operation.problems ?? [])];
  return Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => [
      status,
      {
        description: "Problem details",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

/** The JSON Schema; schemas with an `id` are put among the components and referred to. */
function schemaOf(schema: z.ZodType, components: Record<string, Json>, io: "input" | "output" = "output"): Json {
  const {
    $schema: _,
    $defs = {},
    ...shape
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // Only our own shape is described; a transform's input is text.
    override: ({ jsonSchema }) => {
      if (io === "output") delete jsonSchema.additionalProperties;
    },
  }) as Json & { $defs?: Record<string, Json> };
  for (const [name, definition] of Object.entries($defs)) components[name] = relink(definition);
  const { id, ...described } = relink(shape);
  if (typeof id !== "string") return described;
  components[id] = described;
  return { $ref: `#/components/schemas/${id}` };
}

const relink = (shape: Json): Json =>
  JSON.parse(JSON.stringify(shape).replaceAll("#/$defs/", "#/components/schemas/")) as Json;
