"use client";
import { History as PastIcon } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { withParameters } from "@/components/ui/href";
import { usePreferences } from "@/components/ui/preferences";
import { Time } from "@/components/ui/time";
import { inputTime, instantOfInput } from "@/components/ui/time-format";
import type { Journey } from "@/lib/domain/journey";

/** What each system, and we, believed at a moment. The slider stops at the times at which something reached us. */
export function AsOf({ journey }: { readonly journey: Journey }) {
  const router = useRouter();
  const path = usePathname();
  const parameters = useSearchParams().toString();
  const { zone, nowMs } = usePreferences();
  const inputId = useId();
  const go = (asOf: string | null) => router.push(`${path}${withParameters(parameters, { asOf })}`, { scroll: false });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get("asOf");
    const atMs = typeof value === "string" ? instantOfInput(value, zone) : null;
    go(atMs === null ? null : new Date(atMs).toISOString());
  };
  const shownMs = journey.asOf ? Date.parse(journey.asOf) : nowMs;
  return (
    <div
      className={`flex flex-wrap items-center gap-3 rounded-lg border px-3 py-2 text-sm ${journey.asOf ? "border-attention bg-attention-tint" : "border-line bg-surface"}`}
    >
      <PastIcon aria-hidden className="size-4 text-ink-muted" />
      {journey.asOf ? (
        <p role="status" className="font-medium text-attention">
          As of <Time at={journey.asOf} form="full" />: only what had reached us by then
        </p>
      ) : (
        <p className="text-ink-muted">As of now</p>
      )}
      <form key={`${journey.asOf}${zone}`} onSubmit={submit} className="flex flex-wrap items-center gap-2">
        <label htmlFor={inputId} className="sr-only">
          Show as of
        </label>
        <input
          id={inputId}
          name="asOf"
          type="datetime-local"
          step={1}
          defaultValue={inputTime(shownMs, zone)}
          suppressHydrationWarning
          className="h-7 rounded-md border border-control bg-surface px-2 text-xs"
        />
        <Button type="submit" size="small">
          Show
        </Button>
      </form>
      {journey.asOf ? (
        <Button size="small" tone="primary" onClick={() => go(null)}>
          Back to now
        </Button>
      ) : null}
      <Stepper journey={journey} onGo={go} />
    </div>
  );
}

/** A slider over the moments at which something reached us; its last stop is now. */
function Stepper({ journey, onGo }: { readonly journey: Journey; readonly onGo: (asOf: string | null) => void }) {
  const stops = [...useMoments(journey), null];
  // Where the thumb has been put, until the page has caught up with it.
  const [put, setPut] = useState<{ readonly from: string | null; readonly index: number } | null>(null);
  const index = put && put.from === journey.asOf ? put.index : stopOf(stops, journey.asOf);
  if (stops.length < 3) return null;
  const commit = () => onGo(stops[index] ?? null);
  return (
    <label className="flex min-w-40 flex-1 items-center gap-2 text-xs text-ink-muted">
      Step through what reached us
      <input
        type="range"
        min={0}
        max={stops.length - 1}
        value={index}
        aria-valuetext={stops[index] ?? "now"}
        onChange={(event) => setPut({ from: journey.asOf, index: Number(event.currentTarget.value) })}
        onPointerUp={commit}
        onKeyUp={(event) => {
          if (/^(Arrow|Page|Home|End)/.test(event.key)) commit();
        }}
        className="min-w-24 flex-1 accent-accent"
      />
    </label>
  );
}

const stopOf = (stops: readonly (string | null)[], asOf: string | null): number =>
  asOf === null ? stops.length - 1 : Math.max(0, stops.filter((stop) => stop !== null && stop <= asOf).length - 1);

/** Every moment this journey has shown since it was opened: stepping back must not take away the way forward. */
function useMoments(journey: Journey): readonly string[] {
  const known = useRef<{ readonly root: string; readonly moments: Set<string> } | null>(null);
  const root = `${journey.root.type}/${journey.root.id}`;
  if (known.current?.root !== root) known.current = { root, moments: new Set() };
  for (const event of journey.events) known.current.moments.add(event.receivedAt);
  return [...known.current.moments].sort();
}
