/** `npm run token`: creates, lists and revokes API tokens. */
import { readArguments, runCommand, UsageError } from "@/ingest/command";
import { openStore } from "@/ingest/store-access";
import {
  createToken,
  isTokenScope,
  listTokens,
  revokeToken,
  TOKEN_CACHE_MS,
  TOKEN_SCOPES,
  type TokenScope,
} from "@/lib/auth/tokens";
import type { Store } from "@/lib/clickhouse/client";
import { loadEnvironment } from "@/lib/config/environment";
import { OWN_SOURCE } from "@/lib/domain/system";
import { recordAudit } from "@/lib/queries/audit";
import { registerSource } from "@/lib/queries/sources";

const USAGE = `Usage:
  npm run token -- create --name NAME [--scopes ${TOKEN_SCOPES.join(",")}] [--source SOURCE] [--json]
  npm run token -- list [--json]
  npm run token -- revoke ID

  --scopes   what it may do; default ingest
  --source   the only source it may report for (registers that source); without it, any registered source
  --json     the result as JSON, on the last line`;

async function run(): Promise<number> {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    name: { type: "string" },
    scopes: { type: "string" },
    source: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [action, id, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Too many words: ${rest.join(" ")}.`);
  if (action === "create") {
    const wanted = newTokenOf(values);
    return withStore((store) => create(store, wanted, values.json ?? false));
  }
  if (action === "list") return withStore((store) => list(store, values.json ?? false));
  if (action === "revoke") {
    if (!id) throw new UsageError("revoke needs the token's ID; `npm run token -- list` shows it.");
    return withStore((store) => revoke(store, id));
  }
  throw new UsageError(action ? `There is no ${action}.` : "Say what to do: create, list or revoke.");
}

interface WantedToken {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly source: string | null;
}

function newTokenOf(values: { name?: string; scopes?: string; source?: string }): WantedToken {
  const name = values.name?.trim() ?? "";
  if (name === "" || name.length > 128)
    throw new UsageError("create needs --name: what the token is for, in at most 128 characters.");
  const given = (values.scopes ?? "ingest").split(",").map((scope) => scope.trim());
  const scopes = given.filter(isTokenScope);
  const unknown = given.filter((scope) => !isTokenScope(scope));
  if (unknown.length > 0)
    throw new UsageError(`--scopes: expected some of ${TOKEN_SCOPES.join(", ")}, got ${JSON.stringify(unknown[0])}.`);
  const source = values.source?.trim() ?? null;
  if (source === "" || (source !== null && source.length > 128))
    throw new UsageError("--source: expected a name of at most 128 characters.");
  if (source === OWN_SOURCE)
    throw new UsageError(`--source: ${OWN_SOURCE} is reserved for what people do in Throughline itself.`);
  return { name, scopes, source };
}

async function create(store: Store, wanted: WantedToken, json: boolean): Promise<number> {
  const now = new Date();
  if (wanted.source !== null) await registerSource(store, wanted.source, `token ${wanted.name}`, now);
  const { id, token } = await createToken(store, wanted, now);
  // Before it is shown: a token whose making is not on record is never handed out.
  await audit(store, "token.created", id, { ...wanted }, now);
  if (json) {
    console.log(JSON.stringify({ id, token }));
    return 0;
  }
  console.log(`Token ${wanted.name} (${id}), scopes ${wanted.scopes.join(", ")}, ${sourceWords(wanted.source)}:\n`);
  console.log(`  ${token}\n`);
  console.log("It is shown this once. Keep it where secrets are kept; revoke it with `npm run token -- revoke ID`.");
  return 0;
}

async function list(store: Store, json: boolean): Promise<number> {
  const tokens = await listTokens(store);
  if (json) {
    console.log(JSON.stringify(tokens));
    return 0;
  }
  if (tokens.length === 0) console.log("No tokens yet; `npm run token -- create --name NAME` makes one.");
  for (const token of tokens) {
    const state = token.revokedAt === null ? "" : `  revoked ${token.revokedAt}`;
    console.log(
      `${token.id}  …${token.lastFour}  ${token.name}  [${token.scopes.join(", ")}]  ${sourceWords(token.source)}  created ${token.createdAt}${state}`,
    );
  }
  return 0;
}

async function revoke(store: Store, id: string): Promise<number> {
  const now = new Date();
  const known = (await listTokens(store)).find((token) => token.id === id);
  if (!known || (await revokeToken(store, id, now)) === "unknown") {
    console.error(`No token has the ID ${id}; \`npm run token -- list\` shows them.`);
    return 1;
  }
  if (known.revokedAt === null) await audit(store, "token.revoked", id, { name: known.name }, now);
  console.log(`Revoked. It stops working within ${TOKEN_CACHE_MS / 1000} seconds everywhere.`);
  return 0;
}

/** The same entries as under Admin → Tokens; who runs commands on the server is not known by name. */
async function audit(
  store: Store,
  action: "token.created" | "token.revoked",
  id: string,
  details: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<void> {
  const actor = { kind: "system", id: "command", name: "npm run token" } as const;
  await recordAudit(store, { actor, action, target: `token ${id}`, details }, now);
}

const sourceWords = (source: string | null): string => (source === null ? "any source" : `source ${source}`);

async function withStore(work: (store: Store) => Promise<number>): Promise<number> {
  const { store, close } = await openStore(loadEnvironment());
  try {
    return await work(store);
  } finally {
    await close();
  }
}

runCommand(run, USAGE);
