"use client";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { handoffHref, journeyHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { compareDecimals, groupedDecimal, moneyLabel } from "@/components/ui/number-format";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { BackTestList, ComparedKey, JudgedSide } from "@/lib/domain/handoffs/back-test";
import type { Difference } from "@/lib/domain/handoffs/handoff";
import type { Review, ReviewKind } from "@/lib/domain/handoffs/reviews";
import type { ObjectRef } from "@/lib/domain/object";
import { resolutionLabel, stateLabel, stateTone } from "../handoff-words";

interface BackTestExamplesProps {
  readonly caption: string;
  readonly rule: string;
  readonly list: BackTestList;
  readonly withReview: boolean;
}

export function BackTestExamples({ caption, rule, list, withReview }: BackTestExamplesProps) {
  const hrefOf = (row: ComparedKey) =>
    row.before ? handoffHref({ rule, key: row.key }) : journeyHref(row.roots[0] ?? row.key);
  return (
    <Table
      caption={caption}
      columns={[keyColumn(hrefOf), CHANGE, ...(withReview ? [REVIEW] : []), STAKE, JOURNEY]}
      rows={list.examples}
      keyOf={({ key }) => `${key.type} ${key.id}`}
      hrefOf={hrefOf}
    />
  );
}

const keyColumn = (hrefOf: (row: ComparedKey) => string): Column<ComparedKey> => ({
  id: "key",
  header: "Handoff",
  cell: (row) => <KeyLink object={row.key} href={hrefOf(row)} />,
  text: ({ key }) => `${key.type} ${key.id}`,
  compare: (left, right) => left.key.id.localeCompare(right.key.id),
});

function KeyLink({ object, href }: { readonly object: ObjectRef; readonly href: string }) {
  const vocabulary = useVocabulary();
  return (
    <Link href={href} prefetch={false} target="_blank" className="text-accent hover:underline">
      <span className="text-ink-muted">{vocabulary.object(object.type)}</span>{" "}
      <span className="font-id">{object.id}</span>
      <span className="sr-only"> (opens beside)</span>
    </Link>
  );
}

const CHANGE: Column<ComparedKey> = {
  id: "change",
  header: "Now → under this rule",
  cell: ({ before, after }) => (
    <div className="flex flex-col gap-0.5">
      <span className="flex flex-wrap items-center gap-1">
        <SideBadge side={before} /> <span aria-hidden>→</span> <SideBadge side={after} />
      </span>
      <span className="text-xs text-ink-muted">{differenceText((after ?? before)?.difference ?? {}) || null}</span>
      {after && before && differenceText(after.difference) === "" ? (
        <span className="text-xs text-ink-muted">{differenceText(before.difference) || null}</span>
      ) : null}
    </div>
  ),
  text: ({ before, after }) => `${sideText(before)} → ${sideText(after)}`,
  className: "w-full",
};

function SideBadge({ side }: { readonly side: JudgedSide | null }) {
  if (!side) return <Badge tone="waiting">nothing</Badge>;
  return (
    <>
      <Badge tone={stateTone(side.state)}>{stateLabel(side.state)}</Badge>
      {side.resolution ? <span className="text-xs text-ink-muted">{resolutionLabel(side.resolution)}</span> : null}
    </>
  );
}

const sideText = (side: JudgedSide | null): string =>
  side ? [stateLabel(side.state), side.resolution ? resolutionLabel(side.resolution) : ""].join(" ").trim() : "nothing";

const REVIEW_LABELS: Readonly<Record<ReviewKind, string>> = {
  accepted: "Accepted",
  explained: "Matched by hand, with a note",
  refused: "Refused",
  reopened: "Match taken back",
};

const REVIEW: Column<ComparedKey> = {
  id: "review",
  header: "What was said",
  cell: ({ review }) => (review ? <ReviewCell review={review} /> : null),
  text: ({ review }) =>
    review ? [REVIEW_LABELS[review.kind], review.by, review.at, review.reason, review.note].join(" · ") : "",
};

function ReviewCell({ review: { kind, by, at, reason, note } }: { readonly review: Review }) {
  return (
    <div className="min-w-48">
      <p className="font-medium">{REVIEW_LABELS[kind]}</p>
      <p className="break-words">{[reason, note].filter((text) => text !== "").join(": ")}</p>
      <p className="text-xs text-ink-muted">
        {by}, <Time at={at} form="stamp" />
      </p>
    </div>
  );
}

const stakeOf = ({ before, after }: ComparedKey): JudgedSide | null => before ?? after;

const STAKE: Column<ComparedKey> = {
  id: "stake",
  header: "At stake",
  align: "end",
  cell: (row) => {
    const side = stakeOf(row);
    return side ? moneyLabel({ amount: side.stake, currency: side.currency }) : null;
  },
  text: (row) => {
    const side = stakeOf(row);
    return side ? `${side.stake} ${side.currency}` : "";
  },
  compare: (left, right) => compareDecimals(stakeOf(left)?.stake ?? "0", stakeOf(right)?.stake ?? "0"),
  className: "whitespace-nowrap",
};

const ROOTS_SHOWN_MAX = 3;

const JOURNEY: Column<ComparedKey> = {
  id: "journey",
  header: "Journey",
  cell: ({ roots }) => (
    <span className="flex flex-col items-start">
      {roots.slice(0, ROOTS_SHOWN_MAX).map((root) => (
        <Identifier key={`${root.type} ${root.id}`} object={root} />
      ))}
      {roots.length > ROOTS_SHOWN_MAX ? (
        <span className="text-xs text-ink-muted">and {roots.length - ROOTS_SHOWN_MAX} more</span>
      ) : null}
    </span>
  ),
  text: ({ roots }) => roots.map(({ id }) => id).join(" "),
  wideOnly: true,
};

const SKUS_SHOWN_MAX = 3;

/** "A-1: 12 → 11; amount 120.00 → 110.00 USD". */
function differenceText({ quantity = [], amount, period, incomparable = [] }: Difference): string {
  const skus = quantity
    .slice(0, SKUS_SHOWN_MAX)
    .map(
      ({ sku, expected, actual }) => `${sku || "quantity"}: ${groupedDecimal(expected)} → ${groupedDecimal(actual)}`,
    );
  const more = quantity.length > SKUS_SHOWN_MAX ? [`and ${quantity.length - SKUS_SHOWN_MAX} more`] : [];
  return [
    ...skus,
    ...more,
    ...(amount
      ? [`amount ${groupedDecimal(amount.expected, 2)} → ${groupedDecimal(amount.actual, 2)} ${amount.currency}`]
      : []),
    ...(period ? [`period ${period.expected} → ${period.actual}`] : []),
    ...incomparable,
  ].join("; ");
}
