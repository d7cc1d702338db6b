/**
 * `npm run sign-in-link`: the way in for whoever can run commands on the server: prints a one-time link for an administrator. Works on the store
 * of a running product.
 */
import { createConsoleSignInLink, SIGN_IN_LINK_HOURS } from "@/lib/auth/sign-in-links";
import { createStore } from "@/lib/clickhouse/client";
import { ConfigurationError, clickhouseUrlOf, loadEnvironment } from "@/lib/config/environment";

async function main(): Promise<number> {
  const environment = loadEnvironment();
  const url = clickhouseUrlOf(environment);
  const store = createStore({ url, timeoutMs: 15_000 });
  try {
    if (!(await store.ping())) {
      console.error(`The store does not answer at ${withoutPassword(url)}. Start Throughline first (npm start).`);
      return 1;
    }
    const origin = environment.auth.url ?? `http://localhost:${environment.port}`;
    const link = await createConsoleSignInLink(store, { origin });
    console.log(`One-time sign-in link for an administrator, good for ${SIGN_IN_LINK_HOURS} hours:`);
    console.log(link);
    return 0;
  } finally {
    await store.close();
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof ConfigurationError ? error.message : `No link was made: ${String(error)}`);
    process.exitCode = 1;
  },
);
