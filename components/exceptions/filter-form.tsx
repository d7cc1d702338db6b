"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useTransition } from "react";
import { type Options, plain, Select } from "@/components/handoffs/filter-fields";
import { Field, fieldClass } from "@/components/handoffs/form-fields";
import { Button, buttonClass } from "@/components/ui/button";
import { withParameters } from "@/components/ui/href";
import { EXCEPTION_CLASSES, OPEN_STATES } from "@/lib/domain/exceptions/exception";
import { CLASS_LABELS, STATE_LABELS } from "./exception-words";
import { type FilterName, QUEUE } from "./filter-address";

/** What occurs in each column, as lib/queries/exception-choices.ts reads it. */
export interface Choices {
  readonly owners: readonly string[];
  readonly assignees: readonly string[];
  readonly interfaces: readonly string[];
  readonly severities: readonly string[];
  readonly tags: readonly string[];
}

export interface QueueFilterFormProps {
  readonly choices: Choices;
  /** The address as it is: what the form does not show stays. */
  readonly address: string;
}

const MORE = ["state", "kind", "severity", "owner", "tag"] as const satisfies readonly FilterName[];
const SHOWN = ["q", "class", "category", "interface", "assignee", ...MORE] as const satisfies readonly FilterName[];
const NOBODY: Options = [["none", "nobody"]];
const KINDS: Options = [
  ["delivery", "Message or step that failed"],
  ["handoff", "Broken handoff"],
  ["dead_letter", "Undecodable intake"],
  ["gap", "Missing sequence numbers"],
];

/** Every filter of the queue, in its address. A choice takes effect at once; text with Enter. */
export function QueueFilterForm({ choices, address }: QueueFilterFormProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [isPending, startTransition] = useTransition();
  const given = new URLSearchParams(address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.current) return;
    const next = new URLSearchParams(address);
    for (const name of [...SHOWN, "cursor"]) next.delete(name);
    for (const [name, value] of new FormData(form.current))
      if (typeof value === "string" && value.trim() !== "") next.set(name, value.trim());
    startTransition(() => router.push(`${QUEUE}${withParameters(next, {})}`, { scroll: false }));
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
  const cleared = withParameters(address, Object.fromEntries([...SHOWN, "cursor"].map((name) => [name, null])));
  return (
    <search>
      {/* A new address is a new form: its fields begin with what that address says. */}
      <form
        key={address}
        ref={form}
        onSubmit={submit}
        action={QUEUE}
        aria-label="Filter"
        className="flex flex-col gap-2"
      >
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Number, message or cause" className="w-full sm:w-52">
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
            "class",
            "Class",
            EXCEPTION_CLASSES.map((name) => [name, CLASS_LABELS[name]]),
          )}
          {select("category", "Category", [
            ["technical", "technical"],
            ["business", "business"],
          ])}
          {select("interface", "Interface", plain(choices.interfaces))}
          {select("assignee", "Assignee", [...NOBODY, ...plain(choices.assignees)], "anybody")}
          <span className="flex gap-1">
            <Button type="submit" disabled={isPending}>
              {isPending ? "Reading…" : "Show"}
            </Button>
            {isNarrowed ? (
              <a href={`${QUEUE}${cleared}`} className={buttonClass("quiet")}>
                Clear
              </a>
            ) : null}
          </span>
        </div>
        <details open={MORE.some((name) => given.has(name))}>
          <summary className="w-fit rounded-sm text-xs text-ink-muted hover:text-ink">More filters</summary>
          <div className="mt-2 flex flex-wrap items-end gap-2">
            {select(
              "state",
              "State",
              OPEN_STATES.map((state) => [state, STATE_LABELS[state]]),
            )}
            {select("kind", "Kind", KINDS)}
            {select("severity", "Severity", plain(choices.severities))}
            {select("owner", "Owner", [...NOBODY, ...plain(choices.owners)], "anybody")}
            {select("tag", "Tag", plain(choices.tags))}
          </div>
        </details>
      </form>
    </search>
  );
}
