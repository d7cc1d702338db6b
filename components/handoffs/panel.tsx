import type { ReactNode } from "react";

export function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface">
      <h2 className="border-b border-line px-3 py-2 text-sm font-semibold">{title}</h2>
      <div className="p-3">{children}</div>
    </section>
  );
}
