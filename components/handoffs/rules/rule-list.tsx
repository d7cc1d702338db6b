"use client";
import Link from "next/link";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { countLabel } from "@/components/ui/number-format";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { ruleHref } from "./rule-view";

export interface RuleRow {
  readonly rule: string;
  readonly name: string;
  readonly owner: string;
  readonly severity: string;
  readonly version: number;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly note: string;
  readonly standing: RuleStanding;
  readonly openBreaks: number;
}

/** As lib/queries/rule-workbench.ts says it. */
export type RuleStanding = "in-force" | "switched-off" | "withdrawn" | "unreadable";

export function RuleList({ rows }: { readonly rows: readonly RuleRow[] }) {
  return (
    <Table
      caption="Handoff rules"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ rule }) => rule}
      hrefOf={({ rule }) => ruleHref(rule)}
    />
  );
}

const byText = (text: (row: RuleRow) => string) => (left: RuleRow, right: RuleRow) =>
  text(left).localeCompare(text(right));

const COLUMNS: readonly Column<RuleRow>[] = [
  {
    id: "rule",
    header: "Rule",
    cell: ({ rule, name }) => (
      <>
        <Link href={ruleHref(rule)} prefetch={false} className="font-medium text-accent hover:underline">
          {name}
        </Link>
        <p className="font-id text-xs text-ink-muted">{rule}</p>
      </>
    ),
    text: ({ rule, name }) => `${name} (${rule})`,
    compare: byText(({ name }) => name),
    className: "w-full",
  },
  {
    id: "state",
    header: "State",
    cell: ({ standing }) => <StandingBadge standing={standing} />,
    text: ({ standing }) => STANDINGS[standing].label,
    compare: byText(({ standing }) => standing),
  },
  {
    id: "open",
    header: "Open breaks",
    align: "end",
    cell: ({ rule, openBreaks }) =>
      openBreaks === 0 ? (
        "0"
      ) : (
        <Link
          href={`/reconciliation?${new URLSearchParams({ rule, open: "true" })}`}
          prefetch={false}
          className="text-accent hover:underline"
        >
          {countLabel(openBreaks)}
        </Link>
      ),
    text: ({ openBreaks }) => String(openBreaks),
    compare: (left, right) => left.openBreaks - right.openBreaks,
  },
  {
    id: "owner",
    header: "Owner",
    cell: ({ owner }) => owner,
    text: ({ owner }) => owner,
    compare: byText(({ owner }) => owner),
    className: "whitespace-nowrap",
    wideOnly: true,
  },
  {
    id: "severity",
    header: "Severity",
    cell: ({ severity }) => severity,
    text: ({ severity }) => severity,
    compare: byText(({ severity }) => severity),
    wideOnly: true,
  },
  {
    id: "version",
    header: "Version",
    cell: ({ version, publishedAt, publishedBy, note }) => (
      <>
        <p title={note}>
          {version}, <Time at={publishedAt} form="stamp" />
        </p>
        <p className="text-xs text-ink-muted">{publishedBy}</p>
      </>
    ),
    text: ({ version, publishedAt, publishedBy }) => `${version} ${publishedAt} ${publishedBy}`,
    compare: byText(({ publishedAt }) => publishedAt),
    className: "whitespace-nowrap",
    wideOnly: true,
  },
];

const STANDINGS: Readonly<Record<RuleStanding, { readonly label: string; readonly tone: BadgeTone }>> = {
  "in-force": { label: "in force", tone: "settled" },
  "switched-off": { label: "switched off", tone: "waiting" },
  withdrawn: { label: "withdrawn", tone: "waiting" },
  unreadable: { label: "not readable", tone: "broken" },
};

export const StandingBadge = ({ standing }: { readonly standing: RuleStanding }) => (
  <Badge tone={STANDINGS[standing].tone}>{STANDINGS[standing].label}</Badge>
);
