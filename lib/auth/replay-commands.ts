/** What people command of a replay. Ids follow from what is asked, so two who click at once ask once. */
import type { JobState, ReplayCommand } from "@/lib/domain/replay/job";
import { isOver, jobStateOf, stateAfter } from "@/lib/domain/replay/job-state";
import { type Actor, recordAudit } from "@/lib/queries/audit";
import { readReplayItem } from "@/lib/queries/replay-items";
import { readReplayCommands, readReplayPlan, storeReplayCommand } from "@/lib/queries/replays";
import type { Services } from "@/lib/services";

export const PERSONS_COMMANDS = ["start", "approve", "pause", "resume", "cancel", "release", "drop"] as const;
export type PersonsCommand = (typeof PERSONS_COMMANDS)[number];

export interface ReplayCommandRequest {
  readonly command: PersonsCommand;
  /** Of release and drop: the held item. */
  readonly exceptionId?: string | undefined;
  readonly reason?: string | undefined;
}

export type CommandOutcome =
  /** `jobState`: what the job is now. */
  | { readonly state: "given"; readonly command: string; readonly jobState: JobState }
  | { readonly state: "unknown" | "conflict"; readonly detail: string };

/** The caller has checked `replay:start`, for approve `replay:approve`. */
export async function commandReplay(
  jobId: string,
  { command, exceptionId = "", reason = "" }: ReplayCommandRequest,
  actor: Actor,
  { store, now }: Pick<Services, "store"> & { readonly now: Date },
): Promise<CommandOutcome> {
  const [plan, commands] = await Promise.all([readReplayPlan(store, jobId), readReplayCommands(store, [jobId])]);
  if (!plan) return { state: "unknown", detail: `There is no replay ${jobId}.` };
  const needsApproval = plan.approvalReasons.length > 0;
  const state = jobStateOf(commands, needsApproval);
  if (stateAfter(state, command, needsApproval) === null) return conflict(obstacleOf(state, command, commands));
  if (command === "start" && plan.willReplay === 0)
    return conflict("Nothing of this plan can be sent: all of it is skipped.");
  if (command === "approve") {
    const starter = commands.find((given) => given.command === "start");
    if (actor.kind !== "person") return conflict("Only a person can be the second person.");
    if (actor.id === plan.plannedById || actor.id === starter?.givenById)
      return conflict("Whoever planned or started a replay cannot approve it. Ask somebody else.");
  }
  const id = await commandIdOf(jobId, command, exceptionId, commands, store);
  if (id === null)
    return conflict(`${exceptionId || "This item"} is not held in this replay: there is nothing to decide.`);
  const given: ReplayCommand = {
    jobId,
    id,
    command,
    givenAt: now.toISOString(),
    givenBy: actor.name,
    givenById: actor.id,
    exceptionId,
    reason,
  };
  await recordAudit(
    store,
    {
      actor,
      action: `replay.${command}`,
      target: `replay ${jobId}`,
      details: { name: plan.name, reason, ...(exceptionId ? { exception: exceptionId } : {}) },
    },
    now,
  );
  await storeReplayCommand(store, given);
  const after = jobStateOf(await readReplayCommands(store, [jobId]), needsApproval);
  return { state: "given", command: id, jobState: after };
}

const conflict = (detail: string): CommandOutcome => ({ state: "conflict", detail });

/** Pauses and resumes alternate and are numbered; the rest happens once. Null: that item is not held. */
async function commandIdOf(
  jobId: string,
  command: PersonsCommand,
  exceptionId: string,
  commands: readonly ReplayCommand[],
  store: Services["store"],
): Promise<string | null> {
  if (command === "release" || command === "drop") {
    const item = await readReplayItem(store, jobId, exceptionId);
    // Of two answers to one holding, the first is heard: both have this id.
    return item?.state === "held" && item.last ? `decide:${jobId}:${exceptionId}:${item.last.entryNo}` : null;
  }
  if (command !== "pause" && command !== "resume") return `${command}:${jobId}`;
  return `${command}:${jobId}:${commands.filter((given) => given.command === command || given.command === "stop").length}`;
}

function obstacleOf(state: JobState, command: PersonsCommand, commands: readonly ReplayCommand[]): string {
  const start = commands.find((given) => given.command === "start");
  if (command === "start" && start) return `It was started by ${start.givenBy} at ${start.givenAt}.`;
  if (isOver(state)) return `It is ${state}; make a new plan for what is left.`;
  const texts: Readonly<Record<PersonsCommand, string>> = {
    start: `It is ${state}.`,
    approve: state === "planned" ? "It has not been started yet." : "It needs no approval now.",
    pause: state === "awaiting_approval" ? "It waits for its approval; nothing is being sent." : "It is not running.",
    resume: "It is neither paused nor stopped.",
    cancel: `It is ${state}.`,
    release: "It has not been started yet.",
    drop: "It has not been started yet.",
  };
  return texts[command];
}
