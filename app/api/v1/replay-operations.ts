/** Operations on replays. */
import { z } from "zod";
import { ITEM_STATES } from "@/lib/domain/replay/entry";
import { REPLAY_ITEMS_MAX } from "@/lib/domain/replay/job";
import { pageParameters } from "../cursor";
import { operation } from "../operation";
import * as schemas from "./replay-schemas";

const jobPath = { id: "The replay" };

export const planReplayOperation = operation({
  id: "planReplay",
  method: "POST",
  path: "/api/v1/replays",
  permission: "replay:start",
  summary: "Plan a replay",
  description: `Says what would be sent and what is left out, and why; sends nothing before it is started. What matches is frozen. At most ${REPLAY_ITEMS_MAX} exceptions, the first by rank.`,
  body: schemas.replayRequest,
  answer: { status: 200, description: "The plan, kept as it is", schema: schemas.replayPlanAnswer },
  problems: [409, 413, 415],
});

export const replaysOperation = operation({
  id: "listReplays",
  method: "GET",
  path: "/api/v1/replays",
  permission: "exceptions:view",
  summary: "Replays, newest first",
  query: z.object(pageParameters),
  answer: { status: 200, description: "A page of replays", schema: schemas.replayList },
});

export const replayOperation = operation({
  id: "readReplay",
  method: "GET",
  path: "/api/v1/replays/{id}",
  permission: "exceptions:view",
  summary: "One replay: its state and counts that add up",
  parameters: jobPath,
  answer: { status: 200, description: "The replay", schema: schemas.replay },
  problems: [404],
});

export const replayItemsOperation = operation({
  id: "listReplayItems",
  method: "GET",
  path: "/api/v1/replays/{id}/items",
  permission: "exceptions:view",
  summary: "The items of a replay, in the order in which they go",
  parameters: jobPath,
  query: z.object({
    state: z.enum(ITEM_STATES).optional().meta({ description: "State of the item" }),
    ...pageParameters,
  }),
  answer: { status: 200, description: "A page of items", schema: schemas.replayItemList },
  problems: [404],
});

export const replayLiveOperation = operation({
  id: "watchReplay",
  method: "GET",
  path: "/api/v1/replays/{id}/live",
  permission: "exceptions:view",
  summary: "Be told when a replay moves",
  description: "Server-sent events, as of journeys.",
  parameters: jobPath,
  answer: { status: 200, description: "The stream", contentType: "text/event-stream" },
  problems: [503],
});

const commandParts = {
  method: "POST",
  permission: "replay:start",
  parameters: jobPath,
  body: schemas.replayCommand,
  answer: { status: 202, description: "Taken; the job follows within moments", schema: schemas.replayCommandAnswer },
  problems: [404, 409, 413, 415],
} as const;

export const startReplayOperation = operation({
  ...commandParts,
  id: "startReplay",
  path: "/api/v1/replays/{id}/start",
  summary: "Start a planned replay",
  description: "Where a second person must approve, it waits for that.",
});

export const approveReplayOperation = operation({
  ...commandParts,
  id: "approveReplay",
  path: "/api/v1/replays/{id}/approve",
  permission: "replay:approve",
  summary: "Say yes as the second person",
  description: "Neither whoever planned it nor whoever started it, and no token.",
});

export const pauseReplayOperation = operation({
  ...commandParts,
  id: "pauseReplay",
  path: "/api/v1/replays/{id}/pause",
  summary: "Send nothing more until it is resumed",
});

export const resumeReplayOperation = operation({
  ...commandParts,
  id: "resumeReplay",
  path: "/api/v1/replays/{id}/resume",
  summary: "Go on with a paused or stopped replay",
});

export const cancelReplayOperation = operation({
  ...commandParts,
  id: "cancelReplay",
  path: "/api/v1/replays/{id}/cancel",
  summary: "End a replay; what was sent stays sent",
});

const heldParts = {
  ...commandParts,
  parameters: { ...jobPath, exceptionId: "The exception whose item is held" },
} as const;

export const releaseItemOperation = operation({
  ...heldParts,
  id: "releaseReplayItem",
  path: "/api/v1/replays/{id}/items/{exceptionId}/release",
  summary: "Send a held item (again): you answer for it",
});

export const dropItemOperation = operation({
  ...heldParts,
  id: "dropReplayItem",
  path: "/api/v1/replays/{id}/items/{exceptionId}/drop",
  summary: "Leave a held item",
});

export const REPLAY_OPERATIONS = [
  planReplayOperation,
  replaysOperation,
  replayOperation,
  replayItemsOperation,
  replayLiveOperation,
  startReplayOperation,
  approveReplayOperation,
  pauseReplayOperation,
  resumeReplayOperation,
  cancelReplayOperation,
  releaseItemOperation,
  dropItemOperation,
] as const;
