import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { StageBar } from "@/components/journey/stage-bar";
import { PreferencesProvider } from "@/components/ui/preferences";
import { Sentence } from "@/components/ui/sentence";

function shownIn(zone: string, children: ReactNode): string {
  return renderToStaticMarkup(
    createElement(PreferencesProvider, {
      initialTheme: "light",
      initialClock: "local",
      initialZone: zone,
      initialNowMs: Date.parse("2026-11-25T12:00:00.000Z"),
      children,
    }),
  );
}

const texts = (markup: string): string[] =>
  [...markup.matchAll(/<time[^>]*>([^<]*)<\/time>/g)].map(([, text]) => text ?? "");

describe("a projected sentence", () => {
  const text = "Shipped on 2026-11-23 19:45 UTC, as WMS East reported.";

  it.each([
    ["UTC", "23 Nov 19:45"],
    ["America/New_York", "23 Nov 14:45"],
    ["Asia/Kolkata", "24 Nov 01:15"],
  ])("tells its times in %s as the stage bar above it does", (zone, expected) => {
    const completedAt = "2026-11-23T19:45:59.660Z";
    const stage = { stage: "Shipped", state: "full", firstAt: completedAt, completedAt } as const;
    expect(texts(shownIn(zone, createElement(Sentence, { text })))).toEqual([expected]);
    expect(texts(shownIn(zone, createElement(StageBar, { stages: [stage], cancelled: false })))).toEqual([expected]);
  });

  it("claims no seconds that it does not know", () => {
    const markup = shownIn("Asia/Kolkata", createElement(Sentence, { text }));
    expect(markup).toContain('title="Tue 24 Nov 2026, 01:15 UTC+05:30"');
    expect(markup.replace(/<[^>]*>/g, "")).toBe("Shipped on 24 Nov 01:15, as WMS East reported.");
  });
});
