import { recordAudit } from "@/lib/queries/audit";
import { readEvent } from "@/lib/queries/event";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { eventOperation } from "../../../operations";

export const GET = guardedRoute(eventOperation, async ({ params, caller, services, now }) => {
  const source = params.source ?? "";
  const id = params.id ?? "";
  const event = await readEvent(services.store, source, id);
  if (!event) throw new ApiProblem(404, "No event of this source has this id.");
  const masked = !caller.permissions.includes("personal-data:view");
  // Stored before anything is shown: a view that cannot be audited does not take place.
  await recordAudit(
    services.store,
    { actor: caller.actor, action: "payload.viewed", target: `event ${source}/${id}`, details: { source, id, masked } },
    now,
  );
  const payload: unknown = JSON.parse(event.payload);
  return { ...event, payload: masked ? services.maskPersonalData(payload) : payload, masked };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
