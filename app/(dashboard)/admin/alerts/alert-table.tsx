import Link from "next/link";
import { AcknowledgeAlert } from "@/components/alerts/alert-acts";
import { subjectHref } from "@/components/alerts/alert-words";
import { Badge } from "@/components/ui/badge";
import { plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import type { AlertRule } from "@/lib/domain/alerts/rule";
import type { ListedAlert } from "@/lib/queries/alerts";
import { Section } from "./section";

export interface AlertTableProps {
  readonly alerts: readonly ListedAlert[];
  readonly rules: readonly AlertRule[];
  readonly mayAct: boolean;
}

export function AlertTable({ alerts, rules, mayAct }: AlertTableProps) {
  const firing = alerts.filter(({ state }) => state === "firing").length;
  return (
    <Section title="Alerts" note={firing === 0 ? "none is firing" : `${plural(firing, "alert")} firing`}>
      {alerts.length === 0 ? (
        <p className="p-6 text-center text-sm text-ink-muted">Nothing has been worth an alert yet.</p>
      ) : (
        <ul>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} rule={rules.find(({ id }) => id === alert.rule)} mayAct={mayAct} />
          ))}
        </ul>
      )}
    </Section>
  );
}

interface AlertRowProps {
  readonly alert: ListedAlert;
  readonly rule: AlertRule | undefined;
  readonly mayAct: boolean;
}

function AlertRow({ alert, rule, mayAct }: AlertRowProps) {
  const isFiring = alert.state === "firing";
  const href = subjectHref(rule?.when.condition ?? null, alert.subject);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-sm last:border-b-0">
      <Badge tone={isFiring ? "broken" : "settled"}>{isFiring ? "Firing" : "Over"}</Badge>
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">
          {href ? (
            <Link href={href} prefetch={false} className="underline-offset-2 hover:underline">
              {alert.title}
            </Link>
          ) : (
            alert.title
          )}
        </p>
        <p className="break-words text-ink-muted">{alert.text}</p>
        <p className="text-xs text-ink-muted">
          {rule?.name ?? alert.rule} · since <Time at={alert.firedAt} />
          {alert.resolvedAt ? (
            <>
              {" "}
              · over <Time at={alert.resolvedAt} />
            </>
          ) : null}
          {alert.occasion > 1 ? ` · occasion ${alert.occasion}` : null}
        </p>
      </div>
      {alert.acknowledgedAt ? (
        <p className="text-xs text-ink-muted">
          Acknowledged by {alert.acknowledgedBy}, <Time at={alert.acknowledgedAt} />
        </p>
      ) : isFiring && mayAct ? (
        <AcknowledgeAlert id={alert.id} title={alert.title} />
      ) : null}
    </li>
  );
}
