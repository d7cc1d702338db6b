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
    <main id="main" className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-6 p-6">
      <p className="text-sm font-semibold tracking-wide">Throughline</p>
      <div className="flex flex-col gap-4 text-sm">
        <h1 className="text-2xl font-semibold">{heading}</h1>
        {problem ? (
          <p role="alert" className="rounded-md border border-current p-3">
            {problem}
          </p>
        ) : null}
        {children}
      </div>
    </main>
  );
}
