/** What a benchmark found, and how it is printed. */
import { availableParallelism, cpus } from "node:os";

export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
}

export interface Report {
  readonly name: string;
  /** What was measured, on what: enough to repeat it. */
  readonly conditions: Readonly<Record<string, string | number>>;
  readonly figures: readonly Figure[];
}

export const machine = (): string =>
  `${availableParallelism()} processors, ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}`;

/** One line on stderr, so that a run of minutes shows where it is and stdout holds the report alone. */
export const showProgress = (text: string): void => void process.stderr.write(`${text}\n`);

export function isMet({ value, aim }: Figure): boolean {
  if (!aim) return true;
  return "atMost" in aim ? value <= aim.atMost : value >= aim.atLeast;
}

export function reportText({ name, conditions, figures }: Report): string {
  const width = Math.max(...figures.map(({ label }) => label.length));
  const lines = [
    name,
    ...Object.entries(conditions).map(([key, value]) => `  ${key}: ${value}`),
    "",
    ...figures.map(
      (figure) =>
        `  ${figure.label.padEnd(width)}  ${amount(figure.value).padStart(10)} ${figure.unit}${aimText(figure)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function aimText(figure: Figure): string {
  if (!figure.aim) return "";
  const bound = "atMost" in figure.aim ? `≤ ${figure.aim.atMost}` : `≥ ${figure.aim.atLeast}`;
  return `  (aim ${bound}: ${isMet(figure) ? "met" : "missed"})`;
}

const amount = (value: number): string =>
  Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString("en") : value.toFixed(Math.abs(value) >= 100 ? 0 : 2);
