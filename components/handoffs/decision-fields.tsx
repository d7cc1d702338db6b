"use client";
import { countLabel, plural } from "@/components/ui/number-format";
import { ATTACHMENT_BYTES_MAX, ATTACHMENT_MEDIA_TYPES } from "@/lib/domain/handoffs/attachment";
import type { Said } from "./act-requests";
import type { Decision } from "./decision-dialog";
import { Area, Field, fieldClass, textOf } from "./form-fields";
import { REASON_LABELS, type ReasonCode } from "./handoff-words";

/** `together`: one act about all. `each`: every one by itself, by a plan. `matching`: all that match the filter, by a plan. */
export type Which = "together" | "each" | "matching";

export function readSaid(form: FormData): Said {
  const code = textOf(form, "reasonCode");
  return {
    reason: textOf(form, "reason").trim(),
    note: textOf(form, "note").trim(),
    reasonCode: Object.hasOwn(REASON_LABELS, code) ? (code as ReasonCode) : "other",
  };
}

const MEGABYTE = 1024 * 1024;

export function DecisionFields({ decision }: { readonly decision: Decision }) {
  const { kind, handoffs } = decision;
  const takesFiles = kind === "match-with-note" && handoffs.length === 1;
  return (
    <>
      <WhichFields decision={decision} />
      {kind === "reopen" ? null : (
        <Field label="Kind of reason">
          {(id) => (
            <select id={id} name="reasonCode" defaultValue={likelyReason(decision)} className={fieldClass}>
              {Object.entries(REASON_LABELS).map(([code, label]) => (
                <option key={code} value={code}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Area
        label="Reason"
        name="reason"
        required
        maxLength={1000}
        placeholder="In a few words, for whoever asks later"
      />
      {kind === "match-with-note" ? <Area label="Note" name="note" maxLength={4000} rows={4} /> : null}
      {takesFiles || (kind === "match-with-note" && isOneRule(decision)) ? (
        <Field
          label="Files"
          hint={`PDF, picture, mail, spreadsheet or text, each up to ${ATTACHMENT_BYTES_MAX / MEGABYTE} MB.${takesFiles ? "" : " They stay with a match of all together."}`}
        >
          {(id, hintId) => (
            <input
              id={id}
              aria-describedby={hintId}
              name="files"
              type="file"
              multiple
              accept={[...ATTACHMENT_MEDIA_TYPES, ".eml"].join(",")}
              className="text-sm file:mr-3 file:h-7 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-2 file:text-xs file:font-medium file:text-ink"
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

function WhichFields({ decision }: { readonly decision: Decision }) {
  const { handoffs, matching, kind } = decision;
  const mayJoin = handoffs.length > 1 && isOneRule(decision) && (kind === "match" || kind === "match-with-note");
  const isMore = matching !== undefined && matching.total > handoffs.length && handoffs.length > 1;
  if (!mayJoin && !isMore) return null;
  const joins = mayJoin && belongTogether(decision);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-xs font-medium text-ink-muted">Which</legend>
      {mayJoin ? (
        <Choice value="together" isDefault={joins} label={`These ${handoffs.length}, with each other`}>
          They belong together: a number was typed wrongly, or one document stands for several.
        </Choice>
      ) : null}
      <Choice value="each" isDefault={!joins} label={`These ${handoffs.length}, each by itself`}>
        A plan shows first what will be done and what is left out.
      </Choice>
      {isMore && matching ? (
        <Choice value="matching" isDefault={false} label={`All ${countLabel(matching.total)} that match the filter`}>
          {`Also the ${plural(matching.total - handoffs.length, "handoff")} that you did not select. A plan shows first what will be done.`}
        </Choice>
      ) : null}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly value: Which;
  readonly isDefault: boolean;
  readonly label: string;
  readonly children: string;
}

function Choice({ value, isDefault, label, children }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2">
      <input type="radio" name="which" value={value} defaultChecked={isDefault} className="mt-1 accent-accent" />
      <span>
        {label}
        <span className="block text-xs text-ink-muted">{children}</span>
      </span>
    </label>
  );
}

const isOneRule = ({ handoffs }: Decision): boolean => new Set(handoffs.map(({ rule }) => rule)).size === 1;

/** A posting without its cause beside a cause without its posting: the two sides of one handoff. */
function belongTogether({ handoffs }: Decision): boolean {
  const orphans = handoffs.filter(({ state }) => state === "orphan").length;
  return orphans > 0 && orphans < handoffs.length && handoffs.length <= 10;
}

function likelyReason(decision: Decision): ReasonCode {
  if (decision.handoffs.length > 1) return belongTogether(decision) ? "typing-error" : "other";
  const [only] = decision.handoffs;
  if (only?.state === "duplicate") return "duplicate-posting";
  if (only?.state === "late") return "timing";
  if (only?.difference.quantity) return "quantity-difference";
  if (only?.difference.amount) return "price-difference";
  return "other";
}
