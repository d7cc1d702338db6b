/**
 * The way of a person's act into the facts: to the worker's intake, as events of source `throughline`, under the token that only this
 * installation knows. Nothing here writes to the store.
 */
import type { Environment } from "@/lib/config/environment";
import { isIssuerScoped, type ObjectCatalogue, type ObjectRef } from "@/lib/domain/object";
import { internalToken } from "./internal-token";

const INTAKE_TIMEOUT_MS = 10_000;

export interface ActIntake {
  readonly environment: Environment;
  readonly send?: typeof fetch;
}

export type SentActs =
  /** Stored, but for those that are refused, by their place in what was sent, each with its reason. */
  | { readonly state: "stored"; readonly duplicate: number; readonly refused: ReadonlyMap<number, string> }
  /** `away`: try again. `refused`: the worker took all of it for wrong; trying again changes nothing. */
  | { readonly state: "away" | "refused"; readonly detail: string };

interface IntakeAnswer {
  readonly duplicate?: number;
  readonly deadLettered?: readonly { readonly index?: number; readonly reason?: string }[];
}

/** Sends canonical events as one request. Sent again under their ids, they are duplicates, so an unclear outcome may be retried. */
export async function sendActs(events: readonly object[], { environment, send = fetch }: ActIntake): Promise<SentActs> {
  const [only] = events;
  const isSingle = events.length === 1;
  let answer: Response;
  try {
    answer = await send(`${environment.ingestUrl}/v1/events`, {
      method: "POST",
      headers: {
        "content-type": isSingle ? "application/cloudevents+json" : "application/cloudevents-batch+json",
        authorization: `Bearer ${internalToken(environment)}`,
      },
      body: JSON.stringify(isSingle ? only : events),
      signal: AbortSignal.timeout(INTAKE_TIMEOUT_MS),
      redirect: "error",
    });
  } catch {
    return { state: "away", detail: "The worker does not answer. Nothing was recorded; try again." };
  }
  if (answer.status === 429 || answer.status === 503)
    return { state: "away", detail: "The worker is busy. Try again." };
  if (answer.status === 401 || answer.status === 403) {
    return {
      state: "refused",
      detail: "The worker does not know the app's token: both need one DATA_DIR or one THROUGHLINE_INTERNAL_TOKEN.",
    };
  }
  const stored = (await answer.json().catch(() => null)) as IntakeAnswer | null;
  if (!answer.ok || stored === null) return { state: "refused", detail: `The worker answered ${answer.status}.` };
  const refused = new Map(
    (stored.deadLettered ?? []).map(({ index = 0, reason = "The worker could not read the act." }) => [index, reason]),
  );
  return { state: "stored", duplicate: stored.duplicate ?? 0, refused };
}

/** "wms-east:4711" is number 4711 of issuer wms-east; stated so, it is not taken for a number of our own. */
export function statedObject(object: ObjectRef, catalogue: ObjectCatalogue) {
  const cut = object.id.indexOf(":");
  if (!isIssuerScoped(catalogue, object.type) || cut <= 0) return { type: object.type, id: object.id };
  return { type: object.type, id: object.id.slice(cut + 1), issuer: object.id.slice(0, cut) };
}
