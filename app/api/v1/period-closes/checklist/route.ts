import { openItemsOf } from "@/lib/domain/handoffs/period-close";
import { readCloseChecklist } from "@/lib/queries/close-checklist";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { checklistOperation } from "../../period-close-operations";

export const GET = guardedRoute(checklistOperation, async ({ query, services, now }) => {
  const checklist = await readCloseChecklist(services.store, query, { ...services, now });
  return { ...checklist, openItems: openItemsOf(checklist) };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
