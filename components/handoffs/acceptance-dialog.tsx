"use client";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { useToast } from "@/components/ui/toast";
import { ExactDecimal } from "@/lib/domain/decimal";
import type { Money } from "@/lib/domain/handoffs/approval";
import type { BreakState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { postJson } from "./api-call";
import { Area, Field, fieldClass, Problem, textOf } from "./form-fields";
import { type RuleBook, STATE_ORDER, stateLabel } from "./handoff-words";

/** What the form begins with. */
export interface AcceptanceStart {
  readonly rule: string;
  readonly states: readonly BreakState[];
  readonly companyCode: string;
  readonly location: string;
  readonly partner: string;
  readonly amountMax: string;
  readonly currency: string;
}

/** What all of them have in common, and the largest amount among them. They are of one rule. */
export function acceptanceStartOf(handoffs: readonly ListedHandoff[]): AcceptanceStart {
  const shared = (read: (handoff: ListedHandoff) => string): string => {
    const values = new Set(handoffs.map(read));
    const [only = ""] = values;
    return values.size === 1 ? only : "";
  };
  const stakes = handoffs.map(({ stake }) => new ExactDecimal(stake).abs());
  return {
    rule: shared(({ rule }) => rule),
    states: BREAKS.filter((state) => handoffs.some((handoff) => handoff.state === state)),
    companyCode: shared(({ companyCode }) => companyCode),
    location: shared(({ location }) => location),
    partner: shared(({ partner }) => partner),
    amountMax: ExactDecimal.max(0, ...stakes).toFixed(2, ExactDecimal.ROUND_UP),
    currency: shared(({ totals }) => totals.currency) || "USD",
  };
}

const BREAKS = STATE_ORDER.slice(0, 4) as readonly BreakState[];
const DAYS_AHEAD = 90;
const DAYS_AHEAD_MAX = 366;

interface AcceptanceDialogProps {
  readonly start: AcceptanceStart | null;
  readonly rules: RuleBook;
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

export function AcceptanceDialog({ start, ...rest }: AcceptanceDialogProps) {
  return (
    <Dialog open={start !== null} onClose={rest.onClose} title="Accept always" wide>
      {start ? <AcceptanceForm start={start} {...rest} /> : null}
    </Dialog>
  );
}

interface Preview {
  readonly count: number;
  readonly stakes: readonly Money[];
}

function AcceptanceForm({
  start,
  rules,
  onClose,
  onCreated,
}: AcceptanceDialogProps & { readonly start: AcceptanceStart }) {
  const form = useRef<HTMLFormElement>(null);
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [isBusy, setBusy] = useState(false);

  const ask = async <Value,>(href: string): Promise<Value | null> => {
    if (!form.current?.reportValidity()) return null;
    setBusy(true);
    const answer = await postJson<Value>(href, draftOf(new FormData(form.current)));
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    return answer.ok ? answer.value : null;
  };
  const look = async () => setPreview(await ask<Preview>("/api/v1/standing-acceptances/preview"));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if ((await ask("/api/v1/standing-acceptances")) === null) return;
    toast({ tone: "settled", text: "Accepted from now on. What it covers settles within moments." });
    onCreated();
    onClose();
  };
  return (
    <form ref={form} onSubmit={submit} onChange={() => setPreview(null)} className="flex flex-col gap-3 text-sm">
      <p className="text-ink-muted">
        Breaks of this kind are accepted without anyone looking: those that are open now, and those that arise until the
        day it ends.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Rule">
          {(id) => (
            <select id={id} name="rule" required defaultValue={start.rule} className={fieldClass}>
              {Object.values(rules)
                .filter(({ isOver }) => !isOver)
                .map(({ id: rule, name }) => (
                  <option key={rule} value={rule}>
                    {name}
                  </option>
                ))}
            </select>
          )}
        </Field>
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-ink-muted">States</legend>
          <span className="flex flex-wrap gap-x-4 gap-y-1">
            {BREAKS.map((state) => (
              <label key={state} className="inline-flex h-8 items-center gap-1.5">
                <input
                  type="checkbox"
                  name="states"
                  value={state}
                  defaultChecked={start.states.includes(state)}
                  className="accent-accent"
                />
                {stateLabel(state)}
              </label>
            ))}
          </span>
        </fieldset>
        <Text label="Company code" name="companyCode" value={start.companyCode} hint="Empty: any" />
        <Text label="Warehouse" name="location" value={start.location} hint="Empty: any" />
        <Text label="Partner" name="partner" value={start.partner} hint="Empty: any" />
        <Field label="Until" hint={`At most ${DAYS_AHEAD_MAX} days ahead`}>
          {(id, hintId) => (
            <input
              id={id}
              aria-describedby={hintId}
              name="expires"
              type="date"
              required
              defaultValue={dayAhead(DAYS_AHEAD)}
              min={dayAhead(1)}
              max={dayAhead(DAYS_AHEAD_MAX)}
              className={fieldClass}
            />
          )}
        </Field>
        <Text
          label="Up to this amount each"
          name="amountMax"
          value={start.amountMax}
          required
          pattern="\d{1,20}(\.\d{1,9})?"
        />
        <Text label="Currency" name="currency" value={start.currency} required pattern="[A-Z]{3}" />
      </div>
      <Area label="Reason" name="reason" required maxLength={1000} placeholder="Why nobody needs to look at these" />
      <Area label="Note" name="note" maxLength={4000} />
      <PreviewLine preview={preview} />
      <Problem text={problem} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button onClick={look} disabled={isBusy}>
          What would it accept?
        </Button>
        <Button tone="primary" type="submit" disabled={isBusy || preview === null}>
          Accept always
        </Button>
      </div>
    </form>
  );
}

function PreviewLine({ preview }: { readonly preview: Preview | null }) {
  return (
    <p role="status" className="rounded-md bg-sunken px-3 py-2">
      {preview === null
        ? "Look first at what it would accept now; then it can be made."
        : `It would accept ${plural(preview.count, "open break")} now${preview.stakes.length > 0 ? `, ${preview.stakes.map(moneyLabel).join(" and ")} at stake` : ""}.`}
    </p>
  );
}

interface TextProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly pattern?: string;
}

function Text({ label, name, value, hint, required, pattern }: TextProps) {
  return (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <input
          id={id}
          aria-describedby={hintId}
          name={name}
          defaultValue={value}
          required={required}
          pattern={pattern}
          autoComplete="off"
          className={fieldClass}
        />
      )}
    </Field>
  );
}

function draftOf(form: FormData) {
  const text = (name: string) => textOf(form, name).trim();
  return {
    rule: text("rule"),
    states: form.getAll("states").map(String),
    companyCode: text("companyCode"),
    location: text("location"),
    partner: text("partner"),
    amountMax: text("amountMax"),
    currency: text("currency"),
    // Through the end of the chosen day, UTC.
    expiresAt: `${text("expires")}T23:59:59.999Z`,
    reason: text("reason"),
    note: text("note"),
  };
}

const DAY_MS = 86_400_000;
const dayAhead = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
