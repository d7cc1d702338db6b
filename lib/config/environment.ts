/** The environment variables of API.md ("Commands"), read once and checked; nothing else in the house reads process.env. */
import { resolve } from "node:path";
import { z } from "zod";

const port = (fallback: number) =>
  z.coerce.number({ error: "must be a port number between 0 and 65535" }).int().min(0).max(65_535).default(fallback);
/**
 * Ports that browsers and Node's fetch refuse to call ("bad port" of the WHATWG Fetch Standard, section 2.9): nothing would ever reach us there.
 * lib/config/environment.test.ts holds the list against the fetch of the running Node.
 */
export const UNREACHABLE_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
const reachablePort = (fallback: number) =>
  port(fallback).refine((value) => !UNREACHABLE_PORTS.has(value), {
    error: ({ input }) =>
      `browsers and Node's fetch refuse to call port ${input} (it belongs to another protocol); set another, like ${fallback}`,
  });
// "" is how a shell or a compose file says "not set".
const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value.trim() === "" ? null : value.trim()));

const httpAddress = optionalText.refine((value) => value === null || /^https?:$/.test(protocolOf(value)), {
  error: "must be an address like http://localhost:8123",
});
const protocolOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : "");

const environmentSchema = z.object({
  PORT: reachablePort(3000),
  INGEST_PORT: reachablePort(4100),
  DATA_DIR: optionalText,
  CLICKHOUSE_URL: httpAddress,
  EMBEDDED_CLICKHOUSE_PORT: port(8123),
  KAFKA_BROKERS: optionalText,
  KAFKA_TOPICS: optionalText,
  KAFKA_GROUP: optionalText,
  KAFKA_SSL: z.enum(["true", "false", ""]).optional(),
  KAFKA_SASL_MECHANISM: optionalText,
  KAFKA_SASL_USERNAME: optionalText,
  KAFKA_SASL_PASSWORD: optionalText,
  INGEST_REQUESTS_PER_SECOND: z.coerce
    .number({ error: "must be a number of requests above 0" })
    .positive({ error: "must be a number of requests above 0" })
    .max(1_000_000)
    .default(2_000),
  CONFIG_DIR: optionalText,
  THROUGHLINE_INTERNAL_TOKEN: optionalText,
  INGEST_URL: optionalText,
  AUTH_SECRET: optionalText,
  AUTH_URL: optionalText,
  AUTH_OIDC_ISSUER: optionalText,
  AUTH_OIDC_CLIENT_ID: optionalText,
  AUTH_OIDC_CLIENT_SECRET: optionalText,
  AUTH_OIDC_ROLE_CLAIM: optionalText,
  AUTH_OIDC_ROLE_MAP: optionalText,
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export const SASL_MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;

export interface KafkaSecurity {
  readonly ssl: boolean;
  readonly sasl: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  } | null;
}

export interface Environment {
  readonly port: number;
  readonly ingestPort: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Null means the embedded engine on `embeddedClickhousePort`. */
  readonly clickhouseUrl: string | null;
  readonly embeddedClickhousePort: number;
  readonly kafkaBrokers: readonly string[];
  /** `topic=source` pairs, as written; ingest/intake/kafka.ts parses them. */
  readonly kafkaTopics: string | null;
  /** The consumer group that all workers of one installation share. */
  readonly kafkaGroup: string;
  readonly kafkaSecurity: KafkaSecurity;
  /** What one token may send in a second on average; five times as many at once. */
  readonly ingestRequestsPerSecond: number;
  /** Absolute path. */
  readonly configDir: string;
  /** How app and worker know each other; null means the file in `dataDir` (lib/auth/internal-token.ts). */
  readonly internalToken: string | null;
  /** Where the worker's intake answers, without a slash at the end. */
  readonly ingestUrl: string;
  readonly auth: {
    readonly secret: string | null;
    readonly url: string | null;
    readonly oidc: {
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly roleClaim: string;
      /** The provider's group or role → ours, as written; lib/auth/oidc.ts checks that the roles exist. */
      readonly roleMap: ReadonlyMap<string, string>;
    } | null;
  };
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
}

/** Thrown at start only; its message is for the person who starts the program. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/**
 * Reads and checks the environment.
 * @throws ConfigurationError naming each variable at fault, what it expects and what came.
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigurationError(`The environment is not usable:\n  ${faults.join("\n  ")}`);
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    ingestPort: env.INGEST_PORT,
    // The marks keep the build of the app from taking the whole folder for something it must ship.
    dataDir: resolve(/* turbopackIgnore: true */ env.DATA_DIR ?? "data"),
    clickhouseUrl: env.CLICKHOUSE_URL,
    embeddedClickhousePort: env.EMBEDDED_CLICKHOUSE_PORT,
    kafkaBrokers: (env.KAFKA_BROKERS ?? "").split(",").flatMap((broker) => broker.trim() || []),
    kafkaTopics: env.KAFKA_TOPICS,
    kafkaGroup: env.KAFKA_GROUP ?? "throughline",
    kafkaSecurity: readKafkaSecurity(env),
    ingestRequestsPerSecond: env.INGEST_REQUESTS_PER_SECOND,
    configDir: resolve(/* turbopackIgnore: true */ env.CONFIG_DIR ?? "config"),
    internalToken: env.THROUGHLINE_INTERNAL_TOKEN,
    ingestUrl: (env.INGEST_URL ?? `http://127.0.0.1:${env.INGEST_PORT}`).replace(/\/+$/, ""),
    auth: { secret: env.AUTH_SECRET, url: env.AUTH_URL, oidc: readOidc(env) },
    logLevel: env.LOG_LEVEL,
  };
}

/** Where the store answers: the server that was named, else the embedded engine on loopback. */
export const clickhouseUrlOf = (environment: Environment): string =>
  environment.clickhouseUrl ?? `http://127.0.0.1:${environment.embeddedClickhousePort}`;

function readKafkaSecurity(env: z.output<typeof environmentSchema>): KafkaSecurity {
  const ssl = env.KAFKA_SSL === "true";
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password, KAFKA_SASL_MECHANISM: given } = env;
  if (username === null && password === null && given === null) return { ssl, sasl: null };
  const mechanism = SASL_MECHANISMS.find((known) => known === (given ?? "plain").toLowerCase());
  if (mechanism === undefined) {
    throw new ConfigurationError(
      `KAFKA_SASL_MECHANISM: expected one of ${SASL_MECHANISMS.join(", ")}, got "${given}".`,
    );
  }
  if (username === null || password === null) {
    throw new ConfigurationError("KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together; set both or none.");
  }
  return { ssl, sasl: { mechanism, username, password } };
}

function readOidc(env: z.output<typeof environmentSchema>): Environment["auth"]["oidc"] {
  const given = [env.AUTH_OIDC_ISSUER, env.AUTH_OIDC_CLIENT_ID, env.AUTH_OIDC_CLIENT_SECRET];
  const [issuer, clientId, clientSecret] = given;
  if (issuer && clientId && clientSecret) {
    return {
      issuer,
      clientId,
      clientSecret,
      roleClaim: env.AUTH_OIDC_ROLE_CLAIM ?? "roles",
      roleMap: readRoleMap(env.AUTH_OIDC_ROLE_MAP),
    };
  }
  if (given.some(Boolean)) {
    throw new ConfigurationError(
      "Single sign-on needs AUTH_OIDC_ISSUER, AUTH_OIDC_CLIENT_ID and AUTH_OIDC_CLIENT_SECRET together; set all three or none.",
    );
  }
  return null;
}

/** "logistics-finance=finance, it-ops=operations": split at the last "=", because a group's name may hold one. */
function readRoleMap(text: string | null): ReadonlyMap<string, string> {
  const entries = (text ?? "").split(",").flatMap((pair) => pair.trim() || []);
  return new Map(
    entries.map((entry) => {
      const cut = entry.lastIndexOf("=");
      if (cut <= 0 || cut === entry.length - 1) {
        throw new ConfigurationError(
          `AUTH_OIDC_ROLE_MAP: expected group=role pairs with commas between, got "${entry}".`,
        );
      }
      return [entry.slice(0, cut).trim(), entry.slice(cut + 1).trim()];
    }),
  );
}
