"use client";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import { liveHref } from "@/components/ui/href";
import type { JourneyEvent } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import { eventKey } from "./event-label";

export type LiveConnection = "off" | "connecting" | "live" | "interrupted";

/** Listens for facts of this journey and reads the page again when there are new ones; scroll, zoom and selection stay. */
export function useLiveJourney(root: ObjectRef, enabled: boolean): LiveConnection {
  const router = useRouter();
  const [connection, setConnection] = useState<LiveConnection>(enabled ? "connecting" : "off");
  const href = liveHref(root);
  useEffect(() => {
    if (!enabled) {
      setConnection("off");
      return;
    }
    // The browser reconnects by itself and says what it saw last.
    const stream = new EventSource(href);
    stream.onopen = () => setConnection("live");
    stream.onerror = () => setConnection("interrupted");
    stream.addEventListener("changed", () => router.refresh());
    // What changed between the page's reading and the stream's first look would otherwise show with the next change only.
    stream.addEventListener("current", () => router.refresh());
    return () => stream.close();
  }, [enabled, href, router]);
  return connection;
}

/** The events that arrived since the page was first shown, so that they can announce themselves. */
export function useFreshEvents(events: readonly JourneyEvent[]): ReadonlySet<string> {
  const first = useRef<ReadonlySet<string> | null>(null);
  first.current ??= new Set(events.map(eventKey));
  const known = first.current;
  return useMemo(() => new Set(events.map(eventKey).filter((key) => !known.has(key))), [events, known]);
}
