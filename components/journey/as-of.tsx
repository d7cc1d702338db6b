"use client";
import { History as PastIcon } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useId, useMemo } from "react";
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
  const moments = useMemo(() => [...new Set(journey.events.map((event) => event.receivedAt))].sort(), [journey.events]);
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
      {moments.length > 1 ? (
        <label className="flex min-w-40 flex-1 items-center gap-2 text-xs text-ink-muted">
          Step through what reached us
          <input
            key={`${journey.asOf}${moments.length}`}
            type="range"
            min={0}
            max={moments.length - 1}
            defaultValue={moments.length - 1}
            aria-valuetext={journey.asOf ?? "now"}
            onPointerUp={(event) => go(moments[Number(event.currentTarget.value)] ?? null)}
            onKeyUp={(event) => {
              if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End")
                go(moments[Number(event.currentTarget.value)] ?? null);
            }}
            className="min-w-24 flex-1 accent-accent"
          />
        </label>
      ) : null}
    </div>
  );
}
