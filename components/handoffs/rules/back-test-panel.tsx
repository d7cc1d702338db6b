"use client";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { countLabel, plural } from "@/components/ui/number-format";
import type { BackTestProgress } from "@/lib/domain/handoffs/back-test";
import { Field, fieldClass, Problem } from "../form-fields";
import { Panel } from "../panel";
import { BackTestReport } from "./back-test-report";
import { type BackTestOutcome, runBackTest } from "./back-test-run";

const DAY_MS = 86_400_000;

export interface BackTestPanelProps {
  readonly text: string;
  /** "2026-11-25" */
  readonly today: string;
}

/** The edited rule on history, over a period that is chosen. What it says belongs to the text it was run with. */
export function BackTestPanel({ text, today }: BackTestPanelProps) {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [progress, setProgress] = useState<BackTestProgress | null>(null);
  const [outcome, setOutcome] = useState<(BackTestOutcome & { readonly text: string }) | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async () => {
    const own = new AbortController();
    running.current = own;
    setOutcome(null);
    setProgress({ read: 0, events: 0, keys: 0 });
    const period = { ...(from ? { from: startOf(from) } : {}), ...(to ? { to: startOf(to, DAY_MS) } : {}) };
    const answer = await runBackTest({ definition: text, ...period }, own.signal, setProgress);
    running.current = null;
    setProgress(null);
    setOutcome({ ...answer, text });
  };
  const isRunning = progress !== null;
  return (
    <Panel title="Back-test">
      <p className="max-w-3xl text-sm text-ink-muted">
        Judges history by the text above, as it stands there, and compares with what stands now. Nothing changes by it.
      </p>
      <div className="mt-3 flex flex-wrap items-end gap-3">
        <Field label="Opened from (UTC)">
          {(id) => (
            <input
              id={id}
              type="date"
              max={today}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
              className={fieldClass}
            />
          )}
        </Field>
        <Field label="Opened to (UTC)">
          {(id) => (
            <input
              id={id}
              type="date"
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
              className={fieldClass}
            />
          )}
        </Field>
        {isRunning ? (
          <Button tone="danger" onClick={() => running.current?.abort()}>
            Cancel
          </Button>
        ) : (
          <Button onClick={run}>Back-test</Button>
        )}
        <span className="text-xs text-ink-muted">Without days: all of history.</span>
      </div>
      {progress ? <Progress progress={progress} /> : null}
      <Outcome outcome={outcome} text={text} />
    </Panel>
  );
}

const startOf = (day: string, afterMs = 0): string => new Date(Date.parse(`${day}T00:00:00Z`) + afterMs).toISOString();

function Progress({ progress: { read, events, keys } }: { readonly progress: BackTestProgress }) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 text-sm">
      <progress
        aria-label="Back-test"
        max={Math.max(events, 1)}
        value={read}
        className="h-2 w-64 max-w-full accent-accent"
      />
      <span role="status" className="text-ink-muted">
        {countLabel(read)} of {plural(events, "event")} read, {plural(keys, "key")} compared
      </span>
    </div>
  );
}

function Outcome({
  outcome,
  text,
}: {
  readonly outcome: (BackTestOutcome & { readonly text: string }) | null;
  readonly text: string;
}) {
  if (outcome === null) return null;
  if (outcome.state === "cancelled")
    return (
      <p role="status" className="mt-3 text-sm text-ink-muted">
        Cancelled. Nothing was changed by it.
      </p>
    );
  if (outcome.state === "failed")
    return (
      <div className="mt-3">
        <Problem text={outcome.problem} />
      </div>
    );
  return (
    <div className="mt-3 flex flex-col gap-3">
      {outcome.text === text ? null : (
        <p role="status" className="rounded-md bg-attention-tint px-3 py-2 text-sm text-attention">
          The text has changed since: this is what the earlier one said.
        </p>
      )}
      <BackTestReport result={outcome.result} />
    </div>
  );
}
