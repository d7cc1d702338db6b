"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
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

/**
 * One parameter of the view as state, mirrored in the URL. While the page is being read again (a live update) the router writes back the
 * address it began with, and would undo a choice made meanwhile: the state is the truth, and the address is put right again.
 */
export function useUrlParameter(name: string): readonly [string | null, (value: string | null) => void] {
  const { parameters, change } = useUrlState();
  const shown = parameters.get(name);
  const [value, setValue] = useState(shown);
  useEffect(() => {
    if (shown !== value) change({ [name]: value });
  }, [shown, value, name, change]);
  const set = useCallback(
    (next: string | null) => {
      setValue(next);
      change({ [name]: next });
    },
    [name, change],
  );
  return [value, set] as const;
}
