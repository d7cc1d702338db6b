import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import NextAuth from "next-auth/next";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authOptions } from "@/lib/auth/next-auth";
import { personOfCookie } from "@/lib/auth/session";
import { listAudit } from "@/lib/queries/audit";
import { changeUser, listUsers } from "@/lib/queries/users";
import { services } from "@/lib/services";
import { startTestStore, type TestStore } from "./embedded-store";

let test: TestStore;
let dataDir: string;
let issuer: Server;
let app: Server;
let issuerUrl: string;
let appUrl: string;

/** Who signs in at the provider next. */
let subject: Record<string, unknown> = {};
const codes = new Map<string, { nonce: string; challenge: string; claims: Record<string, unknown> }>();
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

beforeAll(async () => {
  test = await startTestStore();
  dataDir = await mkdtemp(join(tmpdir(), "throughline-oidc-"));
  issuer = createServer((request, response) => void answerAsIssuer(request, response));
  app = createServer((request, response) => void answerAsApp(request, response));
  issuerUrl = await listen(issuer);
  appUrl = await listen(app);
  Object.assign(process.env, {
    CLICKHOUSE_URL: test.url,
    DATA_DIR: dataDir,
    LOG_LEVEL: "silent",
    NEXTAUTH_URL: appUrl,
    AUTH_OIDC_ISSUER: issuerUrl,
    AUTH_OIDC_CLIENT_ID: "throughline",
    AUTH_OIDC_CLIENT_SECRET: "secret",
    AUTH_OIDC_ROLE_CLAIM: "realm_access.roles",
    AUTH_OIDC_ROLE_MAP: "logistics-finance=finance",
  });
});
afterAll(async () => {
  await Promise.all([issuer, app].map((server) => new Promise((resolve) => server.close(resolve))));
  await test.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

/** An OpenID provider as small as the standard allows: discovery, authorization code with PKCE, RS256 id token. */
async function answerAsIssuer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", issuerUrl);
  const json = (value: object, status = 200) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (url.pathname === "/.well-known/openid-configuration") {
    return void json({
      issuer: issuerUrl,
      authorization_endpoint: `${issuerUrl}/authorize`,
      token_endpoint: `${issuerUrl}/token`,
      jwks_uri: `${issuerUrl}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    });
  }
  if (url.pathname === "/keys") {
    return void json({ keys: [{ ...keys.publicKey.export({ format: "jwk" }), kid: "k", use: "sig", alg: "RS256" }] });
  }
  if (url.pathname === "/authorize") {
    const code = randomUUID();
    codes.set(code, {
      nonce: url.searchParams.get("nonce") ?? "",
      challenge: url.searchParams.get("code_challenge") ?? "",
      claims: subject,
    });
    const back = new URL(url.searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return void response.writeHead(302, { location: back.href }).end();
  }
  const form = await bodyOf(request);
  const granted = codes.get(form.get("code") ?? "");
  codes.delete(form.get("code") ?? "");
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (!granted || challenge !== granted.challenge) return void json({ error: "invalid_grant" }, 400);
  const seconds = Math.floor(Date.now() / 1000);
  const idToken = sign({
    ...granted.claims,
    iss: issuerUrl,
    aud: "throughline",
    iat: seconds,
    exp: seconds + 60,
    nonce: granted.nonce,
  });
  json({ access_token: "a", token_type: "Bearer", id_token: idToken });
}

function sign(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${encode({ alg: "RS256", kid: "k" })}.${encode(claims)}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(keys.privateKey).toString("base64url")}`;
}

/** The app's auth route without Next around it. */
async function answerAsApp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", appUrl);
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? "").split("; ").flatMap((pair) => {
      const cut = pair.indexOf("=");
      return cut > 0 ? [[pair.slice(0, cut), decodeURIComponent(pair.slice(cut + 1))]] : [];
    }),
  );
  const form = Object.fromEntries(await bodyOf(request));
  const nextauth = url.pathname.replace("/api/auth/", "").split("/");
  const asNext = Object.assign(response, {
    status(code: number) {
      response.statusCode = code;
      return asNext;
    },
    json: (value: object) => response.setHeader("content-type", "application/json").end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === "string" ? value : JSON.stringify(value)),
  });
  const query = { ...Object.fromEntries(url.searchParams), nextauth };
  const asNextRequest = { query, cookies, body: form, headers: request.headers, method: request.method };
  await NextAuth(asNextRequest as never, asNext as never, authOptions(services()));
}

/** A browser as far as sign-in needs one: cookies, and redirects followed one by one. */
class Browser {
  readonly cookies = new Map<string, string>();

  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = url.startsWith(appUrl) ? { ...(init.headers as Record<string, string>), cookie } : {};
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split(/=(.*)/s) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Signs in; the address where it ends. */
  async signIn(): Promise<string> {
    const { csrfToken } = (await (await this.request(`${appUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
    const started = await this.request(`${appUrl}/api/auth/signin/oidc`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ csrfToken, callbackUrl: "/orders" }),
    });
    const atIssuer = await this.request(started.headers.get("location") ?? "");
    const back = await this.request(atIssuer.headers.get("location") ?? "");
    return new URL(back.headers.get("location") ?? "", appUrl).href;
  }

  person() {
    return personOfCookie(services(), this.cookies.get("throughline.session"));
  }
}

describe("single sign-on", () => {
  it("lets in whoever the provider gives a role, as that role, and audits it", async () => {
    subject = { sub: "s1", name: "Robin", email: "robin@example.com", realm_access: { roles: ["logistics-finance"] } };
    const browser = new Browser();
    expect(await browser.signIn()).toBe(`${appUrl}/orders`);
    expect(await browser.person()).toMatchObject({ name: "Robin", role: "finance" });
    const { items } = await listAudit(test.store, { action: "person.signed_in" }, { limit: 10, after: null });
    expect(items).toMatchObject([{ actor: { name: "Robin" }, details: { way: "oidc" } }]);
  });

  it("follows the provider's groups at the next sign-in, and ends the sessions of the old role", async () => {
    subject = { sub: "s2", name: "Sam", realm_access: { roles: ["operations"] } };
    const before = new Browser();
    await before.signIn();
    expect(await before.person()).toMatchObject({ role: "operations" });
    subject = { ...subject, realm_access: { roles: ["executive"] } };
    const after = new Browser();
    await after.signIn();
    expect(await after.person()).toMatchObject({ role: "executive" });
    expect(await before.person()).toBeNull();
    const { items } = await listAudit(test.store, { action: "user.role_changed" }, { limit: 10, after: null });
    expect(items).toMatchObject([{ actor: { id: "oidc" }, details: { from: "operations", to: "executive" } }]);
  });

  it("turns away whoever has no role, with a reason, and makes no account", async () => {
    subject = { sub: "s3", name: "Nobody", realm_access: { roles: ["other"] } };
    const browser = new Browser();
    expect(await browser.signIn()).toBe(`${appUrl}/sign-in?error=oidc-no-role`);
    expect(await browser.person()).toBeNull();
    expect((await listUsers(test.store)).map((user) => user.name)).not.toContain("Nobody");
  });

  it("turns away a disabled account", async () => {
    subject = { sub: "s4", name: "Gone", realm_access: { roles: ["finance"] } };
    await new Browser().signIn();
    const gone = (await listUsers(test.store)).find((user) => user.name === "Gone");
    await changeUser(test.store, gone?.id ?? "", { disabled: true }, new Date());
    const browser = new Browser();
    expect(await browser.signIn()).toBe(`${appUrl}/sign-in?error=link-disabled`);
    expect(await browser.person()).toBeNull();
  });

  it("does not take an answer that another browser began", async () => {
    subject = { sub: "s5", name: "Vic", realm_access: { roles: ["finance"] } };
    const attacker = new Browser();
    const { csrfToken } = (await (await attacker.request(`${appUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
    const started = await attacker.request(`${appUrl}/api/auth/signin/oidc`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ csrfToken }),
    });
    const atIssuer = await attacker.request(started.headers.get("location") ?? "");
    const callback = atIssuer.headers.get("location") ?? "";
    const victim = new Browser();
    await victim.request(callback);
    expect(await victim.person()).toBeNull();
  });

  it("does not begin without the CSRF token", async () => {
    const browser = new Browser();
    const started = await browser.request(`${appUrl}/api/auth/signin/oidc`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ csrfToken: "guess" }),
    });
    expect(started.headers.get("location")).not.toContain(issuerUrl);
  });
});
