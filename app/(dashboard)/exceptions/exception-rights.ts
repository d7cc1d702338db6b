import type { ExceptionRights } from "@/components/exceptions/act-buttons";
import type { Person } from "@/lib/auth/session";

export const exceptionRightsOf = ({ permissions }: Person): ExceptionRights => ({
  mayAct: permissions.includes("exceptions:act"),
  mayReplay: permissions.includes("replay:start"),
  mayViewPayload: permissions.includes("payload:view"),
});
