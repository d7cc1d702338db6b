/** `npm run sandbox:targets`: the sandbox's ERP, OMS and WMS as a process of their own. SIGTERM and Ctrl-C stop it. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { CanonicalEvent } from "../event";
import { reportToIntake } from "./effect-reporter";
import { ENDPOINT_MODES } from "./endpoint";
import { startTargets } from "./server";

const USAGE = `Usage: npm run sandbox:targets -- [--port N] [--ledger FILE] [--feed FILE] [--intake URL] [--per-second N] [--mode PATH=MODE …]

Answers as the ERP, OMS and WMS of the sandbox over HTTP. docs/sandbox.md lists what they take and how to make them fail.

  --port N         0, the default, takes a free one
  --ledger FILE    keeps the ledger there, and goes on from it
  --feed FILE      a feed of npm run sandbox: what has left, and so its value
  --intake URL     reports what was done there; the token is read from THROUGHLINE_TOKEN
  --per-second N   requests a second that each endpoint takes
  --mode PATH=MODE idempotent, verifiable or unsafe; may stand several times
  --help           print this, and stop
`;

const Options = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  ledger: z.string().min(1).optional(),
  feed: z.string().min(1).optional(),
  intake: z.url().optional(),
  "per-second": z.coerce.number().positive().optional(),
  mode: z
    .array(
      z
        .string()
        .regex(/^\/.+=/, "expected PATH=MODE")
        .transform((text) => text.split("=") as [string, string])
        .pipe(z.tuple([z.string(), z.enum(ENDPOINT_MODES)])),
    )
    .default([]),
});

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      port: text,
      ledger: text,
      feed: text,
      intake: text,
      "per-second": text,
      mode: { type: "string", multiple: true },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const { port, ledger, feed, intake, "per-second": perSecond, mode } = Options.parse(values);
  const token = process.env.THROUGHLINE_TOKEN?.trim();
  if (intake !== undefined && !token) throw new Error("--intake: THROUGHLINE_TOKEN is not set.");
  const targets = await startTargets({
    port,
    modes: Object.fromEntries(mode),
    ...(ledger === undefined ? {} : { ledgerFile: ledger }),
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(intake === undefined || !token ? {} : { report: reportToIntake(() => ({ url: intake, token })) }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void targets.close());
  if (feed !== undefined)
    for await (const line of createInterface({ input: createReadStream(feed) }))
      if (line !== "") targets.learn([JSON.parse(line) as CanonicalEvent]);
  console.log(`ERP, OMS and WMS answer at ${targets.url}`);
  process.send?.({ type: "ready", url: targets.url });
}

main().catch((error: unknown) => {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : String((error as Error).message ?? error));
  process.exitCode = 2;
});
