import { randomUUID } from "node:crypto";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { startTestStore } from "./embedded-store";

export interface ConformanceTarget {
  /** Without a path: the server's root. */
  url: string;
  /** A fresh database of its own. */
  database: string;
  store: Store;
  isEmbedded: boolean;
  stop(): Promise<void>;
}

/** The server that CONFORMANCE_URL or CLICKHOUSE_URL names, else an embedded one; in a database that goes when `stop` is called. */
export async function startConformanceTarget(): Promise<ConformanceTarget> {
  const given = process.env.CONFORMANCE_URL ?? process.env.CLICKHOUSE_URL;
  const embedded = given === undefined ? await startTestStore({ migrations: false }) : undefined;
  const url = new URL(given ?? embedded?.url ?? "");
  url.pathname = "/";
  const database = `conformance_${randomUUID().replaceAll("-", "")}`;
  const root = createStore({ url: url.href });
  await root.command(`CREATE DATABASE ${database}`);
  const store = createStore({ url: url.href, database });
  const stop = async (): Promise<void> => {
    await root.command(`DROP DATABASE IF EXISTS ${database}`);
    await Promise.all([store.close(), root.close()]);
    await embedded?.stop();
  };
  return { url: url.href, database, store, isEmbedded: embedded !== undefined, stop };
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
}

/** One request as any HTTP program would make it, without the client. */
export async function request(
  target: Pick<ConformanceTarget, "url">,
  options: {
    parameters?: Record<string, string>;
    body?: string | Uint8Array;
    headers?: Record<string, string>;
    path?: string;
  },
): Promise<RawAnswer> {
  const url = new URL(options.path ?? "/", target.url);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  for (const [name, value] of Object.entries(options.parameters ?? {})) url.searchParams.set(name, value);
  const authorization =
    username === ""
      ? {}
      : { authorization: `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString("base64")}` };
  const { request: send } = await import("node:http");
  return new Promise((resolve, reject) => {
    const method = options.body === undefined ? "GET" : "POST";
    const outgoing = send(url, { method, headers: { ...authorization, ...options.headers } }, async (response) => {
      try {
        const pieces: Buffer[] = [];
        for await (const piece of response) pieces.push(piece as Buffer);
        const bytes = Buffer.concat(pieces);
        const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode ?? 0, headers, bytes, text: bytes.toString("utf8") });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}
