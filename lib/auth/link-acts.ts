/** A person's word on a link: taken back, or restored. It is a fact like any other and goes in where facts go in (act-intake.ts). */
import { randomUUID } from "node:crypto";
import type { ObjectCatalogue, ObjectRef } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { Actor } from "@/lib/queries/audit";
import { type ActIntake, sendActs, statedObject } from "./act-intake";

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

export type ReportedAct =
  | { readonly state: "stored"; readonly event: { readonly source: string; readonly id: string } }
  /** `away`: try again. `refused`: the worker took it for wrong; trying again changes nothing. */
  | { readonly state: "away" | "refused"; readonly detail: string };

export async function reportLinkAct(
  act: LinkAct,
  { catalogue, now, ...intake }: ActIntake & { readonly catalogue: ObjectCatalogue; readonly now: Date },
): Promise<ReportedAct> {
  const id = randomUUID();
  const sent = await sendActs([linkActEvent(act, catalogue, id, now)], intake);
  if (sent.state !== "stored") return sent;
  const reason = sent.refused.get(0);
  if (reason !== undefined) return { state: "refused", detail: reason };
  return { state: "stored", event: { source: OWN_SOURCE, id } };
}
