import { HOUR, MINUTE, SECOND } from "./calendar";
import type { InterfaceName } from "./enterprise";
import type { Link, Message, ObjectRef } from "./event";
import { isoTime } from "./event";
import type { Random } from "./random";
import type { Story, StoryRecord } from "./story";

/** API calls through the gateway: attempts, retries with back-off, and the dead letter when all have failed. */

export interface Call {
  readonly at: number;
  readonly interface: InterfaceName;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly target: string;
  readonly trace: string;
  /** What a successful answer tells the gateway it was about, beside the trace. */
  readonly objects: readonly ObjectRef[];
  /** What the request already names; a create call names nothing yet. */
  readonly requestObjects: readonly ObjectRef[];
  readonly links?: readonly Link[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  /** Fails every attempt for this reason, whatever the weather. */
  readonly refusal?: Failure;
  /** Fails the first attempt only. */
  readonly firstFailure?: Failure;
  /** Attempts made before this call, when it is a resend. */
  readonly attemptsBefore?: number;
}

export interface Failure {
  readonly class: "technical" | "business";
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface CallResult {
  readonly ok: boolean;
  /** When the last attempt ended. */
  readonly at: number;
  readonly attempts: number;
  readonly records: readonly StoryRecord[];
  readonly deadLetter?: StoryRecord;
}

/** Of the attempts made during an incident; frequencies.ts says so in words. */
const INCIDENT_FAILURE_RATE = 0.9;
const BACK_OFF_MS = [2 * SECOND, 8 * SECOND, 30 * SECOND] as const;
const MAX_ATTEMPTS = BACK_OFF_MS.length + 1;

export function callApi(story: Story, random: Random, call: Call): CallResult {
  const records: StoryRecord[] = [];
  let at = call.at;
  for (let attempt = 1; ; attempt++) {
    const forced = call.refusal ?? (attempt === 1 ? call.firstFailure : undefined);
    const failure = forced ?? weather(story, random, call.interface, at, attempt, call.target);
    const durationMs = Math.round(failure?.code === "timeout" ? 30_000 : random.lognormal(140, 0.7));
    at += durationMs;
    const number = attempt + (call.attemptsBefore ?? 0);
    records.push(attemptRecord(story, call, at - durationMs, number, durationMs, failure));
    if (failure === undefined) return { ok: true, at, attempts: number, records };
    // What the target refuses for business reasons will not get better by trying again.
    if (attempt >= MAX_ATTEMPTS || failure.class === "business") {
      const deadLetter = deadLetterRecord(story, call, at + random.between(0.2, 2) * SECOND, number, failure);
      return { ok: false, at, attempts: number, records, deadLetter };
    }
    at += (BACK_OFF_MS[attempt - 1] ?? 30 * SECOND) * random.between(0.8, 1.3);
  }
}

/** Sends again until it works, as operations do after an outage; the caller knows how patient the business is. */
export function callUntilOk(story: Story, random: Random, call: Call): CallResult {
  const first = callApi(story, random, call);
  if (first.ok) return first;
  let result = first;
  for (let round = 0; round < 20 && !result.ok; round++) {
    const again = result.at + random.between(20 * MINUTE, 3 * HOUR);
    result = callApi(story, random, { ...call, at: again, attemptsBefore: result.attempts });
  }
  if (!result.ok) throw new Error(`gateway: ${call.interface} stayed down for twenty rounds`);
  return result;
}

function weather(
  story: Story,
  random: Random,
  name: InterfaceName,
  at: number,
  attempt: number,
  target: string,
): Failure | undefined {
  if (story.world.inIncident(name, at)) {
    return random.chance(INCIDENT_FAILURE_RATE) ? unavailable(target) : undefined;
  }
  const fails = attempt === 1 ? story.world.tally.draw("apiFailure", random) : random.chance(0.12);
  if (!fails) return undefined;
  const kind = random.unit();
  if (kind < 0.55) return unavailable(target);
  if (kind < 0.85)
    return {
      class: "technical",
      status: 429,
      code: "429",
      message: `Rate limit of ${target} exceeded, retry after 2 s`,
    };
  return { class: "technical", status: 504, code: "timeout", message: `No answer from ${target} within 30000 ms` };
}

function unavailable(target: string): Failure {
  return {
    class: "technical",
    status: 503,
    code: "503",
    message: `${target} is unavailable: upstream connect error or disconnect before headers`,
  };
}

function attemptRecord(
  story: Story,
  call: Call,
  at: number,
  attempt: number,
  durationMs: number,
  failure: Failure | undefined,
): StoryRecord {
  const named = failure === undefined ? call.objects : call.requestObjects;
  return story.emit(
    "gateway",
    "api.called",
    at,
    {
      objects: [{ type: "trace", id: call.trace, qualifier: "subject" }, ...named],
      ...(failure === undefined && call.links !== undefined ? { links: call.links } : {}),
      outcome: failure === undefined ? "ok" : failure.class === "business" ? "rejected" : "failed",
      interface: call.interface,
      ...(failure === undefined
        ? {}
        : { error: { class: failure.class, code: failure.code, message: failure.message } }),
      attempt,
      durationMs,
      ...(failure === undefined ? {} : { message: messageOf(call) }),
      attributes: {
        method: call.method,
        path: call.path,
        target: call.target,
        status: failure?.status ?? okStatus(call),
      },
    },
    { recordedAt: at + durationMs + 12 },
  );
}

function deadLetterRecord(story: Story, call: Call, at: number, attempt: number, failure: Failure): StoryRecord {
  return story.emit("middleware", "message.dead_lettered", at, {
    objects: [{ type: "trace", id: call.trace }, ...call.requestObjects],
    outcome: "failed",
    interface: call.interface,
    error: { class: failure.class, code: failure.code, message: failure.message },
    attempt,
    message: messageOf(call),
    attributes: { queue: `${call.interface}.dlq`, target: call.target },
  });
}

function okStatus(call: Call): number {
  return call.method === "GET" ? 200 : call.target === "SAP ERP" ? 202 : 201;
}

/** The original request, whole, so that it can be sent again. */
function messageOf(call: Call): Message {
  return {
    channel: "http",
    method: call.method,
    path: call.path,
    headers: {
      "content-type": "application/json",
      "idempotency-key": call.idempotencyKey,
      traceparent: `00-${call.trace}-${call.trace.slice(0, 16)}-01`,
      date: isoTime(call.at),
    },
    body: JSON.stringify(call.body),
    idempotencyKey: call.idempotencyKey,
  };
}
