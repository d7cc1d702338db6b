import { attemptsText, DELIVERY_LABELS, DELIVERY_TONES, NOTICE_LABELS } from "@/components/alerts/alert-words";
import { Badge } from "@/components/ui/badge";
import { plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import type { ListedAlert, ListedDelivery } from "@/lib/queries/alerts";
import { PlainTable, Section } from "./section";

export interface DeliveryTableProps {
  readonly deliveries: readonly ListedDelivery[];
  readonly alerts: readonly ListedAlert[];
}

export function DeliveryTable({ deliveries, alerts }: DeliveryTableProps) {
  if (deliveries.length === 0) return null;
  return (
    <Section title="Deliveries" note={plural(deliveries.length, "delivery", "deliveries")}>
      <PlainTable caption="Deliveries, newest first" columns={["When", "What", "Channel", "Outcome", "Detail"]}>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td className="whitespace-nowrap">
              <Time at={delivery.lastAt} form="short" />
            </td>
            <td>
              {NOTICE_LABELS[delivery.notice]}
              <span className="block text-xs break-words text-ink-muted">
                {alerts.find(({ id }) => id === delivery.alertId)?.title}
              </span>
            </td>
            <td>{delivery.channel}</td>
            <td>
              <Badge tone={DELIVERY_TONES[delivery.state]}>{DELIVERY_LABELS[delivery.state]}</Badge>
              <span className="block text-xs text-ink-muted">{attemptsText(delivery.attempts)}</span>
            </td>
            <td className="break-words text-ink-muted">{delivery.detail}</td>
          </tr>
        ))}
      </PlainTable>
    </Section>
  );
}
