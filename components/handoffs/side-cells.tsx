"use client";
/** The two panes of a line: what was expected, what there is, and what lies between them. */
import { Copy, X } from "lucide-react";
import { groupedDecimal, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { QuantityDifference } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import type { EventRef } from "@/lib/domain/journey";
import { amountLabel, quantityLabel, signedDifference } from "./handoff-words";

interface SideProps {
  readonly handoff: ListedHandoff;
  readonly rule: RuleInfo | undefined;
}

export function ExpectedSide({ handoff }: SideProps) {
  const { from, totals, openedAt } = handoff;
  if (from.length === 0) return <Missing text="Nothing caused it" />;
  return (
    <Side
      events={from}
      quantity={totals.expectedQuantity}
      amount={totals.expectedAmount}
      currency={totals.currency}
      at={openedAt}
    />
  );
}

export function ActualSide({ handoff, rule }: SideProps) {
  const vocabulary = useVocabulary();
  const { to, totals, state, excess, dueAt } = handoff;
  if (to.length === 0) {
    const [wanted] = rule?.expects.sources ?? [];
    const from = wanted ? ` from ${vocabulary.system(wanted)}` : "";
    return <Missing text={`${state === "pending" ? "Nothing yet" : "Nothing"}${from}`} dueAt={dueAt} />;
  }
  return (
    <>
      <Side
        events={to}
        quantity={totals.actualQuantity}
        amount={totals.actualAmount}
        currency={totals.currency}
        at={null}
      />
      {excess.length > 0 ? (
        <p className="flex items-center gap-1 text-xs text-broken">
          <Copy aria-hidden className="size-3" />
          {plural(excess.length, "document")} too many
        </p>
      ) : null}
    </>
  );
}

interface FiguresProps {
  readonly events: readonly EventRef[];
  readonly quantity: string | null;
  readonly amount: string | null;
  readonly currency: string;
  readonly at: string | null;
}

function Side({ events, quantity, amount, currency, at }: FiguresProps) {
  const vocabulary = useVocabulary();
  const systems = [...new Set(events.map(({ source }) => vocabulary.system(source)))];
  const money = amountLabel(amount, currency);
  return (
    <div className="min-w-0">
      <p className="font-medium sm:whitespace-nowrap">
        {money ?? quantityLabel(quantity) ?? plural(events.length, "event")}
      </p>
      <p className="text-xs text-ink-muted">
        {money ? (quantityLabel(quantity) ?? "") : ""}
        {money && quantity !== null ? " · " : ""}
        {systems.join(", ")}
        {at ? (
          <>
            {" · "}
            <Time at={at} form="short" />
          </>
        ) : null}
      </p>
    </div>
  );
}

function Missing({ text, dueAt = null }: { readonly text: string; readonly dueAt?: string | null }) {
  return (
    <div className="text-ink-muted">
      <p className="flex items-center gap-1 sm:whitespace-nowrap">
        <X aria-hidden className="size-3.5 shrink-0" />
        {text}
      </p>
      {dueAt ? (
        <p className="text-xs">
          due <Time at={dueAt} form="short" />
        </p>
      ) : null}
    </div>
  );
}

const SKUS_SHOWN = 2;

/** What differs, the way finance asks: money first, then units per SKU, then period. */
export function Variance({ handoff }: { readonly handoff: ListedHandoff }) {
  const { difference, totals, state } = handoff;
  const isOneSided = state === "late" || state === "orphan";
  const money = isOneSided || difference.amount || state === "duplicate" ? moneyVariance(handoff) : null;
  const { quantity = [], period, incomparable = [] } = difference;
  return (
    <div className="text-xs">
      {money ? (
        <p className="text-sm font-medium whitespace-nowrap text-broken">
          {money} <span className="font-normal text-ink-muted">{totals.currency}</span>
        </p>
      ) : null}
      {quantity.slice(0, SKUS_SHOWN).map((each) => (
        <p key={each.sku} className="whitespace-nowrap">
          <UnitsBetween difference={each} />
        </p>
      ))}
      {quantity.length > SKUS_SHOWN ? (
        <p className="text-ink-muted">and {plural(quantity.length - SKUS_SHOWN, "more SKU")}</p>
      ) : null}
      {period ? (
        <p>
          period {period.actual} <span className="text-ink-muted">instead of {period.expected}</span>
        </p>
      ) : null}
      {incomparable.map((why) => (
        <p key={why}>{why}</p>
      ))}
    </div>
  );
}

function moneyVariance({ totals }: ListedHandoff): string | null {
  const signed = signedDifference(totals.expectedAmount, totals.actualAmount, 2);
  return signed === null || /^0(\.00)?$/.test(signed) ? null : signed;
}

function UnitsBetween({ difference: { sku, expected, actual } }: { readonly difference: QuantityDifference }) {
  return (
    <span title={`expected ${groupedDecimal(expected)}, found ${groupedDecimal(actual)}`}>
      <span className="font-medium text-broken">{signedDifference(expected, actual)}</span>{" "}
      <span className="font-id text-ink-muted">{sku}</span>
    </span>
  );
}
