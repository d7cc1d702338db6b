import { ChecklistTable } from "@/components/handoffs/checklist-table";
import { CloseActs } from "@/components/handoffs/close-acts";
import { CloseForm } from "@/components/handoffs/close-form";
import { ClosedPeriod } from "@/components/handoffs/closed-period";
import type { RuleBook } from "@/components/handoffs/handoff-words";
import { Panel } from "@/components/handoffs/panel";
import { PeriodChoice } from "@/components/handoffs/period-choice";
import { EmptyState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import type { Person } from "@/lib/auth/session";
import { companyOf, periodOf } from "@/lib/domain/handoffs/business-time";
import { openItemsOf } from "@/lib/domain/handoffs/period-close";
import { type CompanyPeriod, readCloseChecklist } from "@/lib/queries/close-checklist";
import { type PeriodAct, readPeriodActs, summariseChanges } from "@/lib/queries/period-close";
import { readFilterChoices } from "@/lib/queries/reconciliation";
import { readRuleBook } from "@/lib/queries/rule-book";
import { services } from "@/lib/services";
import type { PageParameters } from "../workbench-address";

export const metadata = { title: "Period close · Reconciliation" };

const CHANGES_SHOWN = 100;

export default async function ClosePage({ searchParams }: { readonly searchParams: Promise<PageParameters> }) {
  const person = await requirePermission("reconciliation:view");
  const { store, finance } = services();
  const now = new Date();
  const choices = await readFilterChoices(store);
  const companyCodes = [...new Set([...finance.company_codes.map(({ id }) => id), ...choices.companyCodes])];
  const chosen = chosenOf(await searchParams, now);
  const periods = [...new Set([chosen.period, ...choices.periods])].sort().reverse();
  const names = Object.fromEntries(finance.company_codes.map(({ id, name }) => [id, name]));
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Period close</h1>
      <PeriodChoice companyCodes={companyCodes} names={names} periods={periods} chosen={chosen} />
      <Period of={chosen} person={person} now={now} />
    </>
  );
}

/** What the address says, else the default company's period of today. */
function chosenOf({ companyCode, period }: PageParameters, now: Date): CompanyPeriod {
  const { finance } = services();
  const code = typeof companyCode === "string" && companyCode !== "" ? companyCode : finance.default_company_code;
  const isPeriod = typeof period === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(period);
  return {
    companyCode: code.replaceAll("\u0000", ""),
    period: isPeriod ? period : periodOf(now.toISOString(), companyOf(finance, code, "")),
  };
}

interface PeriodProps {
  readonly of: CompanyPeriod;
  readonly person: Person;
  readonly now: Date;
}

async function Period({ of, person, now }: PeriodProps) {
  const shared = services();
  const { store } = shared;
  const [checklist, acts, rules] = await Promise.all([
    readCloseChecklist(store, of, { ...shared, now }),
    readPeriodActs(store, of),
    readRuleBook(store),
  ]);
  const standing = acts.at(-1);
  const mayClose = person.permissions.includes("reconciliation:close");
  const isClosed = standing?.act === "closed";
  const items = openItemsOf(checklist);
  return (
    <>
      {isClosed ? <Closed close={standing} rules={rules} mayClose={mayClose} now={now} /> : null}
      <Panel title={isClosed ? "As it stands now" : "What is still open"}>
        {checklist.rules.length === 0 ? (
          <EmptyState title="No handoff belongs to this period">
            Choose another company code or period: handoffs belong to the period of their cause.
          </EmptyState>
        ) : (
          <ChecklistTable checklist={checklist} rules={rules} />
        )}
      </Panel>
      {isClosed || checklist.rules.length === 0 ? null : (
        <CloseForm
          key={JSON.stringify(items)}
          of={of}
          items={items}
          rules={rules}
          personName={person.name}
          mayClose={mayClose}
        />
      )}
      {acts.length > 0 ? (
        <Panel title="Signed and opened">
          <CloseActs acts={acts} />
        </Panel>
      ) : null}
    </>
  );
}

interface ClosedProps {
  readonly close: PeriodAct;
  readonly rules: RuleBook;
  readonly mayClose: boolean;
  readonly now: Date;
}

async function Closed({ close, rules, mayClose, now }: ClosedProps) {
  const changes = await summariseChanges(services().store, close, { now: now.toISOString(), shownMax: CHANGES_SHOWN });
  const items = changes.items.map(({ kind, rule, key, frozen, now: current }) => ({
    kind,
    rule,
    key,
    was: frozen?.state ?? null,
    is: current?.state ?? null,
  }));
  return <ClosedPeriod close={close} changes={{ counts: changes.counts, items }} rules={rules} mayClose={mayClose} />;
}
