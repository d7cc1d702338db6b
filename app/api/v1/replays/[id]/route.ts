import { readReplay } from "@/lib/queries/replays";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { noReplay, replayAnswer } from "../../../replay-answer";
import { replayOperation } from "../../replay-operations";

export const GET = guardedRoute(replayOperation, async ({ params, services, now }) => {
  const replay = await readReplay(services.store, params.id ?? "", { now: now.toISOString() });
  if (!replay) throw noReplay();
  return replayAnswer(replay);
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
