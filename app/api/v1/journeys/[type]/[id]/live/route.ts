import { readJourneyVersions } from "@/lib/queries/journey-versions";
import type { Services } from "@/lib/services";
import { guardedRoute, otherMethods } from "../../../../../guarded-route";
import { JourneyWatch } from "../../../../../journey-watch";
import { watchStream } from "../../../../../watch-stream";
import { liveOperation } from "../../../../operations";

let sharedWatch: JourneyWatch | null = null;

function journeyWatch({ store, log }: Services): JourneyWatch {
  sharedWatch ??= new JourneyWatch((roots) => readJourneyVersions(store, roots), {
    onFailure: (error) => log.warn({ err: error }, "live updates wait for the store"),
  });
  return sharedWatch;
}

export const GET = guardedRoute(liveOperation, async ({ request, params, services }) =>
  watchStream({
    request,
    services,
    watch: journeyWatch(services),
    subject: { type: params.type ?? "", id: params.id ?? "" },
    permission: liveOperation.permission,
    fullText: "Too many journeys are being watched at the moment.",
  }),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
