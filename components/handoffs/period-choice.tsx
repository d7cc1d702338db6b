"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass, textOf } from "./form-fields";

interface PeriodChoiceProps {
  readonly companyCodes: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly periods: readonly string[];
  readonly chosen: { readonly companyCode: string; readonly period: string };
}

export function PeriodChoice({ companyCodes, names, periods, chosen }: PeriodChoiceProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const address = new URLSearchParams({ companyCode: textOf(given, "companyCode"), period: textOf(given, "period") });
    router.push(`/reconciliation/close?${address}`);
  };
  const choose = () => form.current?.requestSubmit();
  return (
    <form
      key={`${chosen.companyCode} ${chosen.period}`}
      ref={form}
      onSubmit={submit}
      action="/reconciliation/close"
      className="flex flex-wrap items-end gap-2"
    >
      <Field label="Company code" className="max-w-72">
        {(id) => (
          <select id={id} name="companyCode" defaultValue={chosen.companyCode} onChange={choose} className={fieldClass}>
            {[...new Set([...companyCodes, chosen.companyCode])].map((code) => (
              <option key={code} value={code}>
                {code}
                {names[code] ? ` · ${names[code]}` : ""}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Period" className="w-36">
        {(id) => (
          <input
            id={id}
            name="period"
            defaultValue={chosen.period}
            required
            pattern="\d{4}-(0[1-9]|1[0-2])"
            title="A month, like 2026-11"
            autoComplete="off"
            className={fieldClass}
          />
        )}
      </Field>
      <Button type="submit">Show</Button>
      <span className="flex flex-wrap gap-1">
        {periods.slice(0, 4).map((period) => (
          <a
            key={period}
            href={`/reconciliation/close?${new URLSearchParams({ companyCode: chosen.companyCode, period })}`}
            aria-current={period === chosen.period ? "page" : undefined}
            className="rounded-md px-2 py-1.5 text-xs text-ink-muted hover:bg-hover aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent"
          >
            {period}
          </a>
        ))}
      </span>
    </form>
  );
}
