/** What config/alerts.yaml says: rules, channels and maintenance. */
import { TestChannel } from "@/components/alerts/alert-acts";
import { channelKind, conditionText } from "@/components/alerts/alert-words";
import { Badge } from "@/components/ui/badge";
import { countLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import type { Alerts } from "@/lib/domain/alerts/rule";
import type { ListedAlert } from "@/lib/queries/alerts";
import { PlainTable, Section } from "./section";

interface RuleTableProps {
  readonly config: Alerts;
  readonly alerts: readonly ListedAlert[];
}

export function RuleTable({ config, alerts }: RuleTableProps) {
  const firingOf = (rule: string) => alerts.filter((alert) => alert.rule === rule && alert.state === "firing").length;
  return (
    <Section title="Rules" note="config/alerts.yaml">
      <PlainTable caption="Rules" columns={["Rule", "When", "Only", "Told to", "At most every", "Now"]}>
        {config.rules.map((rule) => (
          <tr key={rule.id}>
            <th scope="row" className="text-left font-medium">
              {rule.name}
              <span className="font-id block text-xs font-normal text-ink-muted">{rule.id}</span>
            </th>
            <td>{conditionText(rule.when)}</td>
            <td>{[...rule.interfaces, ...rule.categories].join(", ") || "all"}</td>
            <td>{rule.channels.join(", ") || <span className="text-ink-muted">nobody: shown here only</span>}</td>
            <td className="whitespace-nowrap">{durationLabel(rule.throttle)}</td>
            <td>
              {firingOf(rule.id) === 0 ? (
                <span className="text-ink-muted">quiet</span>
              ) : (
                <Badge tone="broken">{countLabel(firingOf(rule.id))} firing</Badge>
              )}
            </td>
          </tr>
        ))}
      </PlainTable>
      {config.rules.length === 0 ? (
        <p className="p-6 text-center text-sm text-ink-muted">No rule: nobody is told anything.</p>
      ) : null}
    </Section>
  );
}

interface ChannelTableProps {
  readonly config: Alerts;
  readonly mayTest: boolean;
}

export function ChannelTable({ config, mayTest }: ChannelTableProps) {
  return (
    <Section title="Channels" note={plural(config.channels.length, "channel")}>
      {config.channels.length === 0 ? (
        <p className="p-6 text-center text-sm text-ink-muted">
          No channel yet: alerts are shown here and sent nowhere. config/alerts.yaml says how to add one.
        </p>
      ) : (
        <ul>
          {config.channels.map((channel) => (
            <li
              key={channel.id}
              className="flex flex-wrap items-center gap-x-3 border-b border-line px-3 py-2 text-sm last:border-b-0"
            >
              <span className="font-medium">{channel.id}</span>
              <span className="text-ink-muted">{channelKind(channel)}</span>
              <span className="ml-auto">{mayTest ? <TestChannel channel={channel.id} /> : null}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

interface MaintenanceListProps {
  readonly windows: Alerts["maintenance"];
  readonly now: Date;
}

/** Windows that are over say nothing any more. */
export function MaintenanceList({ windows, now }: MaintenanceListProps) {
  const ahead = windows.filter(({ to }) => Date.parse(to) > now.getTime());
  if (ahead.length === 0) return null;
  return (
    <Section title="Maintenance">
      <ul>
        {ahead.map(({ from, to, rules, reason }) => (
          <li key={`${from} ${to} ${reason}`} className="border-b border-line px-3 py-2 text-sm last:border-b-0">
            <Time at={from} form="short" /> – <Time at={to} form="short" />: {reason}{" "}
            <span className="text-ink-muted">({rules.join(", ") || "all rules"})</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
