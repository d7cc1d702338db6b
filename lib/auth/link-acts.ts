/**
 * A person's word on a link: taken back, or restored. It is a fact like any other and goes in where facts go in: to the worker's intake, as source
 * `throughline`, under the token that only this installation knows.
 */
import { randomUUID } from "node:crypto";
import type { Environment } from "@/lib/config/environment";
import { isIssuerScoped, type ObjectCatalogue, type ObjectRef } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { Actor } from "@/lib/queries/audit";
import { internalToken } from "./internal-token";

const INTAKE_TIMEOUT_MS = 10_000;

export interface LinkAct {
  readonly type: "link.retracted" | "link.restored";
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
  readonly reason: string;
  readonly actor: Actor;
}

/** The canonical event of an act. Names both ends, so that it stands in the journeys on either side. */
export function linkActEvent(act: LinkAct, catalogue: ObjectCatalogue, id: string, now: Date) {
  const child = statedObject(act.child, catalogue);
  const parent = statedObject(act.parent, catalogue);
  return {
    specversion: "1.0",
    id,
    source: OWN_SOURCE,
    type: act.type,
    time: now.toISOString(),
    data: {
      kind: "step",
      objects: [
        { ...child, qualifier: "child" },
        { ...parent, qualifier: "parent" },
      ],
      links: [{ child, parent }],
      attributes: { actor: act.actor.name, actorId: act.actor.id, actorKind: act.actor.kind, reason: act.reason },
    },
  };
}

/** "wms-east:4711" is number 4711 of issuer wms-east; stated so, it is not taken for a number of our own. */
function statedObject(object: ObjectRef, catalogue: ObjectCatalogue) {
  const cut = object.id.indexOf(":");
  if (!isIssuerScoped(catalogue, object.type) || cut <= 0) return { type: object.type, id: object.id };
  return { type: object.type, id: object.id.slice(cut + 1), issuer: object.id.slice(0, cut) };
}

export type ReportedAct =
  | { readonly state: "stored"; readonly event: { readonly source: string; readonly id: string } }
  /** `away`: try again. `refused`: the worker took it for wrong; trying again changes nothing. */
  | { readonly state: "away" | "refused"; readonly detail: string };

export async function reportLinkAct(
  act: LinkAct,
  {
    environment,
    catalogue,
    now,
    send = fetch,
  }: {
    readonly environment: Environment;
    readonly catalogue: ObjectCatalogue;
    readonly now: Date;
    readonly send?: typeof fetch;
  },
): Promise<ReportedAct> {
  const id = randomUUID();
  let answer: Response;
  try {
    answer = await send(`${environment.ingestUrl}/v1/events`, {
      method: "POST",
      headers: {
        "content-type": "application/cloudevents+json",
        authorization: `Bearer ${internalToken(environment)}`,
      },
      body: JSON.stringify(linkActEvent(act, catalogue, id, now)),
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
  const stored = (await answer.json().catch(() => null)) as { deadLettered?: readonly { reason?: string }[] } | null;
  if (!answer.ok || stored === null) return { state: "refused", detail: `The worker answered ${answer.status}.` };
  const [dead] = stored.deadLettered ?? [];
  if (dead) return { state: "refused", detail: dead.reason ?? "The worker could not read the act." };
  return { state: "stored", event: { source: OWN_SOURCE, id } };
}
