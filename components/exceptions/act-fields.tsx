"use client";
import { useId, useState } from "react";
import { Area, Field, fieldClass, textOf } from "@/components/handoffs/form-fields";
import { Button } from "@/components/ui/button";
import { usePreferences } from "@/components/ui/preferences";
import { DAY_MS, fullTime, HOUR_MS, inputTime, instantOfInput } from "@/components/ui/time-format";
import { silenceText } from "@/lib/domain/exceptions/silence";
import { type ActTarget, type AskedAct, countOf } from "./act-requests";
import type { ActKind } from "./act-words";

export interface ActFieldsProps {
  readonly kind: ActKind;
  readonly target: ActTarget;
  /** Who may be given it; the first is the person who looks. */
  readonly people: readonly string[];
}

const REASON_CHARS_MAX = 1_000;
const COMMENT_CHARS_MAX = 4_000;
const REASONED: readonly ActKind[] = ["resolve", "ignore"];

/** What an act needs to know, by its kind. */
export function ActFields({ kind, target, people }: ActFieldsProps) {
  return (
    <>
      {kind === "assign" ? <Assignee target={target} people={people} /> : null}
      {kind === "due" ? <Due target={target} /> : null}
      {kind === "tag" ? <Tags target={target} /> : null}
      {kind === "ignore" ? <Silence target={target} /> : null}
      {kind === "comment" ? (
        <Area label="Comment" name="comment" required maxLength={COMMENT_CHARS_MAX} rows={4} />
      ) : null}
      {kind === "comment" || kind === "tag" ? null : (
        <Area
          label={REASONED.includes(kind) ? "Reason" : "Reason (may be empty)"}
          name="reason"
          required={REASONED.includes(kind)}
          maxLength={REASON_CHARS_MAX}
          placeholder="In a few words, for whoever asks later"
        />
      )}
    </>
  );
}

function Assignee({ target, people }: Omit<ActFieldsProps, "kind">) {
  const [me] = people;
  const [name, setName] = useState(common(target, ({ assignee }) => assignee) ?? "");
  const listId = useId();
  return (
    <Field label="To">
      {(id) => (
        <div className="flex gap-2">
          <input
            id={id}
            name="assignee"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            list={listId}
            maxLength={256}
            autoComplete="off"
            className={fieldClass}
          />
          <datalist id={listId}>
            {people.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          {me === undefined ? null : <Button onClick={() => setName(me)}>To me</Button>}
        </div>
      )}
    </Field>
  );
}

function Due({ target }: Pick<ActFieldsProps, "target">) {
  const { zone } = usePreferences();
  const dueAt = common(target, (exception) => exception.dueAt ?? "");
  return (
    <Field label="Due" hint={`In ${zone}. Empty: the date that the SLA gives.`}>
      {(id, hintId) => (
        <input
          id={id}
          aria-describedby={hintId}
          type="datetime-local"
          name="dueAt"
          defaultValue={dueAt ? inputTime(Date.parse(dueAt), zone) : ""}
          className={fieldClass}
        />
      )}
    </Field>
  );
}

function Tags({ target }: Pick<ActFieldsProps, "target">) {
  const present = [...new Set(target.exceptions.flatMap(({ tags }) => tags))].sort();
  return (
    <>
      <Field label="Add" hint="Several with commas between them.">
        {(id, hintId) => (
          <input
            id={id}
            aria-describedby={hintId}
            name="tags"
            maxLength={1_000}
            autoComplete="off"
            className={fieldClass}
          />
        )}
      </Field>
      {present.length === 0 ? null : (
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
          <legend className="mb-1 text-xs font-medium text-ink-muted">Take off</legend>
          {present.map((tag) => (
            <label key={tag} className="inline-flex items-center gap-1.5">
              <input type="checkbox" name="untag" value={tag} className="accent-accent" />
              {tag}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

const SILENCES: readonly (readonly [label: string, ms: number | null])[] = [
  ["For 4 hours", 4 * HOUR_MS],
  ["For a day", DAY_MS],
  ["For a week", 7 * DAY_MS],
  ["For good", null],
];

/** How long, and what that keeps quiet, before it is done. */
function Silence({ target }: Pick<ActFieldsProps, "target">) {
  const { zone, nowMs } = usePreferences();
  const [chosen, setChosen] = useState(DAY_MS as number | null | "until");
  const [until, setUntil] = useState(() => inputTime(nowMs + DAY_MS, zone));
  const endMs = chosen === "until" ? instantOfInput(until, zone) : chosen === null ? null : nowMs + chosen;
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1.5">
        <legend className="mb-1 text-xs font-medium text-ink-muted">How long</legend>
        {[...SILENCES, ["Until", "until"] as const].map(([label, value]) => (
          <label key={label} className="inline-flex items-center gap-1.5">
            <input
              type="radio"
              name="silence"
              checked={chosen === value}
              onChange={() => setChosen(value)}
              className="accent-accent"
            />
            {label}
          </label>
        ))}
        {chosen === "until" ? (
          <input
            type="datetime-local"
            aria-label={`Until, in ${zone}`}
            value={until}
            required
            onChange={(event) => setUntil(event.currentTarget.value)}
            className={`${fieldClass} max-w-56`}
          />
        ) : null}
      </fieldset>
      <input type="hidden" name="until" value={endMs === null ? "" : new Date(endMs).toISOString()} />
      <p className="rounded-md bg-attention-tint px-3 py-2 text-attention">
        {silenceText(countOf(target), endMs === null ? "" : fullTime(endMs, zone))}
      </p>
    </>
  );
}

/** What all of them have in common; null when they differ. */
function common(
  { exceptions, matching }: ActTarget,
  of: (exception: ActTarget["exceptions"][number]) => string,
): string | null {
  const values = new Set(exceptions.map(of));
  const [only] = values;
  return matching === null && values.size === 1 && only !== undefined ? only : null;
}

/** Null when the form says something that is no time. */
export function readAct(kind: ActKind, form: FormData, zone: string): AskedAct | null {
  const reason = textOf(form, "reason").trim();
  switch (kind) {
    case "assign": {
      const assignee = textOf(form, "assignee").trim();
      return assignee === "" ? { action: "unassign", reason } : { action: "assign", assignee, reason };
    }
    case "due": {
      const given = textOf(form, "dueAt");
      const atMs = given === "" ? null : instantOfInput(given, zone);
      if (given !== "" && atMs === null) return null;
      return { action: "due", dueAt: atMs === null ? null : new Date(atMs).toISOString(), reason };
    }
    case "comment":
      return { action: "comment", comment: textOf(form, "comment").trim() };
    case "tag": {
      const tags = textOf(form, "tags").split(",");
      const named = [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
      return { action: "tag", tags: named, untag: form.getAll("untag").map(String) };
    }
    case "ignore": {
      const until = textOf(form, "until");
      return { action: "ignore", reason, ...(until === "" ? {} : { until }) };
    }
    default:
      return { action: kind, reason };
  }
}
