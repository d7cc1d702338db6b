"use client";
import { useState } from "react";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { type Tab, Tabs, tabPanelProps } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import type { Money } from "@/lib/domain/handoffs/approval";
import type { BackTestList, BackTestResult, BackTestTotals } from "@/lib/domain/handoffs/back-test";
import { stateLabel } from "../handoff-words";
import { BackTestExamples } from "./back-test-examples";

type ListId = "reviewed" | keyof BackTestTotals["changes"];

const LISTS: readonly { readonly id: ListId; readonly label: string; readonly meaning: string }[] = [
  {
    id: "reviewed",
    label: "Reviewed, would match",
    meaning:
      "Somebody looked at these and did not take them for a plain match: accepted, explained by hand, refused or reopened. This rule would match them by itself. Look at each.",
  },
  { id: "newlyMatched", label: "Newly matched", meaning: "These agree under this rule and do not now." },
  {
    id: "newlyBroken",
    label: "Newly broken",
    meaning: "These are open breaks under this rule and are not now; also where a decision would no longer hold.",
  },
  { id: "appearing", label: "Appearing", meaning: "Nothing stands about these now." },
  { id: "disappearing", label: "Disappearing", meaning: "This rule has nothing to say about these." },
  { id: "changed", label: "Otherwise changed", meaning: "These change their state in another way." },
];

export function BackTestReport({ result }: { readonly result: BackTestResult }) {
  const listOf = (id: ListId): BackTestList => (id === "reviewed" ? result.reviewed : result.changes[id]);
  const [chosen, setChosen] = useState<ListId>(LISTS.find(({ id }) => listOf(id).count > 0)?.id ?? "newlyMatched");
  const tabs: Tab<ListId>[] = LISTS.map(({ id, label }) => ({ id, label, count: listOf(id).count }));
  const { id, label, meaning } = LISTS.find((each) => each.id === chosen) ?? { id: chosen, label: "", meaning: "" };
  const list = listOf(id);
  return (
    <>
      <p role="status" className="text-sm">
        <strong className="font-semibold">{plural(result.keys, "key")} compared</strong>
        {result.isCut ? ", and there are more: choose a shorter period to see them all" : ""};{" "}
        {plural(result.unchanged, "stays as it is", "stay as they are")}. By the clock of{" "}
        <Time at={result.at} form="stamp" />.
      </p>
      {result.reviewed.count > 0 ? (
        <p className="rounded-md bg-attention-tint px-3 py-2 text-sm text-attention">
          {plural(result.reviewed.count, "break")} that somebody has looked at would be matched without anyone looking.
        </p>
      ) : null}
      <StateTable result={result} />
      <Tabs label="What would change" tabs={tabs} current={chosen} onSelect={setChosen} />
      <div {...tabPanelProps(chosen)} className="flex flex-col gap-2">
        <p className="max-w-3xl text-sm text-ink-muted">{meaning}</p>
        {list.count === 0 ? (
          <p className="text-sm">None.</p>
        ) : (
          <>
            <p className="text-sm">
              {plural(list.count, "handoff")}
              {stakesLabel(list.stakes) === "" ? "" : `, ${stakesLabel(list.stakes)} at stake`}
              {list.examples.length < list.count ? `; the first ${list.examples.length} of them` : ""}
            </p>
            <BackTestExamples
              key={chosen}
              caption={`Back-test: ${label}`}
              rule={result.rule}
              list={list}
              withReview={id === "reviewed"}
            />
          </>
        )}
      </div>
    </>
  );
}

const stakesLabel = (stakes: readonly Money[]): string => stakes.map(moneyLabel).join(" + ");

function StateTable({ result }: { readonly result: BackTestResult }) {
  const states = result.states.filter(({ before, after }) => before.count + after.count > 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
    <section aria-label="States now and under this rule" tabIndex={0} className="overflow-x-auto">
      <table className="min-w-[32rem] text-sm">
        <caption className="sr-only">Handoffs by state, now and under this rule</caption>
        <thead>
          <tr className="text-xs text-ink-muted *:px-3 *:py-1.5 *:text-right *:font-medium *:first:text-left">
            <th scope="col">State</th>
            <th scope="col">Now</th>
            <th scope="col">Under this rule</th>
            <th scope="col">At stake now</th>
            <th scope="col">Under this rule</th>
          </tr>
        </thead>
        <tbody>
          {states.map(({ state, before, after }) => (
            <tr key={state} className="*:border-t *:border-line *:px-3 *:py-1.5 *:text-right">
              <th scope="row" className="text-left! font-medium">
                {stateLabel(state)}
              </th>
              <td>{before.count}</td>
              <td className={before.count === after.count ? "" : "font-semibold"}>{after.count}</td>
              <td>{stakesLabel(before.stakes)}</td>
              <td>{stakesLabel(after.stakes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
