import type { LiveConnection } from "./live";

const STATES: Readonly<
  Record<LiveConnection, { readonly dot: string; readonly text: string; readonly means: string }>
> = {
  off: { dot: "bg-ink-faint", text: "Not live", means: "The past does not change" },
  connecting: { dot: "bg-ink-faint animate-breathe", text: "Connecting", means: "Waiting for the server" },
  live: { dot: "bg-settled", text: "Live", means: "New events appear by themselves" },
  interrupted: {
    dot: "bg-attention animate-breathe",
    text: "Reconnecting",
    means: "New events are fetched once the server answers",
  },
};

export function ConnectionState({ connection }: { readonly connection: LiveConnection }) {
  const { dot, text, means } = STATES[connection];
  return (
    <span
      role="status"
      title={means}
      className="inline-flex h-6 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-xs text-ink-muted"
    >
      <span aria-hidden className={`size-2 rounded-full ${dot}`} />
      {text}
    </span>
  );
}
