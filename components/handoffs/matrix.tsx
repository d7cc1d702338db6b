import Link from "next/link";
import { LinkPending } from "@/components/ui/link-pending";
import { countLabel, moneyLabel } from "@/components/ui/number-format";
import { type Money, sumByCurrency } from "@/lib/domain/handoffs/approval";
import { type HandoffState, isBreak } from "@/lib/domain/handoffs/handoff";
import { workbenchHref } from "./filter-address";
import { type RuleBook, ruleName, STATE_MEANINGS, STATE_ORDER, stateLabel } from "./handoff-words";

/** As lib/queries/reconciliation.ts counts. */
export interface MatrixCount {
  readonly rule: string;
  readonly state: HandoffState;
  readonly currency: string;
  readonly count: number;
  readonly open: number;
  readonly stake: string;
}

export interface MatrixProps {
  readonly cells: readonly MatrixCount[];
  readonly rules: RuleBook;
  /** The address of the page: each cell changes its rule and state. */
  readonly address: string;
}

/** Rule × state: how many, and what is at stake. Each cell leads to its handoffs. */
export function Matrix({ cells, rules, address }: MatrixProps) {
  const rows = rulesShown(cells, rules);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
    <section aria-label="Handoffs by rule and state" tabIndex={0} className="relative overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Handoffs by rule and state, with the money at stake</caption>
        <thead>
          <tr className="text-xs text-ink-muted *:border-b *:border-line-strong *:px-2 *:py-1.5 *:font-medium">
            <th scope="col" className="text-left">
              Rule
            </th>
            {STATE_ORDER.map((state) => (
              <th key={state} scope="col" className="text-right" title={STATE_MEANINGS[state]}>
                {stateLabel(state)}
              </th>
            ))}
            <th scope="col" className="text-right">
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((rule) => (
            <Row
              key={rule}
              rule={rule}
              name={ruleName(rules, rule)}
              cells={cells.filter((cell) => cell.rule === rule)}
              address={address}
            />
          ))}
        </tbody>
        <tfoot>
          <Row rule={null} name="All rules" cells={cells} address={address} />
        </tfoot>
      </table>
    </section>
  );
}

/** Those in force, and those that still have handoffs: finance first, then the most open breaks. */
function rulesShown(cells: readonly MatrixCount[], rules: RuleBook): string[] {
  const ids = new Set(cells.map(({ rule }) => rule));
  for (const { id, isOver } of Object.values(rules)) if (!isOver) ids.add(id);
  const rank = (id: string) => (rules[id]?.severity === "finance" ? 0 : 1);
  const open = (id: string) => cells.reduce((sum, cell) => sum + (cell.rule === id ? cell.open : 0), 0);
  return [...ids].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      open(b) - open(a) ||
      ruleName(rules, a).localeCompare(ruleName(rules, b), "en") ||
      a.localeCompare(b, "en"),
  );
}

interface RowProps {
  readonly rule: string | null;
  readonly name: string;
  readonly cells: readonly MatrixCount[];
  readonly address: string;
}

const CELL = "border-b border-line px-2 py-1 text-right align-top whitespace-nowrap";

function Row({ rule, name, cells, address }: RowProps) {
  const weight = rule === null ? "font-semibold" : "";
  return (
    <tr className={`hover:bg-hover ${weight}`}>
      <th
        scope="row"
        className={`border-b border-line px-2 py-1 text-left align-top min-w-36 ${weight || "font-normal"}`}
      >
        {name}
      </th>
      {STATE_ORDER.map((state) => (
        <Cell
          key={state}
          cells={cells.filter((cell) => cell.state === state)}
          tone={isBreak(state) ? "text-broken" : "text-ink"}
          label={`${name}, ${stateLabel(state)}`}
          href={workbenchHref(address, { rule, state, open: null, resolution: null })}
        />
      ))}
      <Cell
        cells={cells}
        tone="text-ink"
        isSum
        label={`${name}, all states`}
        href={workbenchHref(address, { rule, state: STATE_ORDER.join(","), open: null, resolution: null })}
      />
    </tr>
  );
}

interface CellProps {
  readonly cells: readonly MatrixCount[];
  readonly tone: string;
  /** Money of all states together says little; the count is enough. */
  readonly isSum?: boolean;
  readonly label: string;
  readonly href: string;
}

function Cell({ cells, tone, isSum = false, label, href }: CellProps) {
  const count = cells.reduce((sum, cell) => sum + cell.count, 0);
  if (count === 0)
    return (
      <td className={`${CELL} text-ink-faint`}>
        <span aria-hidden>·</span>
        <span className="sr-only">none</span>
      </td>
    );
  const settled = cells.filter(({ state }) => isBreak(state)).reduce((sum, cell) => sum + cell.count - cell.open, 0);
  const isAllSettled = settled === count;
  const stakes = byWeight(cells);
  return (
    <td className={CELL}>
      <Link
        href={href}
        prefetch={false}
        scroll={false}
        aria-label={`${label}: ${countLabel(count)}`}
        className={`rounded-sm font-medium underline-offset-2 hover:underline ${isAllSettled ? "text-ink" : tone}`}
      >
        {countLabel(count)}
        <LinkPending />
      </Link>
      {settled > 0 && !isSum ? (
        <span className="ml-1 text-2xs font-normal text-ink-muted">{countLabel(settled)} decided</span>
      ) : null}
      {isSum ? null : <Stakes stakes={stakes} />}
    </td>
  );
}

/** The currency of most handoffs first. */
function byWeight(cells: readonly MatrixCount[]): Money[] {
  const countOf = (currency: string) =>
    cells.reduce((sum, cell) => sum + (cell.currency === currency ? cell.count : 0), 0);
  const sums = sumByCurrency(cells.map(({ stake, currency }) => ({ amount: stake, currency })));
  return sums.sort((a, b) => countOf(b.currency) - countOf(a.currency));
}

/** The first currency; the others are on hover, or a cell would be as high as the table. */
function Stakes({ stakes }: { readonly stakes: readonly Money[] }) {
  const [first, ...others] = stakes;
  if (!first) return null;
  return (
    <span className="block text-2xs font-normal text-ink-muted" title={stakes.map(moneyLabel).join("\n")}>
      {moneyLabel(first)}
      {others.length > 0 ? <span className="block">+{others.length} more</span> : null}
    </span>
  );
}
