"use client";
import { type ReactNode, useId } from "react";
import { CopyButton } from "@/components/ui/copy-button";

export const inputClass =
  "h-8 w-full rounded-md border border-control bg-surface px-2 text-sm text-ink placeholder:text-ink-faint";

export function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-w-40 flex-1 flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-muted">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** A secret that is on screen once. */
export function SecretOnce({ title, secret, children }: { title: string; secret: string; children: ReactNode }) {
  return (
    <div
      role="status"
      className="flex flex-col gap-2 rounded-md border border-line-strong bg-attention-tint p-3 text-sm"
    >
      <p className="font-medium">{title}</p>
      <p className="flex items-center gap-2">
        <code className="font-id min-w-0 rounded bg-surface px-2 py-1 break-all select-all">{secret}</code>
        <CopyButton text={secret} label={title} />
      </p>
      <p className="text-ink-muted">{children}</p>
    </div>
  );
}

export function Refusal({ reason }: { reason: string }) {
  return (
    <p role="alert" className="text-sm text-broken">
      {reason}
    </p>
  );
}
