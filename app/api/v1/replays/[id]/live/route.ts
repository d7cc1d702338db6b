import { readReplayVersions } from "@/lib/queries/replays";
import type { Services } from "@/lib/services";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { Watch } from "../../../../watch";
import { watchStream } from "../../../../watch-stream";
import { replayLiveOperation } from "../../../replay-operations";

let sharedWatch: Watch<string> | null = null;

function replayWatch({ store, log }: Services): Watch<string> {
  sharedWatch ??= new Watch(
    (id) => id,
    (ids) => readReplayVersions(store, ids),
    { onFailure: (error) => log.warn({ err: error }, "live updates of replays wait for the store") },
  );
  return sharedWatch;
}

export const GET = guardedRoute(replayLiveOperation, async ({ request, params, services }) =>
  watchStream({
    request,
    services,
    watch: replayWatch(services),
    subject: params.id ?? "",
    permission: replayLiveOperation.permission,
    fullText: "Too many replays are being watched at the moment.",
  }),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
