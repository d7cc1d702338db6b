"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** Under steady traffic the totals change all the time; a page that is read again more often than this is not read at all. */
const REFRESH_EVERY_MS = 5_000;

/** Reads the page again when a stream of server-sent events says `changed`; scroll and selection stay. */
export function useLiveRefresh(streamHref: string): void {
  const router = useRouter();
  const readAt = useRef(0);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const refresh = () => {
      waiting = null;
      readAt.current = Date.now();
      router.refresh();
    };
    const onChanged = () => {
      if (waiting) return;
      waiting = setTimeout(refresh, Math.max(0, readAt.current + REFRESH_EVERY_MS - Date.now()));
    };
    readAt.current = Date.now();
    // The browser reconnects by itself and says what it saw last.
    const stream = new EventSource(streamHref);
    stream.addEventListener("changed", onChanged);
    return () => {
      stream.close();
      if (waiting) clearTimeout(waiting);
    };
  }, [streamHref, router]);
}
