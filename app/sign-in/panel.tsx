import type { ReactNode } from "react";

/** The one card that the public pages consist of. */
export function SignInPanel({
  heading,
  problem,
  children,
}: {
  heading: string;
  problem?: string | null;
  children: ReactNode;
}) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-5 p-6">
      <p className="text-lg font-semibold tracking-tight">Throughline</p>
      <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-6 text-sm text-ink-muted">
        <h1 className="text-xl font-semibold text-ink">{heading}</h1>
        {problem ? (
          <p role="alert" className="rounded-md bg-attention-tint p-3 text-attention">
            {withCommands(problem)}
          </p>
        ) : null}
        {children}
      </div>
    </main>
  );
}

/** Commands stand between backticks in the texts, because the same texts go to terminals. */
const withCommands = (text: string): ReactNode[] =>
  text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no identity but their place
      <code key={index} className="font-id">
        {part}
      </code>
    ) : (
      part
    ),
  );
