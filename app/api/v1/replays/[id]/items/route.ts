import { listReplayItems } from "@/lib/queries/replay-items";
import { readReplayPlan } from "@/lib/queries/replays";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { paged } from "../../../../paged";
import { noReplay } from "../../../../replay-answer";
import { replayItemsOperation } from "../../../replay-operations";

export const GET = guardedRoute(replayItemsOperation, async ({ params, query, services }) => {
  const { id = "" } = params;
  const [plan, items] = await Promise.all([
    readReplayPlan(services.store, id),
    paged(listReplayItems(services.store, id, query)),
  ]);
  if (!plan) throw noReplay();
  return items;
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
