/** What the workbench asks the API to do about handoffs. */
import { type HandoffName, handoffApiHref } from "@/components/ui/href";
import type { Approval, Money } from "@/lib/domain/handoffs/approval";
import type { DecidingAction } from "@/lib/domain/handoffs/decidable";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { ObjectRef } from "@/lib/domain/object";
import { type Answer, getJson, postFile, postJson } from "./api-call";
import { evidenceOfAll } from "./evidence-of-all";
import type { ReasonCode } from "./handoff-words";

/** What a person says with a decision. */
export interface Said {
  readonly reason: string;
  readonly reasonCode: ReasonCode;
  readonly note: string;
}

interface Stored {
  readonly event: { readonly source: string; readonly id: string };
  readonly approval: Approval;
}

export interface Decided extends Stored {
  readonly action: DecidingAction;
  readonly handoffs: readonly ListedHandoff[];
}

/** One act: about one handoff, or, for a match, about several of one rule that belong together. */
export async function decideTogether(
  action: DecidingAction,
  handoffs: readonly ListedHandoff[],
  said: Said,
  files: readonly File[],
): Promise<Answer<Decided>> {
  const [first, ...rest] = handoffs;
  if (!first) return { ok: false, status: 0, problem: "Nothing is selected." };
  const attachments: string[] = [];
  for (const file of files) {
    const added = await addAttachment(file);
    if (!added.ok) return { ...added, problem: `${file.name}: ${added.status === 415 ? WRONG_FILE : added.problem}` };
    attachments.push(added.value.id);
  }
  const evidence = await evidenceOfAll(handoffs);
  const answer = await postJson<Stored>(`${handoffApiHref(first)}/actions`, {
    action,
    ...said,
    attachments,
    ...(evidence === null ? {} : { evidence }),
    ...(rest.length > 0 ? { with: rest.map(({ key }) => key) } : {}),
  });
  return answer.ok ? { ok: true, value: { ...answer.value, action, handoffs } } : answer;
}

/** The API names media types, which say nothing to whoever attaches a file. */
const WRONG_FILE =
  "this kind of file cannot be attached, or its content is not what its name says. A PDF, a PNG or JPEG picture, a mail (.eml), a spreadsheet (.xlsx), CSV or text can.";

/** A browser does not know every kind of file that mail programs save. */
const TYPE_OF_ENDING: Readonly<Record<string, string>> = {
  eml: "message/rfc822",
  csv: "text/csv",
  txt: "text/plain",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

function addAttachment(file: File): Promise<Answer<{ readonly id: string }>> {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  const type = TYPE_OF_ENDING[ending] ?? (file.type || "application/octet-stream");
  return postFile(`/api/v1/attachments?${new URLSearchParams({ name: file.name })}`, file, type);
}

export const answerAct = (
  handoff: HandoffName,
  body: { readonly action: "approve" | "refuse"; readonly act: string; readonly reason: string; readonly note: string },
): Promise<Answer<Stored>> => postJson(`${handoffApiHref(handoff)}/actions`, body);

export interface Plan {
  readonly id: string;
  readonly action: DecidingAction;
  readonly matching: number;
  readonly total: number;
  readonly willDecide: number;
  readonly stakes: readonly Money[];
  readonly skipped: readonly (HandoffName & { readonly reason: string; readonly detail: string })[];
}

export interface BulkResult {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly results: readonly (HandoffName & {
    readonly result: "done" | "skipped" | "failed";
    readonly detail: string;
  })[];
}

/** Which handoffs a decision is about: these, or whatever matches the filter of the page when the plan is made. */
export type Scope =
  | { readonly keys: readonly { readonly rule: string; readonly key: ObjectRef; readonly evidence: string }[] }
  | { readonly filter: Readonly<Record<string, string | readonly string[]>> };

export const planDecision = (action: DecidingAction, scope: Scope, said: Said): Promise<Answer<Plan>> =>
  postJson("/api/v1/handoffs/bulk-plans", { action, ...said, ...scope });

export const carryOut = (plan: Plan): Promise<Answer<BulkResult>> =>
  postJson(`/api/v1/handoffs/bulk-plans/${encodeURIComponent(plan.id)}/execute`, {});

const LOOK_EVERY_MS = 400;
const LOOKS_MAX = 40;

/** Waits until the projection has taken the act in, so that the row can be shown settled. @returns false when it takes too long */
export async function untilTakenIn(
  handoff: HandoffName,
  isTakenIn: (resolution: ListedHandoff["resolution"]) => boolean,
): Promise<boolean> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const now = await getJson<ListedHandoff>(handoffApiHref(handoff));
    if (now.ok && isTakenIn(now.value.resolution)) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}
