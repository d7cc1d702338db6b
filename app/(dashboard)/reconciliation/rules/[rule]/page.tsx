import Link from "next/link";
import { notFound } from "next/navigation";
import { StandingBadge } from "@/components/handoffs/rules/rule-list";
import type { RuleView, VersionView } from "@/components/handoffs/rules/rule-view";
import { RuleWorkbench } from "@/components/handoffs/rules/rule-workbench";
import { decodeSegment } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { requirePermission } from "@/lib/auth/require-permission";
import { ruleYaml } from "@/lib/config/handoffs";
import { ruleInfoOf } from "@/lib/domain/handoffs/rule-info";
import { type RuleVersion, readRuleVersions } from "@/lib/queries/handoff-rules";
import { readMatrix } from "@/lib/queries/reconciliation";
import { standingOf } from "@/lib/queries/rule-workbench";
import { services } from "@/lib/services";

interface RulePageProps {
  readonly params: Promise<{ readonly rule: string }>;
}

/** Older ones are in the API. */
const VERSIONS_SHOWN_MAX = 100;

export async function generateMetadata({ params }: RulePageProps) {
  return { title: `${decodeSegment((await params).rule).slice(0, 80)} · Rules` };
}

export default async function RulePage({ params }: RulePageProps) {
  const person = await requirePermission("reconciliation:view");
  const rule = decodeSegment((await params).rule);
  if (rule.includes("\u0000")) notFound();
  const { store } = services();
  const now = new Date().toISOString();
  const [versions, matrix] = await Promise.all([
    readRuleVersions(store, rule),
    readMatrix(store, { rules: [rule] }, now),
  ]);
  const [newest] = versions;
  if (!newest) notFound();
  const { name, description } = ruleInfoOf(newest);
  const open = matrix.reduce((sum, cell) => sum + cell.open, 0);
  const view: RuleView = { rule, versions: versions.slice(0, VERSIONS_SHOWN_MAX).map(viewOf) };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight">{name}</h1>
        <span className="font-id text-sm text-ink-muted">{rule}</span>
        <StandingBadge standing={standingOf(newest)} />
        <Link
          href={`/reconciliation?${new URLSearchParams({ rule, open: "true" })}`}
          prefetch={false}
          className="text-sm text-accent hover:underline"
        >
          {plural(open, "open break")}
        </Link>
      </div>
      {description ? <p className="max-w-3xl text-sm text-ink-muted">{description}</p> : null}
      {newest.origin === "workbench" && versions.some(({ origin }) => origin === "file") ? (
        <p className="max-w-3xl text-sm text-ink-muted">
          The newest version comes from here. It holds until config/handoffs.yaml says something new of this rule.
        </p>
      ) : null}
      <RuleWorkbench
        key={newest.version}
        view={view}
        start={ruleYaml(newest.definition)}
        mayChange={person.permissions.includes("reconciliation:rules")}
        today={now.slice(0, 10)}
      />
    </>
  );
}

const viewOf = ({ version, publishedAt, publishedBy, note, withdrawn, definition }: RuleVersion): VersionView => ({
  version,
  publishedAt,
  publishedBy,
  note,
  withdrawn,
  text: ruleYaml(definition),
});
