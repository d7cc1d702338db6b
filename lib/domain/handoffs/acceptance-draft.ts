/** A standing acceptance as somebody proposes it, and what is wrong with it. Pure. */
import { differenceInCalendarDays } from "date-fns";
import { approvalOf } from "./approval";
import type { Finance } from "./finance";
import type { StandingAcceptance } from "./standing-acceptance";

/** A year: what nobody looked at for longer nobody remembers. */
export const ACCEPTANCE_DAYS_MAX = 366;

export type AcceptanceDraft = Omit<StandingAcceptance, "id" | "createdAt" | "createdBy">;

/**
 * Each fault names its field. An amount from which on a second person must look at a break cannot be accepted unseen: else
 * one person could do by a standing acceptance what they may not do by hand.
 */
export function faultsOfDraft(
  draft: AcceptanceDraft,
  { finance, now, rules }: { readonly finance: Finance; readonly now: Date; readonly rules: ReadonlySet<string> },
): { readonly path: string; readonly message: string }[] {
  const faults: { path: string; message: string }[] = [];
  if (!rules.has(draft.rule)) faults.push({ path: "rule", message: "is no rule in force" });
  const days = differenceInCalendarDays(new Date(draft.expiresAt), now);
  if (draft.expiresAt <= now.toISOString()) faults.push({ path: "expiresAt", message: "must lie ahead" });
  else if (days > ACCEPTANCE_DAYS_MAX)
    faults.push({ path: "expiresAt", message: `must lie at most ${ACCEPTANCE_DAYS_MAX} days ahead` });
  const money = { amount: draft.amountMax, currency: draft.currency };
  if (approvalOf([money], finance, now.toISOString().slice(0, 10)) === "required") {
    const { above, currency } = finance.approval ?? { above: "", currency: "" };
    faults.push({
      path: "amountMax",
      message: `must not be above ${above} ${currency}, from where on a second person must look at each break`,
    });
  }
  return faults;
}
