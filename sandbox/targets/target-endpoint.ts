/** One endpoint at work: a request in, an answer out, and between them the fault that is set, the limit, the key and the ledger. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { DeliveryBook } from "./delivery-book";
import { type Endpoint, type EndpointMode, effectEvent, isRefusal, malformed, type Request } from "./endpoint";
import type { Faults, SetFault } from "./fault";
import type { Ledger, Posting } from "./ledger";
import type { RateLimit } from "./rate-limit";

export type Answer =
  | {
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset. */
  | "reset"
  /** Nothing is ever answered. */
  | "silence";

interface Parts {
  readonly endpoint: Endpoint;
  readonly mode: EndpointMode;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly book: DeliveryBook;
  /** Null: as many as come. */
  readonly limit: RateLimit | null;
  readonly onPosting: () => void;
}

export class TargetEndpoint {
  private count: number;

  constructor(private readonly parts: Parts) {
    this.count = parts.ledger.find({ entry: "posting", endpoint: parts.endpoint.path }).length;
  }

  async take(key: string, body: string): Promise<Answer> {
    const { endpoint, ledger, faults, book, limit } = this.parts;
    const read = endpoint.read(parseJson(body), book);
    const subject = isRefusal(read) ? "" : read.subject;
    const isWithinLimit = limit?.allows(performance.now()) ?? true;
    // What the limit turns away never gets to where a fault could strike it.
    const fault = isWithinLimit ? faults.strike(endpoint.path, subject) : undefined;
    ledger.add({ entry: "arrival", endpoint: endpoint.path, key, subject, fault: fault?.kind ?? null });
    if (!isWithinLimit) return tooMany(1);
    if (isRefusal(read)) return refused(read);
    const before = fault && (await beforeCommit(fault, read));
    if (before) return before;
    const answer = this.commit(read, key, body);
    if (fault?.kind === "reset-after-commit") return "reset";
    if (fault?.kind === "commit-then-silence") return "silence";
    return answer;
  }

  lookUp(query: Readonly<Record<string, string>>): Answer {
    const { endpoint, mode, ledger, book } = this.parts;
    // Not 404, which would say that it has nothing.
    if (mode === "unsafe") return { status: 405, body: { message: `${endpoint.path} cannot be asked` } };
    const subject = query[endpoint.lookup]?.trim();
    const { idempotencyKey } = query;
    if (!subject && !idempotencyKey) return refused(malformed(`Ask by ${endpoint.lookup} or idempotencyKey`));
    const underKey = idempotencyKey
      ? ledger.find({ entry: "posting", endpoint: endpoint.path, key: idempotencyKey })
      : [];
    const posted = subject ? ledger.postedFor(endpoint.path, subject) : (underKey as Posting[]);
    const elsewhere = subject && endpoint.lookup === "delivery" ? book.documentsFor(subject) : [];
    const items = [
      ...elsewhere.map((document) => ({ document, subject })),
      ...posted.map((each) => ({
        document: each.document,
        subject: each.subject,
        idempotencyKey: each.key,
        postedAt: each.at,
      })),
    ];
    return { status: 200, body: { items } };
  }

  /** Between the look at the ledger and the entry in it nothing else runs, so two of one key cannot both be posted. */
  private commit(request: Request, key: string, body: string): Answer {
    const { endpoint, mode, ledger, onPosting } = this.parts;
    const bodyHash = createHash("sha256").update(body).digest("hex");
    const known = mode === "idempotent" ? ledger.postedUnder(endpoint.path, key) : undefined;
    if (known) {
      if (known.bodyHash === bodyHash) return this.done(known.document);
      return refused({ status: 422, code: "KEY_REUSED", message: `Key ${key} was used with another request` });
    }
    this.count += 1;
    const document = endpoint.documentNumber(this.count);
    const effect = effectEvent(request, document, new Date().toISOString());
    ledger.add({
      entry: "posting",
      endpoint: endpoint.path,
      key,
      subject: request.subject,
      document,
      bodyHash,
      effect,
    });
    onPosting();
    return this.done(document);
  }

  private done(document: string): Answer {
    return { status: this.parts.endpoint.okStatus, body: { document } };
  }
}

/** What the fault answers instead of doing it; undefined when it is done all the same. */
async function beforeCommit(fault: SetFault, request: Request): Promise<Answer | undefined> {
  switch (fault.kind) {
    case "unavailable":
      return refused({ status: fault.status, code: String(fault.status), message: "No free dialog work process" });
    case "rate-limited":
      return tooMany(fault.retryAfterSeconds);
    case "reset-before-commit":
      return "reset";
    case "rejected":
      return refused(request.refusal(fault.reason));
    case "slow":
      await delay(fault.delayMs, undefined, { ref: false });
      return undefined;
    default:
      return undefined;
  }
}

const refused = ({ status, code, message }: { status: number; code: string; message: string }): Answer => ({
  status,
  body: { error: { code, message } },
});

const tooMany = (seconds: number): Answer => ({
  status: 429,
  body: { error: { code: "429", message: `Rate limit exceeded, retry after ${seconds} s` } },
  headers: { "retry-after": String(seconds) },
});

/** Undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
