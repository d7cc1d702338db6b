"use client";
/**
 * What a person prefers, remembered in cookies so that the server renders it right the first time: theme, and times in
 * UTC or in the browser's own zone. "Now" lives here too, so that every relative time on a page moves together.
 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";

export type Theme = "system" | "light" | "dark";
export type ClockMode = "local" | "utc";

export interface Preferences {
  readonly theme: Theme;
  readonly clock: ClockMode;
  /** The zone times are shown in: "UTC", or the browser's when the clock is local. */
  readonly zone: string;
  readonly nowMs: number;
  readonly setTheme: (theme: Theme) => void;
  readonly setClock: (clock: ClockMode) => void;
}

const NOW_EVERY_MS = 15_000;
const YEAR_SECONDS = 31_536_000;
const PreferencesContext = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (!preferences) throw new Error("usePreferences needs a PreferencesProvider above it");
  return preferences;
}

function remember(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox; these hold no secret
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

export interface PreferencesProviderProps {
  readonly initialTheme: Theme;
  readonly initialClock: ClockMode;
  /** The browser's zone as it told us last time; null on a first visit, which shows UTC until the browser answers. */
  readonly initialZone: string | null;
  readonly initialNowMs: number;
  readonly children: ReactNode;
}

export function PreferencesProvider(props: PreferencesProviderProps) {
  const [theme, setThemeState] = useState(props.initialTheme);
  const [clock, setClockState] = useState(props.initialClock);
  const [localZone, setLocalZone] = useState(props.initialZone);
  const [nowMs, setNowMs] = useState(props.initialNowMs);

  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    setLocalZone(zone);
    remember("throughline-zone", zone);
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), NOW_EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  const setTheme = useCallback((chosen: Theme) => {
    setThemeState(chosen);
    remember("throughline-theme", chosen);
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  }, []);
  const setClock = useCallback((chosen: ClockMode) => {
    setClockState(chosen);
    remember("throughline-clock", chosen);
  }, []);

  const zone = clock === "utc" ? "UTC" : (localZone ?? "UTC");
  const value = useMemo<Preferences>(
    () => ({ theme, clock, zone, nowMs, setTheme, setClock }),
    [theme, clock, zone, nowMs, setTheme, setClock],
  );
  return <PreferencesContext value={value}>{props.children}</PreferencesContext>;
}
