import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openapiDocument } from "@/app/api/openapi";
import { OPERATIONS } from "@/app/api/v1/operations";

/** What anybody may open, each with its reason. Anything else begins with its permission. */
const PUBLIC: Readonly<Record<string, string>> = {
  "app/api/auth/[...nextauth]/route.ts": "signing in",
  "app/api/v1/[...unknown]/route.ts": "says 404",
  "app/api/v1/openapi.json/route.ts": "describes the API",
  "app/sign-in/page.tsx": "signing in",
  "app/sign-in/link/page.tsx": "signing in",
};

const files = readdirSync("app", { recursive: true, encoding: "utf8" }).map((path) => join("app", path));
const textOf = (path: string): string => readFileSync(path, "utf8");
const guarded = (path: string) => !(path in PUBLIC);

const pages = files.filter((path) => path.endsWith("/page.tsx")).filter(guarded);
const routes = files.filter((path) => path.endsWith("/route.ts")).filter(guarded);
const actions = files.filter((path) => /\.tsx?$/.test(path) && /^\s*["']use server["']/m.test(textOf(path)));

/** The bodies of exported async functions, each from its opening brace. */
function bodiesOf(text: string, pattern: RegExp): { name: string; start: string }[] {
  return [...text.matchAll(pattern)].map((match) => {
    const from = match.index + match[0].length;
    return { name: match[1] ?? "default", start: text.slice(from, from + 400).replace(/^\s+/, "") };
  });
}

const GUARD = /^(?:const \w+ = )?await require(?:Permission\("[a-z-]+:[a-z-]+"\)|Person\(\))/;

describe("every page, action and route begins with its permission", () => {
  it("finds them", () => {
    expect(routes.length).toBeGreaterThan(5);
    for (const path of Object.keys(PUBLIC)) expect(files).toContain(path);
  });

  it.each(pages)("%s", (path) => {
    const [page] = bodiesOf(textOf(path), /export default async function (\w+)\([\s\S]*?\)(?:: Promise<[^{]+>)? \{\n/g);
    expect(page?.start).toMatch(GUARD);
  });

  it.each(actions)("actions of %s", (path) => {
    const text = textOf(path);
    expect(text).toMatch(/^(?:\/\*[\s\S]*?\*\/\s*)?["']use server["'];/);
    const bodies = bodiesOf(text, /export async function (\w+)\([\s\S]*?\)(?:: Promise<[^{]+>)? \{\n/g);
    expect(bodies.length).toBe([...text.matchAll(/^export (?!type|interface)/gm)].length);
    for (const body of bodies)
      expect([body.name, body.start.split("\n")[0]]).toEqual([body.name, expect.stringMatching(GUARD)]);
  });

  it.each(routes)("%s", (path) => {
    const exported = [...textOf(path).matchAll(/^export (.*)$/gm)].map((match) => match[1] ?? "");
    for (const line of exported) {
      if (/^const (runtime|dynamic|revalidate|maxDuration)\b/.test(line)) continue;
      expect(line).toMatch(
        /^const (GET|POST|PUT|PATCH|DELETE) = (guardedRoute|linkActRoute)\(|^const \{ [A-Z, ]+ \} = otherMethods\(/,
      );
    }
  });
});

describe("the OpenAPI document", () => {
  const document = openapiDocument() as {
    paths: Record<
      string,
      Record<string, { operationId: string; parameters: { name: string; in: string; required: boolean }[] }>
    >;
    components: { schemas: Record<string, object> };
  };

  it("describes exactly the routes that exist", () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} app${path.replaceAll("{", "[").replaceAll("}", "]")}/route.ts`,
      ),
    );
    const existing = files
      .filter((path) => path.startsWith("app/api/v1/") && path.endsWith("/route.ts") && !path.includes("[...unknown]"))
      .flatMap((path) =>
        [...textOf(path).matchAll(/^export (?:const|function) (GET|POST|PUT|PATCH|DELETE)\b/gm)].map(
          (match) => `${match[1]} ${path}`,
        ),
      );
    expect(described.sort()).toEqual(existing.sort());
  });

  it("names every operation once, every path parameter, and which query parameters are needed", () => {
    const ids = OPERATIONS.map((operation) => operation.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters
          .filter((parameter) => parameter.in === "path")
          .map((parameter) => `{${parameter.name}}`);
        expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
      }
    }
    const required = document.paths["/api/v1/search"]?.get?.parameters.filter((parameter) => parameter.required);
    expect(required?.map((parameter) => parameter.name)).toEqual(["q"]);
    expect(document.paths["/api/v1/orders"]?.get?.parameters.some((parameter) => parameter.required)).toBe(false);
  });

  it("refers only to schemas that it holds", () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(Object.keys(document.components.schemas)).toContain(reference);
    expect(JSON.stringify(document)).not.toContain("$defs");
  });
});
