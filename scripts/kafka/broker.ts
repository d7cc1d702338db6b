/** A real Apache Kafka for tests: one process, broker and controller in one (KRaft), on free ports, in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const KAFKA_VERSION = "4.1.0";
const START_MS_MAX = 60_000;

/** What is missing, and how to get it. */
export class BrokerUnavailable extends Error {
  override readonly name = "BrokerUnavailable";
}

export interface Broker {
  readonly address: string;
  /** kill -9, and up again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param cacheDir keeps the jars (43 MB) for the next time. */
export async function startBroker(cacheDir: string): Promise<Broker> {
  await requireProgram(
    "java",
    ["-version"],
    "Java 17 or newer (for example `apt-get install openjdk-17-jre-headless`)",
  );
  const libs = await fetchJars(cacheDir);
  const folder = await mkdtemp(join(tmpdir(), "throughline-kafka-"));
  const [port, controllerPort] = await freePorts();
  const properties = join(folder, "server.properties");
  writeFileSync(properties, serverProperties(folder, port, controllerPort));
  const classpath = `${libs}/*`;
  const clusterId = randomBytes(16).toString("base64url");
  await run("java", ["-cp", classpath, "kafka.tools.StorageTool", "format", "-t", clusterId, "-c", properties]);
  let broker = await launch(classpath, properties, port);
  return {
    address: `127.0.0.1:${port}`,
    async restart() {
      await end(broker, "SIGKILL");
      broker = await launch(classpath, properties, port);
    },
    async stop() {
      await end(broker, "SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fetchJars(cacheDir: string): Promise<string> {
  const libs = join(cacheDir, `libs-${KAFKA_VERSION}`);
  if (existsSync(join(libs, `kafka_2.13-${KAFKA_VERSION}.jar`))) return libs;
  await requireProgram("mvn", ["-v"], "Maven (for example `apt-get install maven`)");
  mkdirSync(cacheDir, { recursive: true });
  const pom = join(cacheDir, "pom.xml");
  writeFileSync(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>throughline</groupId><artifactId>test-kafka</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
  </dependency></dependencies>
</project>
`,
  );
  console.log(`Fetching Apache Kafka ${KAFKA_VERSION} (43 MB, once) into ${cacheDir}…`);
  await run("mvn", ["-q", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${libs}`]);
  return libs;
}

const serverProperties = (folder: string, port: number, controllerPort: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(folder, "log")}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`;

async function launch(classpath: string, properties: string, port: number): Promise<ChildProcess> {
  const child = spawn("java", ["-Xmx384m", "-cp", classpath, "kafka.Kafka", properties], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const startedMs = performance.now();
  while (!(await accepts(port))) {
    if (child.exitCode !== null)
      throw new BrokerUnavailable(`Kafka ended while starting: ${output.join("").slice(-2_000)}`);
    if (performance.now() - startedMs > START_MS_MAX) {
      await end(child, "SIGKILL");
      throw new BrokerUnavailable(
        `Kafka did not answer within ${START_MS_MAX / 1000} s: ${output.join("").slice(-2_000)}`,
      );
    }
    await delay(100);
  }
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

/** Two at once, so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = await Promise.all(
    [1, 2].map(async () => {
      const server = createServer();
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function requireProgram(program: string, args: readonly string[], whatToInstall: string): Promise<void> {
  await run(program, args).catch(() => {
    throw new BrokerUnavailable(
      `${program} does not run here. Install ${whatToInstall}, or set KAFKA_BROKERS to a Kafka that runs already.`,
    );
  });
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, [...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0)
    throw new BrokerUnavailable(`${program} failed (exit code ${code}): ${output.join("").slice(-2_000)}`);
}
