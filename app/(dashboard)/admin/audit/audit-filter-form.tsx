"use client";
import { Button } from "@/components/ui/button";
import { Field, inputClass } from "../form-parts";

interface Props {
  readonly actions: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

/** A plain form: its address is the filter. */
export function AuditFilterForm({ actions, values }: Props) {
  return (
    <form method="get" action="/admin/audit" className="flex flex-wrap items-end gap-3">
      <Field label="Who: name or id">
        {(id) => <input id={id} name="actor" defaultValue={values.actor} autoComplete="off" className={inputClass} />}
      </Field>
      <Field label="Did">
        {(id) => (
          <select id={id} name="action" defaultValue={values.action ?? ""} className={inputClass}>
            <option value="">anything</option>
            {actions.map((action) => (
              <option key={action}>{action}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="To what">
        {(id) => <input id={id} name="target" defaultValue={values.target} autoComplete="off" className={inputClass} />}
      </Field>
      <Field label="From (UTC, RFC 3339)">
        {(id) => (
          <input
            id={id}
            name="from"
            defaultValue={values.from}
            placeholder="2026-11-01T00:00:00Z"
            className={inputClass}
          />
        )}
      </Field>
      <Field label="Before (UTC, RFC 3339)">
        {(id) => (
          <input id={id} name="to" defaultValue={values.to} placeholder="2026-12-01T00:00:00Z" className={inputClass} />
        )}
      </Field>
      <Button type="submit">Show</Button>
    </form>
  );
}
