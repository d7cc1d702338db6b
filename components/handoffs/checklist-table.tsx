"use client";
import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { countLabel, moneyLabel } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { BREAK_STATES } from "@/lib/domain/handoffs/handoff";
import type { CloseChecklist, OpenMoney } from "@/lib/domain/handoffs/period-close";
import { workbenchHref } from "./filter-address";
import { type RuleBook, ruleName, stateLabel } from "./handoff-words";

interface ChecklistProps {
  readonly checklist: CloseChecklist;
  readonly rules: RuleBook;
}

/** Per rule what is open, with the money; per source whether it reaches the end of the period. */
export function ChecklistTable({ checklist, rules }: ChecklistProps) {
  const { companyCode, period } = checklist;
  const hrefOf = (rule: string, changes: Parameters<typeof workbenchHref>[1]) =>
    workbenchHref("", { rule, companyCode, period, ...changes });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-ink-muted">
        The period ends <Time at={checklist.endsAt} form="full" /> by the company's calendar
        {checklist.hasEnded ? "." : ": it has not ended yet."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard */}
      <section aria-label="Open handoffs by rule" tabIndex={0} className="relative overflow-x-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Open handoffs of the period by rule</caption>
          <thead>
            <tr className="text-xs text-ink-muted *:border-b *:border-line-strong *:px-2 *:py-1.5 *:font-medium">
              <th scope="col" className="text-left">
                Rule
              </th>
              {BREAK_STATES.map((state) => (
                <th key={state} scope="col" className="text-right">
                  {stateLabel(state)}
                </th>
              ))}
              <th scope="col" className="text-right">
                Awaiting approval
              </th>
              <th scope="col" className="text-right">
                Not due yet
              </th>
              <th scope="col" className="text-right">
                In all
              </th>
            </tr>
          </thead>
          <tbody>
            {checklist.rules.map(({ rule, breaks, awaiting, pending, total }) => (
              <tr key={rule} className="hover:bg-hover">
                <th scope="row" className="border-b border-line px-2 py-1 text-left align-top font-normal">
                  {ruleName(rules, rule)}
                </th>
                {BREAK_STATES.map((state) => (
                  <Open
                    key={state}
                    open={breaks[state]}
                    label={`${ruleName(rules, rule)}, ${stateLabel(state)}`}
                    href={hrefOf(rule, { state, resolution: "none" })}
                  />
                ))}
                <Open
                  open={awaiting}
                  label={`${ruleName(rules, rule)}, awaiting approval`}
                  href={hrefOf(rule, { resolution: "awaiting_approval" })}
                />
                <Open
                  open={pending}
                  isWaiting
                  label={`${ruleName(rules, rule)}, not due yet`}
                  href={hrefOf(rule, { state: "pending" })}
                />
                <td className="border-b border-line px-2 py-1 text-right align-top text-ink-muted">
                  {countLabel(total)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Sources checklist={checklist} />
    </div>
  );
}

interface OpenProps {
  readonly open: OpenMoney;
  readonly label: string;
  readonly href: string;
  /** Nothing is wrong so far. */
  readonly isWaiting?: boolean;
}

function Open({ open, label, href, isWaiting = false }: OpenProps) {
  return (
    <td className="border-b border-line px-2 py-1 text-right align-top whitespace-nowrap">
      {open.count === 0 ? (
        <span className="text-settled">0</span>
      ) : (
        <Link
          href={href}
          prefetch={false}
          aria-label={`${label}: ${countLabel(open.count)}`}
          className={`font-medium underline-offset-2 hover:underline ${isWaiting ? "text-ink" : "text-broken"}`}
        >
          {countLabel(open.count)}
        </Link>
      )}
      {open.stakes.map((stake) => (
        <span key={stake.currency} className="block text-2xs text-ink-muted">
          {moneyLabel(stake)}
        </span>
      ))}
    </td>
  );
}

function Sources({ checklist: { sources } }: Pick<ChecklistProps, "checklist">) {
  return (
    <section aria-labelledby="close-sources">
      <h3 id="close-sources" className="text-xs font-semibold text-ink-muted">
        Sources: have they reported past the end of the period?
      </h3>
      <ul className="mt-1 grid grid-cols-1 gap-x-6 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-3">
        {sources.map(({ source, name, completeThrough, reachesEnd }) => (
          <li key={source} className="flex items-center gap-1.5">
            {reachesEnd ? (
              <CircleCheck aria-label="yes" className="size-4 shrink-0 text-settled" />
            ) : (
              <TriangleAlert aria-label="not yet" className="size-4 shrink-0 text-attention" />
            )}
            <span>{name}</span>
            <span className="text-xs text-ink-muted">
              {completeThrough ? (
                <>
                  complete through <Time at={completeThrough} form="stamp" />
                </>
              ) : (
                "has not reported"
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
