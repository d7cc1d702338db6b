"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { withParameters } from "./href";

/**
 * View state that lives in the URL but needs no new data: tab, filters, selection. Changing it replaces the address
 * without asking the server, so scroll and zoom stay; a link to it still reproduces the view.
 */
export function useUrlState() {
  const parameters = useSearchParams();
  const path = usePathname();
  const change = useCallback(
    (changes: Readonly<Record<string, string | null | undefined>>) => {
      // Read the address itself: two changes in one tick must not undo each other.
      const next = withParameters(window.location.search, changes);
      window.history.replaceState(null, "", next === "?" ? path : next);
    },
    [path],
  );
  return { parameters, change } as const;
}
