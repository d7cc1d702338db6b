"use client";
import { History as PastIcon } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useId, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { withParameters } from "@/components/ui/href";
import { usePreferences } from "@/components/ui/preferences";
import { Time } from "@/components/ui/time";
import { inputTime, instantOfInput, shortTime } from "@/components/ui/time-format";
import { stopOf } from "./moments";

export interface AsOfProps {
  readonly asOf: string | null;
  /** When something of the journey reached us, ascending: the stops of the slider. */
  readonly moments: readonly string[];
}

/** What each system, and we, believed at a moment: everything that reached us later is left out. */
export function AsOf({ asOf, moments }: AsOfProps) {
  const router = useRouter();
  const path = usePathname();
  const parameters = useSearchParams().toString();
  const { zone, nowMs } = usePreferences();
  const [pending, startTransition] = useTransition();
  const inputId = useId();
  const go = (moment: string | null) =>
    startTransition(() => router.push(`${path}${withParameters(parameters, { asOf: moment })}`, { scroll: false }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get("asOf");
    const atMs = typeof value === "string" ? instantOfInput(value, zone) : null;
    go(atMs === null ? null : new Date(atMs).toISOString());
  };
  return (
    <section
      aria-label="As of"
      aria-busy={pending}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border px-3 py-2 text-sm ${asOf ? "border-attention bg-attention-tint" : "border-line bg-surface"}`}
    >
      <p role="status" className={`flex items-center gap-2 ${asOf ? "font-medium text-attention" : "text-ink-muted"}`}>
        <PastIcon aria-hidden className="size-4 shrink-0" />
        {asOf ? (
          <span>
            As of <Time at={asOf} form="full" />: only what had reached us by then
          </span>
        ) : (
          "As of now"
        )}
      </p>
      <MomentSlider key={`${asOf} ${moments.length}`} asOf={asOf} moments={moments} onGo={go} />
      <form key={`${asOf} ${zone}`} onSubmit={submit} className="flex items-center gap-2">
        <label htmlFor={inputId} className="sr-only">
          Show as of
        </label>
        <input
          id={inputId}
          name="asOf"
          type="datetime-local"
          defaultValue={inputTime(asOf ? Date.parse(asOf) : nowMs, zone)}
          suppressHydrationWarning
          className="h-7 rounded-md border border-control bg-surface px-2 text-xs"
        />
        <Button type="submit" size="small">
          Show
        </Button>
      </form>
      {asOf ? (
        <Button size="small" tone="primary" onClick={() => go(null)}>
          Back to now
        </Button>
      ) : null}
    </section>
  );
}

interface MomentSliderProps extends AsOfProps {
  readonly onGo: (moment: string | null) => void;
}

/** Stops where something reached us, and at the right end now. The page follows when the thumb is let go. */
function MomentSlider({ asOf, moments, onGo }: MomentSliderProps) {
  const { zone, nowMs } = usePreferences();
  const shown = stopOf(moments, asOf);
  const [stop, setStop] = useState(shown);
  if (moments.length === 0) return null;
  const moment = moments[stop] ?? null;
  const words = moment === null ? "now" : shortTime(Date.parse(moment), zone, nowMs);
  const settle = () => {
    if (stop !== shown) onGo(moment);
  };
  return (
    <div className="flex min-w-48 flex-1 items-center gap-2">
      <input
        type="range"
        aria-label="Step through the moments at which something reached us"
        aria-valuetext={words}
        min={0}
        max={moments.length}
        value={stop}
        onChange={(event) => setStop(Number(event.currentTarget.value))}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={settle}
        className="min-w-0 flex-1 accent-accent"
      />
      <span className="w-24 shrink-0 text-xs text-ink-muted">{words}</span>
    </div>
  );
}
