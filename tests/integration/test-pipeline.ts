/** The real worker over a real store, in this process: bytes in, journeys projected. The worker process without its doors. */
import { pino } from "pino";
import type { Stored } from "@/ingest/pipeline";
import { loadWorkerRules, openWorker } from "@/ingest/worker";
import type { Store } from "@/lib/clickhouse/client";
import { loadEnvironment } from "@/lib/config/environment";

const logger = pino({ level: "silent" });
export const rules = loadWorkerRules(loadEnvironment({ NODE_ENV: "test" }), logger);

export interface TestPipeline {
  /** @throws when the store or the decoder refuses the whole. */
  take(body: string | Buffer, contentType: string, source?: string): Promise<Stored>;
  /** Takes canonical events in requests of the given size. */
  takeEvents(events: readonly object[], perRequest?: number): Promise<Stored>;
  /** Takes people's acts, as the app sends them. */
  takeActs(events: readonly object[]): Promise<Stored>;
  /** Resolves when everything taken is projected. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export async function openTestPipeline(store: Store): Promise<TestPipeline> {
  const worker = await openWorker({ store, rules, logger });

  async function take(body: string | Buffer, contentType: string, source?: string, internal = false): Promise<Stored> {
    const answers = await worker.pipeline.take([
      {
        body: Buffer.from(body),
        context: { source: source ?? null, contentType, headers: {}, internal },
        channel: "http",
        origin: (index) => `test:${index}`,
        keepUnreadable: false,
      },
    ]);
    if ("unavailable" in answers) throw new Error(answers.detail);
    const [answer] = answers;
    if (!answer || "unreadable" in answer) throw new Error(answer?.unreadable.reason ?? "no answer");
    return answer;
  }

  async function takeEvents(events: readonly object[], perRequest = 2_000): Promise<Stored> {
    const requests: Promise<Stored>[] = [];
    for (let start = 0; start < events.length; start += perRequest) {
      const lines = events.slice(start, start + perRequest).map((event) => JSON.stringify(event));
      requests.push(take(lines.join("\n"), "application/x-ndjson"));
    }
    const all = await Promise.all(requests);
    return {
      accepted: all.reduce((sum, stored) => sum + stored.accepted, 0),
      duplicate: all.reduce((sum, stored) => sum + stored.duplicate, 0),
      deadLettered: all.flatMap((stored) => stored.deadLettered),
    };
  }

  const takeActs = (events: readonly object[]) =>
    take(events.map((event) => JSON.stringify(event)).join("\n"), "application/x-ndjson", undefined, true);

  return { take, takeEvents, takeActs, drain: () => worker.projector.drain(), close: () => worker.close() };
}
