/**
 * `npm run test:kafka`: tests/kafka against a real Apache Kafka: the one at KAFKA_BROKERS, else one that is started here and stopped again.
 * Words after `--` go to vitest (`npm run test:kafka -- poison`).
 * Exit codes: those of the tests; 3 when there is no Kafka and none can be started (it says what to install).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Broker, BrokerUnavailable, startBroker } from "./kafka/broker";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EXIT_NO_KAFKA = 3;

async function main(): Promise<number> {
  if (process.env.KAFKA_BROKERS) {
    console.log(`Testing against KAFKA_BROKERS=${process.env.KAFKA_BROKERS}; what restarts the broker is skipped.`);
    return runTests({});
  }
  const broker = await startBroker(join(ROOT, ".kafka"));
  console.log(`Apache Kafka runs at ${broker.address}.`);
  const control = await serveControl(broker);
  try {
    return await runTests({ KAFKA_BROKERS: broker.address, TEST_BROKER_CONTROL: control.url });
  } finally {
    control.close();
    await broker.stop();
  }
}

/** Tests run in their own processes; one of them asks here for the broker to be killed and started again. */
async function serveControl(broker: Broker): Promise<{ url: string; close(): void }> {
  const server = createServer((_request, response) => {
    broker.restart().then(
      () => response.end("restarted"),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/restart`, close: () => server.close() };
}

async function runTests(env: Record<string, string>): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const args = [vitest, "run", "--config", join(ROOT, "tests/kafka/vitest.config.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BrokerUnavailable ? error.message : error);
    process.exit(error instanceof BrokerUnavailable ? EXIT_NO_KAFKA : 1);
  },
);
