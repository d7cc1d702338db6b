/** The real pipeline over a real store, in this process: bytes in, journeys projected. What main.ts wires, without its doors. */
import { pino } from "pino";
import { correlate } from "@/ingest/correlate/correlate";
import { decodeBody } from "@/ingest/decode/decode";
import { createDecoders } from "@/ingest/decode/decoders";
import { createRegisteredSources } from "@/ingest/intake/registered-sources";
import { createPipeline, type Stored } from "@/ingest/pipeline";
import { createProjector } from "@/ingest/project/create-projector";
import { createFactStore } from "@/ingest/store";
import type { Store } from "@/lib/clickhouse/client";
import { classifyError } from "@/lib/clickhouse/errors";
import { loadMappings } from "@/lib/config/mappings";
import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import { rankOf } from "@/lib/domain/object";

export const rules = { catalogue: loadCatalogue("config"), systems: loadSystems("config") };

export interface TestPipeline {
  /** @throws when the store or the decoder refuses the whole. */
  take(body: string | Buffer, contentType: string, source?: string): Promise<Stored>;
  /** Takes canonical events in requests of the given size. */
  takeEvents(events: readonly object[], perRequest?: number): Promise<Stored>;
  /** Resolves when everything taken is projected. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export function createTestPipeline(store: Store, workerId = "test"): TestPipeline {
  const decoders = createDecoders(loadMappings("config").mappings, (type) => rankOf(rules.catalogue, type));
  const projector = createProjector({ store, rules, workerId, logger: pino({ level: "silent" }) });
  const pipeline = createPipeline({
    decode: (body, context) => decodeBody(body, context, decoders),
    correlate: (event) => correlate(event, rules),
    sources: createRegisteredSources(rules.systems, store, () => Date.now()),
    facts: createFactStore({ tables: store, classify: classifyError }),
    projector,
    now: () => new Date(),
    isStoreAway: (error) => classifyError(error) === "retry",
  });

  async function take(body: string | Buffer, contentType: string, source?: string): Promise<Stored> {
    const answers = await pipeline.take([
      {
        body: Buffer.from(body),
        context: { source: source ?? null, contentType, headers: {} },
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

  return { take, takeEvents, drain: () => projector.drain(), close: () => projector.close() };
}
