"use client";
import { useMemo } from "react";
import { attemptsOf } from "@/components/timeline/items";
import { Swimlanes } from "@/components/timeline/swimlanes";
import { type Tab, Tabs, tabPanelProps } from "@/components/ui/tabs";
import { useUrlParameter, useUrlState } from "@/components/ui/url-state";
import type { Journey } from "@/lib/domain/journey";
import { AsOf } from "./as-of";
import { DocumentFlow } from "./document-flow";
import { EventDetails } from "./event-details";
import { eventKey } from "./event-label";
import { History } from "./history";
import { JourneyHeader } from "./journey-header";
import { useFreshEvents, useLiveJourney } from "./live";

export interface JourneyViewProps {
  readonly journey: Journey;
  /** When something of it reached us, up to now: also what came after `journey.asOf`. */
  readonly moments: readonly string[];
  readonly mayViewPayload: boolean;
  readonly mayRetractLinks: boolean;
}

type TabId = "swimlanes" | "documents" | "history";

/** One journey, three ways to read it. Tab, selection and moment live in the URL. */
export function JourneyView({ journey, moments, mayViewPayload, mayRetractLinks }: JourneyViewProps) {
  const { parameters, change } = useUrlState();
  const connection = useLiveJourney(journey.root, journey.asOf === null);
  const fresh = useFreshEvents(journey.events);
  const [tabParameter, setTab] = useUrlParameter("tab");
  const tab = tabOf(tabParameter);
  const [selected, select] = useUrlParameter("event");
  const event = useMemo(
    () => journey.events.find((candidate) => eventKey(candidate) === selected) ?? null,
    [journey.events, selected],
  );
  const tabs: readonly Tab<TabId>[] = [
    { id: "swimlanes", label: "Swimlanes" },
    { id: "documents", label: "Document flow", count: journey.objects.length },
    { id: "history", label: "History", count: journey.events.length },
  ];
  const details = event ? (
    <EventDetails
      key={selected}
      event={event}
      attempts={attemptsOf(journey.events, event)}
      onSelect={select}
      mayViewPayload={mayViewPayload}
      mayRetractLinks={mayRetractLinks}
    />
  ) : null;
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <JourneyHeader journey={journey} connection={connection} />
      <AsOf asOf={journey.asOf} moments={moments} />
      <section className="rounded-lg border border-line bg-surface">
        <Tabs
          label="Ways to read this journey"
          tabs={tabs}
          current={tab}
          onSelect={(id) => setTab(id === "swimlanes" ? null : id)}
        />
        <div {...tabPanelProps(tab)} className="min-w-0">
          {journey.truncated ? (
            <p className="border-b border-line bg-attention-tint px-3 py-2 text-sm text-attention">
              This journey holds more than one page can carry; its earliest events are shown.
            </p>
          ) : null}
          {tab === "swimlanes" ? (
            <>
              <Swimlanes
                events={journey.events}
                handoffs={[]}
                selectedKey={selected}
                onSelect={select}
                newKeys={fresh}
                compressed={parameters.get("pauses") !== "full"}
                onCompress={(compressed) => change({ pauses: compressed ? null : "full" })}
                asOf={journey.asOf}
              />
              {details ? <div className="border-t border-line">{details}</div> : null}
            </>
          ) : null}
          {tab === "documents" ? (
            <>
              {details ? <div className="border-b border-line">{details}</div> : null}
              <DocumentFlow journey={journey} onSelect={select} />
            </>
          ) : null}
          {tab === "history" ? (
            <History
              name={journey.root.id}
              events={journey.events}
              selected={selected}
              onSelect={select}
              freshKeys={fresh}
              details={details}
            />
          ) : null}
        </div>
      </section>
    </div>
  );
}

const tabOf = (value: string | null): TabId => (value === "documents" || value === "history" ? value : "swimlanes");
