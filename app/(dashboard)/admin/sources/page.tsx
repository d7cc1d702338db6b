import { plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { durationLabel, SECOND_MS } from "@/components/ui/time-format";
import { requirePermission } from "@/lib/auth/require-permission";
import type { SystemKind } from "@/lib/domain/system";
import { GAP_WINDOW_HOURS, listSources, type SourceState } from "@/lib/queries/sources";
import { services } from "@/lib/services";

export const metadata = { title: "Sources" };

export default async function SourcesPage() {
  await requirePermission("admin:sources");
  const { store, systems } = services();
  const sources = await listSources(store, systems, new Date());
  const reporting = sources.filter((source) => source.completeThrough !== null);
  const silent = sources.filter((source) => source.completeThrough === null);
  return (
    <>
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table className="w-full min-w-[44rem] text-sm">
          <caption className="sr-only">Sources that report</caption>
          <thead>
            <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
              <th scope="col">Source</th>
              <th scope="col">Kind</th>
              <th scope="col">Complete through</th>
              <th scope="col" className="text-right">
                Lag
              </th>
              <th scope="col">Last received</th>
              <th scope="col">Missing sequence numbers</th>
            </tr>
          </thead>
          <tbody>
            {reporting.map((source) => (
              <SourceRow key={source.source} source={source} />
            ))}
          </tbody>
        </table>
        {reporting.length === 0 ? (
          <p className="p-6 text-center text-sm text-ink-muted">No source has reported yet.</p>
        ) : null}
      </div>
      <p className="text-xs text-ink-muted">
        Complete through is the time of a source's latest event. Sequence numbers are looked at over the last{" "}
        {GAP_WINDOW_HOURS} hours, for sources that send them.
      </p>
      {silent.length > 0 ? (
        <details className="text-sm">
          <summary>{plural(silent.length, "declared source has", "declared sources have")} not reported yet</summary>
          <p className="pt-2 text-ink-muted">{silent.map((source) => source.source).join(", ")}</p>
        </details>
      ) : null}
    </>
  );
}

const KIND_LABELS: Readonly<Record<SystemKind, string>> = {
  channel: "Sales channel",
  oms: "OMS",
  wms: "WMS",
  erp: "ERP",
  carrier: "Carrier",
  gateway: "API gateway",
  middleware: "Middleware",
  other: "Other",
};

function SourceRow({ source }: { source: SourceState }) {
  const { missing, ranges } = source.gaps;
  return (
    <tr className="*:border-t *:border-line *:px-3 *:py-2 *:align-top">
      <th scope="row" className="text-left font-medium">
        {source.name}{" "}
        {source.name === source.source ? null : (
          <span className="font-id font-normal text-ink-muted">{source.source}</span>
        )}
      </th>
      <td>{KIND_LABELS[source.kind]}</td>
      <td>{source.completeThrough ? <Time at={source.completeThrough} form="short" /> : null}</td>
      <td className="text-right">{durationLabel((source.lagSeconds ?? 0) * SECOND_MS)}</td>
      <td>{source.lastReceivedAt ? <Time at={source.lastReceivedAt} /> : null}</td>
      <td>
        {missing === 0 ? (
          <span className="text-ink-faint">none</span>
        ) : (
          <details>
            <summary className="text-broken">{missing.toLocaleString("en-US")} missing</summary>
            <ul className="font-id pt-1">
              {ranges.map((range) => (
                <li key={range.from}>{range.from === range.to ? range.from : `${range.from} – ${range.to}`}</li>
              ))}
            </ul>
          </details>
        )}
      </td>
    </tr>
  );
}
