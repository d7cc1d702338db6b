import type { ReactNode } from "react";

export type BadgeTone = "neutral" | "accent" | "settled" | "waiting" | "broken" | "attention";

const TONES: Record<BadgeTone, string> = {
  neutral: "bg-waiting-tint text-ink",
  accent: "bg-accent-tint text-accent",
  settled: "bg-settled-tint text-settled",
  waiting: "bg-waiting-tint text-waiting",
  broken: "bg-broken-tint text-broken",
  attention: "bg-attention-tint text-attention",
};

export interface BadgeProps {
  readonly tone?: BadgeTone;
  readonly icon?: ReactNode;
  readonly title?: string;
  readonly children: ReactNode;
}

export function Badge({ tone = "neutral", icon, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={`inline-flex h-5 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {icon}
      {children}
    </span>
  );
}
