"use client";
/** Fields that forms of the workbench share. */
import { type ReactNode, useId } from "react";

export const fieldClass =
  "h-8 w-full rounded-md border border-control bg-surface px-2 text-sm text-ink placeholder:text-ink-faint";
const areaClass = "w-full rounded-md border border-control bg-surface p-2 text-sm placeholder:text-ink-faint";

export interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly className?: string;
  readonly children: (id: string, hintId: string | undefined) => ReactNode;
}

export function Field({ label, hint, className = "", children }: FieldProps) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-xs font-medium text-ink-muted">
        {label}
      </label>
      {children(id, hintId)}
      {hint === undefined ? null : (
        <p id={hintId} className="text-xs text-ink-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

interface AreaProps {
  readonly label: string;
  readonly name: string;
  readonly required?: boolean;
  readonly maxLength: number;
  readonly rows?: number;
  readonly placeholder?: string;
}

export function Area({ label, name, required = false, maxLength, rows = 2, placeholder }: AreaProps) {
  return (
    <Field label={label}>
      {(id) => (
        <textarea
          id={id}
          name={name}
          required={required}
          minLength={required ? 3 : undefined}
          maxLength={maxLength}
          rows={rows}
          placeholder={placeholder}
          className={areaClass}
        />
      )}
    </Field>
  );
}

export function Problem({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="rounded-md bg-broken-tint px-3 py-2 text-sm text-broken">
      {text}
    </p>
  );
}

export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};
