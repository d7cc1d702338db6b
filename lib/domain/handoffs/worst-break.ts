/** Which of an order's breaks comes first, and how it is said in words. Pure. */
import { ExactDecimal } from "@/lib/domain/decimal";
import type { Handoff } from "./handoff";
import type { ListedHandoff } from "./listed-handoff";
import type { RuleInfo } from "./rule-info";

const SEVERITIES: readonly string[] = ["finance", "operations", "info"];

/** Of those that nobody settled: finance first, then the most at stake (whatever the currency), then the longest broken. Null: none is. */
export function worstBreak<Listed extends ListedHandoff>(handoffs: readonly Listed[]): Listed | null {
  return [...handoffs].filter(({ open }) => open).sort(byGravity)[0] ?? null;
}

const rankOf = (severity: string): number => {
  const rank = SEVERITIES.indexOf(severity);
  return rank < 0 ? SEVERITIES.length : rank;
};

export function byGravity(a: ListedHandoff, b: ListedHandoff): number {
  return (
    rankOf(a.severity) - rankOf(b.severity) ||
    new ExactDecimal(b.stake).abs().comparedTo(new ExactDecimal(a.stake).abs()) ||
    compareText(a.brokenAt ?? "~", b.brokenAt ?? "~") ||
    compareText(a.rule, b.rule) ||
    compareText(a.key.id, b.key.id)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export type BrokenHandoff = Pick<Handoff, "state" | "to" | "excess" | "difference" | "totals">;

export interface SentenceWords {
  /** The name of a source, or of a kind of system. */
  readonly system: (source: string) => string;
  /** A decimal as it is written, with at least that many fraction digits. */
  readonly figure: (decimal: string, fraction?: number) => string;
}

/** "ERP has not posted the goods issue". */
export function breakSentence(
  handoff: BrokenHandoff,
  rule: Pick<RuleInfo, "name" | "expects"> | null,
  words: SentenceWords,
): string {
  const last = handoff.to.at(-1)?.source;
  const expected = rule?.expects.sources[0];
  const system = words.system(last ?? expected ?? "the other system");
  const { noun, verb } = wordsOf(rule?.expects.types[0] ?? "");
  switch (handoff.state) {
    case "late":
      return handoff.to.length === 0
        ? `${system} has not ${verb} the ${noun}`
        : `${system} has not ${verb} all of the ${noun}`;
    case "duplicate":
      return `${system} ${verb} the ${noun} ${timesOf(handoff.excess.length)} too often`;
    case "orphan":
      return `${system} ${verb} the ${noun} without its cause`;
    case "mismatched":
      return `${system} ${verb} the ${noun} ${differenceWords(handoff, words)}`;
    default:
      return `${rule?.name ?? noun}: nothing is wrong`;
  }
}

const timesOf = (count: number): string => (count <= 1 ? "once" : `${count} times`);

/** What differs, the gravest first: nothing to compare, money, quantity, period. */
function differenceWords({ difference, totals }: BrokenHandoff, { figure }: SentenceWords): string {
  const { incomparable, amount, quantity, period } = difference;
  if (incomparable?.[0]) return `in a way that cannot be compared (${incomparable[0]})`;
  if (amount)
    return `with ${figure(amount.actual, 2)} instead of ${figure(amount.expected, 2)} ${amount.currency}`.trimEnd();
  const [only] = quantity ?? [];
  if (only && quantity?.length === 1)
    return `with ${figure(only.actual)} instead of ${figure(only.expected)} of ${only.sku}`;
  if (only && totals.actualQuantity !== null && totals.actualQuantity !== totals.expectedQuantity)
    return `with ${figure(totals.actualQuantity)} instead of ${figure(totals.expectedQuantity ?? "0")} units`;
  if (only) return `with other quantities of ${quantity?.length} SKUs`;
  if (period) return `in period ${period.actual} instead of ${period.expected}`;
  return "with a difference";
}

const NOUNS: Readonly<Record<string, string>> = {
  erp_order: "ERP order",
  fulfillment: "fulfilment",
  asn: "ASN",
  carrier: "shipment",
  inventory: "stock movement",
  journal: "journal entry",
};

/** "goods_issue.posted" → "goods issue", "posted". */
function wordsOf(type: string): { noun: string; verb: string } {
  const [object = "", verb = ""] = type.split(".");
  return {
    noun: NOUNS[object] ?? (object.replaceAll("_", " ") || "posting"),
    verb: verb.replaceAll("_", " ") || "posted",
  };
}

/**
 * A journey's sentence with its worst break: "Shipped on …; ERP has not posted the goods issue, 3 h late." Where the sentence says it already, only
 * how late it is joins it.
 * @param since "3 h late", "for 2 d"; empty when unknown
 */
export function withBreak(sentence: string, broken: string, since: string): string {
  const said = since === "" ? broken : `${broken}, ${since}`;
  if (sentence.includes(broken)) return sentence.replace(broken, () => said);
  return `${sentence.replace(/\.$/, "")}; ${said}.`;
}
