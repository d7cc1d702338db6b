"use client";
import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, inputClass, Refusal, SecretOnce } from "../form-parts";
import { addTokenAction, type TokenActState } from "./actions";

const SCOPES = [
  { scope: "ingest", says: "report events" },
  { scope: "read", says: "read journeys and lists" },
  { scope: "act", says: "act on links and breaks" },
  { scope: "payload", says: "read payloads, personal data masked" },
] as const;

export function AddToken() {
  const [state, submit, isBusy] = useActionState<TokenActState, FormData>(addTokenAction, {});
  const scopes = state.typed?.scopes ?? ["ingest"];
  return (
    <section aria-labelledby="add-token" className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 id="add-token" className="text-base font-semibold">
        Create a token
      </h2>
      <form action={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Name: which program">
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
        <Field label="Only for this source (optional)">
          {(id) => (
            <input
              id={id}
              name="source"
              maxLength={128}
              placeholder="wms-east"
              defaultValue={state.typed?.source}
              autoComplete="off"
              className={inputClass}
            />
          )}
        </Field>
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          <legend className="mb-1 text-xs font-medium text-ink-muted">Scopes</legend>
          {SCOPES.map(({ scope, says }) => (
            <label key={scope} className="flex items-center gap-1.5">
              <input
                // A new answer makes a new box: React does not move the tick of one that is there.
                key={scopes.join()}
                type="checkbox"
                name="scope"
                value={scope}
                defaultChecked={scopes.includes(scope)}
              />
              <span>
                {scope} <span className="text-ink-muted">({says})</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Button type="submit" tone="primary" disabled={isBusy}>
          {isBusy ? "Creating…" : "Create token"}
        </Button>
      </form>
      {state.problem ? <Refusal reason={state.problem} /> : null}
      {state.made ? (
        <SecretOnce title={`Token ${state.made.name}`} secret={state.made.token}>
          Copy it now: only its hash is kept, so it cannot be shown again.
        </SecretOnce>
      ) : null}
    </section>
  );
}
