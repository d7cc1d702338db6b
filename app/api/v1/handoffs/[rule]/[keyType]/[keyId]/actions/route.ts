import { decideHandoff } from "@/lib/auth/handoff-acts";
import { answerHandoffAct } from "@/lib/auth/handoff-approvals";
import { storedAct } from "../../../../../../act-answer";
import { guardedRoute, otherMethods, requirePermissionOf } from "../../../../../../guarded-route";
import { handoffActOperation } from "../../../../../handoff-operations";

export const POST = guardedRoute(handoffActOperation, async ({ params, body, caller, services, now }) => {
  const { rule = "", keyType = "", keyId = "" } = params;
  const on = { rule, key: { type: keyType, id: keyId } };
  if (body.action === "approve" || body.action === "refuse") {
    requirePermissionOf(caller, "reconciliation:approve");
    const { action: answer, ...said } = body;
    return storedAct(await answerHandoffAct({ answer, ...on, ...said }, caller.actor, { ...services, now }));
  }
  return storedAct(await decideHandoff({ ...on, with: [], ...body }, caller.actor, { ...services, now }));
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
