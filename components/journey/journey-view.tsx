"use client";
import { useMemo } from "react";
import { attemptsOf } from "@/components/timeline/items";
import { timelineHandoffs } from "@/components/timeline/journey-handoffs";
import { Swimlanes } from "@/components/timeline/swimlanes";
import { usePreferences } from "@/components/ui/preferences";
import { type Tab, Tabs, tabPanelProps } from "@/components/ui/tabs";
import { HOUR_MS } from "@/components/ui/time-format";
import { useUrlParameter, useUrlState } from "@/components/ui/url-state";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import type { Journey } from "@/lib/domain/journey";
import { AsOf } from "./as-of";
import { DocumentFlow } from "./document-flow";
import { EventDetails } from "./event-details";
import { eventKey } from "./event-label";
import { History } from "./history";
import { JourneyHandoffs } from "./journey-handoffs";
import { JourneyHeader } from "./journey-header";
import { useFreshEvents, useLiveJourney } from "./live";

export interface JourneyViewProps {
  readonly journey: Journey;
  /** When something of it reached us, up to now: also what came after `journey.asOf`. */
  readonly moments: readonly string[];
  readonly mayViewPayload: boolean;
  readonly mayRetractLinks: boolean;
  readonly mayReconcile: boolean;
  readonly rules: Readonly<Record<string, RuleInfo>>;
}

type TabId = "swimlanes" | "documents" | "handoffs" | "history";

/** One journey, four ways to read it. Tab, selection and moment live in the URL. */
export function JourneyView(props: JourneyViewProps) {
  const { journey, moments, mayViewPayload, mayRetractLinks, mayReconcile, rules } = props;
  const vocabulary = useVocabulary();
  const { nowMs } = usePreferences();
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
  // By the hour: what is due soon needs no new drawing every few seconds.
  const drawnMs = Math.floor((journey.asOf === null ? nowMs : Date.parse(journey.asOf)) / HOUR_MS) * HOUR_MS;
  const arrows = useMemo(
    () => timelineHandoffs({ ...journey, rules, kindOf: vocabulary.kindOf, nowMs: drawnMs }),
    [journey, rules, vocabulary, drawnMs],
  );
  const tabs: readonly Tab<TabId>[] = [
    { id: "swimlanes", label: "Swimlanes" },
    { id: "documents", label: "Document flow", count: journey.objects.length },
    { id: "handoffs", label: "Handoffs", count: journey.handoffs.length },
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
      <JourneyHeader journey={journey} connection={connection} rules={rules} mayReconcile={mayReconcile} />
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
                handoffs={arrows}
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
          {tab === "handoffs" ? (
            <JourneyHandoffs
              name={journey.root.id}
              handoffs={journey.handoffs}
              rules={rules}
              mayReconcile={mayReconcile}
            />
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

const TABS: readonly TabId[] = ["swimlanes", "documents", "handoffs", "history"];
const tabOf = (value: string | null): TabId => TABS.find((tab) => tab === value) ?? "swimlanes";
