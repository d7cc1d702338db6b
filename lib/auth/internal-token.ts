/**
 * The token by which the app and the worker of one installation know each other: with it the app sends the acts of people (a
 * retracted link) to the worker's intake as source `throughline`, which no other token may report for.
 */
import type { Environment } from "@/lib/config/environment";
import { readOrCreateSecret } from "./secret-file";

const FILE_NAME = "internal-token";

/** From THROUGHLINE_INTERNAL_TOKEN (app and worker on two machines), else `DATA_DIR/internal-token`, made on first use. */
export function internalToken(environment: Pick<Environment, "dataDir" | "internalToken">): string {
  return environment.internalToken ?? readOrCreateSecret(environment.dataDir, FILE_NAME);
}
