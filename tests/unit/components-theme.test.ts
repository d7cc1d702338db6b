import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Rgb = readonly [number, number, number];

/** Every `--name: light-dark(#aaa, #bbb)` of the style sheet. */
function tokensOf(css: string): Map<string, { readonly light: string; readonly dark: string }> {
  const tokens = new Map<string, { light: string; dark: string }>();
  for (const [, name, light, dark] of css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)) {
    if (name && light && dark) tokens.set(name, { light, dark });
  }
  return tokens;
}

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = rgbOf(hex).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const tokens = tokensOf(readFileSync("app/globals.css", "utf8"));
const colour = (name: string, theme: "light" | "dark"): string => {
  const token = tokens.get(name);
  if (!token) throw new Error(`app/globals.css has no --${name} with a light and a dark form`);
  return token[theme];
};

const TEXTS = ["ink", "ink-muted", "ink-faint", "accent", "settled", "waiting", "broken", "attention"];
const GROUNDS = ["canvas", "surface", "raised", "sunken", "hover"];
const TINTED = ["settled", "waiting", "broken", "attention", "accent"].map((tone) => [tone, `${tone}-tint`] as const);
const PAIRS: (readonly [string, string])[] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...TINTED,
  ...TINTED.map(([, tint]) => ["ink", tint] as const),
  ...TINTED.map(([, tint]) => ["ink-muted", tint] as const),
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
];

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  it.each(PAIRS)("shows %s on %s with the contrast of WCAG AA for text", (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["surface", "canvas"])(
    "draws the edge of a control on %s with the contrast of WCAG AA for shapes",
    (ground) => {
      expect(contrast(colour("control", theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
    },
  );
});
