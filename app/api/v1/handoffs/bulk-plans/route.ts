import { planBulkAct } from "@/lib/auth/handoff-bulk";
import { SKIP_TEXTS } from "@/lib/domain/handoffs/bulk";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { planBulkOperation } from "../../handoff-operations";

export const POST = guardedRoute(planBulkOperation, async ({ body, caller, services, now }) => {
  const { keys, filter = {}, ...said } = body;
  const selection = keys === undefined ? { filter } : { keys };
  const plan = await planBulkAct({ ...said, selection }, caller.actor, { ...services, now, mayAct: true });
  const { id, action, matching, total, stakes, skipped } = plan;
  return {
    id,
    action,
    matching,
    total,
    willDecide: total - skipped.length,
    stakes,
    skipped: skipped.map((each) => ({ ...each, detail: SKIP_TEXTS[each.reason] })),
  };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
