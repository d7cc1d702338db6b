"use client";
import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { ROLE_LABELS, ROLES } from "@/lib/auth/roles";
import { Field, inputClass, Refusal, SecretOnce } from "../form-parts";
import { addPersonAction, type UserActState } from "./actions";

export function AddPerson() {
  const [state, submit, isBusy] = useActionState<UserActState, FormData>(addPersonAction, {});
  const role = state.typed?.role ?? "customer-service";
  return (
    <section aria-labelledby="add-person" className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 id="add-person" className="text-base font-semibold">
        Add a person
      </h2>
      <form action={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Name">
          {(id) => (
            <input
              id={id}
              name="name"
              required
              maxLength={200}
              defaultValue={state.typed?.name}
              autoComplete="off"
              className={inputClass}
            />
          )}
        </Field>
        <Field label="E-mail (optional)">
          {(id) => (
            <input
              id={id}
              name="email"
              type="email"
              maxLength={320}
              defaultValue={state.typed?.email}
              autoComplete="off"
              className={inputClass}
            />
          )}
        </Field>
        <Field label="Role">
          {(id) => (
            <select id={id} key={role} name="role" defaultValue={role} className={inputClass}>
              {ROLES.map((known) => (
                <option key={known} value={known}>
                  {ROLE_LABELS[known]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" tone="primary" disabled={isBusy}>
          {isBusy ? "Adding…" : "Add and make a link"}
        </Button>
      </form>
      {state.problem ? <Refusal reason={state.problem} /> : null}
      {state.link ? (
        <SecretOnce title={`Sign-in link for ${state.link.person}`} secret={state.link.url}>
          Give it to that person only: it is good once, for 24 hours, and is not shown again.
        </SecretOnce>
      ) : null}
    </section>
  );
}
