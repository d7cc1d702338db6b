/** A replay as the API shows it, and what is commanded of it. */
import { commandReplay, type ReplayCommandRequest } from "@/lib/auth/replay-commands";
import type { Replay, ReplaySummary } from "@/lib/queries/replays";
import type { RouteCall } from "./guarded-route";
import { ApiProblem } from "./problem";

export const noReplay = (): ApiProblem => new ApiProblem(404, "There is no such replay.");

export function summaryAnswer({ plan, state, counts, startedBy, approvedBy }: ReplaySummary) {
  const { asked: _, plannedById: __, ...shown } = plan;
  return { ...shown, state, ...counts, startedBy, approvedBy };
}

export function replayAnswer(replay: Replay) {
  const commands = replay.commands.map(({ command, givenAt, givenBy, exceptionId, reason }) => ({
    command,
    givenAt,
    givenBy,
    exceptionId,
    reason,
  }));
  const { step, failuresMeanwhile } = replay;
  return { ...summaryAnswer(replay), step, failuresMeanwhile, commands };
}

/** The route of one command. @throws ApiProblem 404 or 409 with a sentence */
export const commanding =
  (command: ReplayCommandRequest["command"]) =>
  async ({ params, body, caller, services, now }: RouteCall<unknown, { readonly reason: string }>) => {
    const { id = "", exceptionId } = params;
    const asked = { command, exceptionId, reason: body.reason };
    const outcome = await commandReplay(id, asked, caller.actor, { store: services.store, now });
    if (outcome.state !== "given") throw new ApiProblem(outcome.state === "unknown" ? 404 : 409, outcome.detail);
    return { id, command, state: outcome.jobState };
  };
