import { authenticate } from "@/lib/auth/caller";
import { readJourneyVersions } from "@/lib/queries/journey-versions";
import type { Services } from "@/lib/services";
import { eventStreamResponse } from "../../../../../event-stream";
import { guardedRoute, otherMethods } from "../../../../../guarded-route";
import { JourneyWatch } from "../../../../../journey-watch";
import { ApiProblem } from "../../../../../problem";
import { liveOperation } from "../../../../operations";

let sharedWatch: JourneyWatch | null = null;

function journeyWatch({ store, log }: Services): JourneyWatch {
  sharedWatch ??= new JourneyWatch((roots) => readJourneyVersions(store, roots), {
    onFailure: (error) => log.warn({ err: error }, "live updates wait for the store"),
  });
  return sharedWatch;
}

export const GET = guardedRoute(liveOperation, async ({ request, params, services }) => {
  // Next answers HEAD by this handler and throws the body away; nobody would ever end that stream.
  if (request.method === "HEAD") return new Response(null, { headers: { "content-type": "text/event-stream" } });
  const root = { type: params.type ?? "", id: params.id ?? "" };
  const lastSeen = request.headers.get("last-event-id");
  let unwatch: (() => void) | null = null;
  let send: (version: string | null, isFirst: boolean) => void = () => undefined;
  // Watched before the answer begins, so that a full house is a 503 and not a broken stream.
  unwatch = journeyWatch(services).watch(root, (version, isFirst) => send(version, isFirst));
  if (!unwatch) {
    throw new ApiProblem(503, "Too many journeys are being watched at the moment.", {
      headers: { "retry-after": "10" },
    });
  }
  return eventStreamResponse(request, {
    start: (stream) => {
      send = (version, isFirst) => {
        // After an interruption the client says what it saw last; only a difference is news.
        const isNews = isFirst ? lastSeen !== null && lastSeen !== "" && lastSeen !== version : true;
        stream.send({ event: isNews ? "changed" : "current", id: version ?? "", data: { version } });
      };
      return unwatch;
    },
    keep: async () => {
      const { caller } = await authenticate(services, request);
      return caller?.permissions.includes(liveOperation.permission) ?? false;
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
