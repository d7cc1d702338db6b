/**
 * Dead letters decoded again, as a replay of the intake: their bytes go through the pipeline as when they came, by the mappings as the files say now.
 * Done twice, it stores nothing twice: events are told by source and id. A letter is `verified` when all its events are stored facts; what was stored of a
 * letter that fails in part stays, and the next time is a duplicate.
 */
import { randomUUID } from "node:crypto";
import type { Decoders } from "@/ingest/decode/decode";
import { type DecodedEvent, isUnreadable, type Undecodable } from "@/ingest/decode/decoded";
import { decodeLetter, type Letter } from "@/ingest/decode/letter";
import type { Answer, Delivery, Pipeline, Unavailable } from "@/ingest/pipeline";
import type { Channel } from "@/ingest/store/dead-letter-row";
import type { Store } from "@/lib/clickhouse/client";
import { actEventOf, EXCEPTIONS_PER_ACT, type ExceptionAct } from "@/lib/domain/exceptions/act";
import { exceptionIdOf } from "@/lib/domain/exceptions/identity";

export interface RedecodeParts {
  readonly store: Pick<Store, "query">;
  readonly pipeline: Pipeline;
  /** The decoders of the mappings as the files say at this moment. */
  readonly readDecoders: () => Decoders;
  readonly now: () => Date;
}

export type Redecoded = {
  readonly deadLetterId: string;
  /** '' when there is no such letter. */
  readonly exceptionId: string;
} & (
  | { readonly outcome: "verified"; readonly accepted: number; readonly duplicate: number; readonly evidence: string }
  /** It cannot be decoded now either, for this reason. */
  | { readonly outcome: "failed"; readonly reason: string }
  /** The store is away or busy: nothing is known, come again. */
  | { readonly outcome: "away"; readonly reason: string }
  | { readonly outcome: "unknown" }
);

/** So many are read and sent at once; of letters at most 8 MiB each. */
const LETTERS_PER_BATCH = 20;
const REASON_CHARS = 2_000;
/** Of the events of one letter, so many are named as evidence. */
const NAMED_EVENTS_MAX = 3;

/** One result per id, in order. @throws when the store refuses the query. */
export async function redecode(deadLetterIds: readonly string[], parts: RedecodeParts): Promise<Redecoded[]> {
  const decoders = parts.readDecoders();
  const results: Redecoded[] = [];
  for (let start = 0; start < deadLetterIds.length; start += LETTERS_PER_BATCH) {
    const ids = deadLetterIds.slice(start, start + LETTERS_PER_BATCH);
    const letters = await readLetters(parts.store, ids);
    const read = ids.map((id) => readAgain(id, letters.get(id), decoders));
    results.push(...(await storeAgain(read, parts.pipeline)));
  }
  return results;
}

interface StoredLetter extends Letter {
  readonly id: string;
  readonly channel: Channel;
  readonly origin: string;
}

async function readLetters(store: RedecodeParts["store"], ids: readonly string[]): Promise<Map<string, StoredLetter>> {
  const rows = await store.query<{
    id: string;
    source: string;
    channel: Channel;
    origin: string;
    contentType: string;
    step: Letter["step"];
    raw: string;
  }>(
    `SELECT dead_letter_id AS id, source, channel, origin, content_type AS contentType, step, base64Encode(raw) AS raw
     FROM dead_letters WHERE dead_letter_id IN {ids:Array(String)} ORDER BY dead_letter_id, version DESC LIMIT 1 BY dead_letter_id`,
    { ids: [...ids] },
  );
  return new Map(rows.map((row) => [row.id, { ...row, raw: Buffer.from(row.raw, "base64") }]));
}

type Named = Pick<Redecoded, "deadLetterId" | "exceptionId">;

/** What a letter holds by now. `reason`: why a part of it is none; what fails again is not sent, for it lies there already under this id. */
interface Readable {
  readonly named: Named;
  readonly letter: StoredLetter;
  readonly events: readonly DecodedEvent[];
  readonly reason: string | null;
}

function readAgain(deadLetterId: string, letter: StoredLetter | undefined, decoders: Decoders): Redecoded | Readable {
  if (!letter) return { deadLetterId, exceptionId: "", outcome: "unknown" };
  const named = { deadLetterId, exceptionId: exceptionIdOf("dead_letter", letter.source, deadLetterId) };
  const decoded = decodeLetter(letter, decoders);
  if (isUnreadable(decoded)) return { ...named, outcome: "failed", reason: decoded.unreadable.reason };
  const events = decoded.filter((one): one is DecodedEvent => one.ok);
  const dead = decoded.find((one): one is Undecodable => !one.ok);
  if (events.length === 0) return { ...named, outcome: "failed", reason: dead?.reason ?? NOTHING };
  return { named, letter, events, reason: dead?.reason ?? null };
}

async function storeAgain(read: readonly (Redecoded | Readable)[], pipeline: Pipeline): Promise<Redecoded[]> {
  const readable = read.filter((one): one is Readable => "letter" in one);
  const answers = await pipeline.take(readable.map(deliveryOf));
  const stored = new Map(
    readable.map((one, at) => [one, "unavailable" in answers ? answers : (answers[at] ?? null)] as const),
  );
  return read.map((one) => ("letter" in one ? resultOf(one, stored.get(one) ?? null) : one));
}

function resultOf({ named, events, reason }: Readable, answer: Answer | Unavailable | null): Redecoded {
  if (answer === null || "unreadable" in answer)
    throw new Error("The pipeline gave no answer for events it was given.");
  if ("unavailable" in answer) return { ...named, outcome: "away", reason: answer.detail };
  const { accepted, duplicate, deadLettered } = answer;
  const why = deadLettered[0]?.reason ?? reason;
  if (why !== null) return { ...named, outcome: "failed", reason: why.slice(0, REASON_CHARS) };
  const names = events.slice(0, NAMED_EVENTS_MAX).map(({ event }) => `${event.source} ${event.id}`);
  const counts = `${events.length} events stored: ${accepted} new, ${duplicate} there already`;
  return { ...named, outcome: "verified", accepted, duplicate, evidence: `${counts}; ${names.join(", ")}` };
}

const NOTHING =
  "The mapping skips this record now: nothing of it is stored. Ignore the exception, or correct the mapping.";

const deliveryOf = ({ letter: { raw, source, contentType, channel, origin }, events }: Readable): Delivery => ({
  body: raw,
  decode: () => [...events],
  context: { source: source === "" ? null : source, contentType, headers: {} },
  channel,
  origin: () => origin,
  keepUnreadable: false,
});

/** Who does it: a person whose act it is, or a replay job. */
export type Redecoder = Pick<ExceptionAct, "actor" | "actorId" | "actorKind" | "job">;

/** What a redecoding did, as acts about the exceptions: verified with its evidence, or ended with the new reason. */
export function actsOf(results: readonly Redecoded[], by: Redecoder, now: Date) {
  const told = new Map<string, { type: "exception.verified" | "exception.replay_ended"; act: object; ids: string[] }>();
  for (const one of results) {
    if (one.outcome === "unknown" || one.outcome === "away") continue;
    const verified = one.outcome === "verified";
    const act = verified ? { ...by, evidence: one.evidence } : { ...by, reason: one.reason };
    const key = JSON.stringify(act);
    const same = told.get(key) ?? { type: verified ? "exception.verified" : "exception.replay_ended", act, ids: [] };
    told.set(key, { ...same, ids: [...same.ids, one.exceptionId] });
  }
  return [...told.values()].flatMap(({ type, act, ids }) =>
    chunksOf(ids).map((exceptions) => actEventOf(randomUUID(), type, exceptions, act, now.toISOString())),
  );
}

const chunksOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / EXCEPTIONS_PER_ACT) }, (_, index) =>
    ids.slice(index * EXCEPTIONS_PER_ACT, (index + 1) * EXCEPTIONS_PER_ACT),
  );

/** Decodes again and tells it by acts, stored before this resolves. @throws when the acts are not stored: decoding again is safe. */
export async function redecodeAndTell(
  deadLetterIds: readonly string[],
  by: Redecoder,
  parts: RedecodeParts,
): Promise<Redecoded[]> {
  const results = await redecode(deadLetterIds, parts);
  const acts = actsOf(results, by, parts.now());
  if (acts.length === 0) return results;
  const answers = await parts.pipeline.take([
    {
      body: Buffer.from(acts.map((act) => JSON.stringify(act)).join("\n")),
      context: { source: null, contentType: "application/x-ndjson", headers: {}, internal: true },
      channel: "http",
      origin: () => by.job,
      keepUnreadable: false,
    },
  ]);
  if ("unavailable" in answers) throw new Error(`The acts about dead letters were not stored: ${answers.detail}`);
  return results;
}
