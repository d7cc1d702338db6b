"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { type Theme, usePreferences } from "@/components/ui/preferences";

/** Times in UTC, or in the zone of this browser. */
export function ClockToggle() {
  const { clock, setClock } = usePreferences();
  const isUtc = clock === "utc";
  return (
    <Button
      tone="quiet"
      size="small"
      aria-label={`Times are shown in ${isUtc ? "UTC" : "local time"}; show ${isUtc ? "local time" : "UTC"}`}
      title={isUtc ? "Times are in UTC; show local time" : "Times are local; show UTC"}
      onClick={() => setClock(isUtc ? "local" : "utc")}
    >
      {isUtc ? "UTC" : "Local"}
    </Button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeToggle() {
  const { theme, setTheme } = usePreferences();
  const Icon = THEME_ICONS[theme];
  return (
    <IconButton
      label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}`}
      icon={<Icon aria-hidden className="size-4" />}
      onClick={() => setTheme(NEXT_THEME[theme])}
    />
  );
}
