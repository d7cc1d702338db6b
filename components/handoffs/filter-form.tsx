"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useTransition } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { WORKBENCH } from "./filter-address";
import { type Options, plain, Select, Text } from "./filter-fields";
import { Field, fieldClass } from "./form-fields";
import { type RuleBook, resolutionLabel, ruleName, STATE_ORDER, stateLabel } from "./handoff-words";

/** What occurs in each column, as lib/queries/reconciliation.ts reads it. */
export interface Choices {
  readonly rules: readonly string[];
  readonly owners: readonly string[];
  readonly companyCodes: readonly string[];
  readonly periods: readonly string[];
  readonly locations: readonly string[];
  readonly partners: readonly string[];
  readonly currencies: readonly string[];
}

export interface FilterFormProps {
  readonly choices: Choices;
  readonly rules: RuleBook;
  /** The address as it is: what the form does not show stays. */
  readonly address: string;
  readonly businessDate: string;
}

const MORE = ["owner", "severity", "location", "partner", "currency", "stakeMin", "stakeMax", "resolution"] as const;
const SHOWN = ["q", "rule", "state", "open", "companyCode", "period", "date", ...MORE] as const;

/** Every filter of the page, in its address. A choice takes effect at once; text with Enter. */
export function FilterForm({ choices, rules, address, businessDate }: FilterFormProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [isPending, startTransition] = useTransition();
  const given = new URLSearchParams(address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.current) return;
    const next = new URLSearchParams(address);
    for (const name of [...SHOWN, "cursor"]) next.delete(name);
    for (const [name, value] of new FormData(form.current)) {
      if (typeof value !== "string" || value.trim() === "") continue;
      if (name === "date" && value === businessDate && !given.has("date")) continue;
      next.set(name, value.trim());
    }
    startTransition(() => router.push(`${WORKBENCH}?${next}`, { scroll: false }));
  };
  const select = (name: (typeof SHOWN)[number], label: string, options: Options, any = "all") => (
    <Select
      label={label}
      name={name}
      any={any}
      options={options}
      value={given.getAll(name).join(",")}
      onChange={() => form.current?.requestSubmit()}
    />
  );
  const isNarrowed = SHOWN.some((name) => given.has(name));
  return (
    <search>
      {/* A new address is a new form: its fields begin with what that address says. */}
      <form
        key={address}
        ref={form}
        onSubmit={submit}
        action={WORKBENCH}
        aria-label="Filter"
        className="flex flex-col gap-2"
      >
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Number or partner" className="w-full sm:w-44">
            {(id) => (
              <input
                id={id}
                type="search"
                name="q"
                defaultValue={given.get("q") ?? ""}
                maxLength={512}
                autoComplete="off"
                className={fieldClass}
              />
            )}
          </Field>
          {select(
            "rule",
            "Rule",
            choices.rules.map((id) => [id, ruleName(rules, id)]),
          )}
          {select(
            "state",
            "State",
            STATE_ORDER.map((state) => [state, stateLabel(state)]),
          )}
          {select(
            "open",
            "Breaks",
            [
              ["true", "open"],
              ["false", "settled"],
            ],
            "open, or by state",
          )}
          {select("companyCode", "Company code", plain(choices.companyCodes))}
          {select("period", "Period", plain(choices.periods))}
          <Field label="Business date" className="w-36">
            {(id) => (
              <input
                id={id}
                type="date"
                name="date"
                defaultValue={businessDate}
                onChange={(event) => {
                  if (event.currentTarget.value !== "") form.current?.requestSubmit();
                }}
                className={fieldClass}
              />
            )}
          </Field>
          <span className="flex gap-1">
            <Button type="submit" disabled={isPending}>
              {isPending ? "Reading…" : "Show"}
            </Button>
            {isNarrowed ? (
              <a href={WORKBENCH} className={buttonClass("quiet")}>
                Clear
              </a>
            ) : null}
          </span>
        </div>
        <details open={MORE.some((name) => given.has(name))}>
          <summary className="w-fit rounded-sm text-xs text-ink-muted hover:text-ink">More filters</summary>
          <div className="mt-2 flex flex-wrap items-end gap-2">
            {select("owner", "Owner", plain(choices.owners))}
            {select("severity", "Severity", plain(["finance", "operations", "info"]))}
            {select("location", "Warehouse", plain(choices.locations))}
            <Text label="Partner" name="partner" value={given.get("partner") ?? ""} suggestions={choices.partners} />
            {select("currency", "Currency", plain(choices.currencies))}
            <Text
              label="At stake from"
              name="stakeMin"
              value={given.get("stakeMin") ?? ""}
              pattern="-?\d{1,29}(\.\d{1,9})?"
            />
            <Text
              label="At stake up to"
              name="stakeMax"
              value={given.get("stakeMax") ?? ""}
              pattern="-?\d{1,29}(\.\d{1,9})?"
            />
            {select("resolution", "Decision", [
              ["none", "none yet"],
              ...(["matched", "accepted", "standing", "awaiting_approval"] as const).map(
                (kind) => [kind, resolutionLabel(kind)] as const,
              ),
            ])}
          </div>
        </details>
      </form>
    </search>
  );
}
