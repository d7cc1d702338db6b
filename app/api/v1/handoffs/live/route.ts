import { filterOf } from "@/lib/queries/handoff-filter";
import type { Services } from "@/lib/services";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { HandoffWatch } from "../../../handoff-watch";
import { watchStream } from "../../../watch-stream";
import { handoffsLiveOperation } from "../../reconciliation-operations";

let sharedWatch: HandoffWatch | null = null;

function handoffWatch({ store, log }: Services): HandoffWatch {
  sharedWatch ??= new HandoffWatch(store, () => new Date(), {
    onFailure: (error) => log.warn({ err: error }, "live updates of handoffs wait for the store"),
  });
  return sharedWatch;
}

export const GET = guardedRoute(handoffsLiveOperation, async ({ request, query, services }) =>
  watchStream({
    request,
    services,
    watch: handoffWatch(services),
    subject: filterOf(query),
    permission: handoffsLiveOperation.permission,
    fullText: "Too many lists of handoffs are being watched at the moment.",
  }),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
