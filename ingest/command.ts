/** How a command of ours ends: 0 when what it says is done, 2 when it was asked wrongly, 1 when it could not be done. */
import { parseArgs } from "node:util";
import { EmbeddedStartError } from "@/clickhouse/embedded/supervisor";
import { MigrationError } from "@/lib/clickhouse/migrate";
import { ConfigurationError } from "@/lib/config/environment";

/** The command line cannot be understood. The message says what is expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>["options"];

/** @throws UsageError for an unknown option or one without its value. */
export function readArguments<Known extends NonNullable<Options>>(args: readonly string[], options: Known) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Expected failures are told in a sentence; anything else with its stack, because it is ours. */
const EXPECTED = [ConfigurationError, EmbeddedStartError, MigrationError];

export function runCommand(
  command: () => Promise<number>,
  usage: string,
  expected: readonly (new (...args: never[]) => Error)[] = [],
): void {
  command().then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof UsageError) {
        console.error(`${error.message}\n\n${usage}`);
        process.exit(2);
      }
      const isExpected = [...EXPECTED, ...expected].some((type) => error instanceof type);
      console.error(isExpected ? (error as Error).message : error);
      process.exit(error instanceof ConfigurationError ? 2 : 1);
    },
  );
}
