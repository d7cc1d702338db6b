"use client";
import { FileText, LoaderCircle, ShieldX } from "lucide-react";
import { useMemo, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { eventHref } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { formatPayload, markMatches } from "./payload-format";

export interface PayloadProps {
  readonly source: string;
  readonly id: string;
}

type Loaded =
  | { readonly state: "closed" | "loading" }
  | { readonly state: "shown"; readonly whole: string; readonly body: string | null }
  | { readonly state: "forbidden" }
  | { readonly state: "failed"; readonly why: string };

/** The event as it came in. Read only when asked for: every reading is a right, and is audited. */
export function Payload({ source, id }: PayloadProps) {
  const [loaded, setLoaded] = useState<Loaded>({ state: "closed" });
  const load = async () => {
    setLoaded({ state: "loading" });
    setLoaded(await fetchPayload(source, id));
  };
  if (loaded.state === "shown") return <PayloadView whole={loaded.whole} body={loaded.body} />;
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <Button size="small" onClick={load} disabled={loaded.state === "loading"}>
        {loaded.state === "loading" ? (
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
        ) : (
          <FileText aria-hidden className="size-3.5" />
        )}
        Show payload
      </Button>
      <span role="status" className="text-ink-muted">
        {loaded.state === "forbidden" ? (
          <span className="inline-flex items-center gap-1.5 text-attention">
            <ShieldX aria-hidden className="size-4" />
            Your role does not include reading payloads. An administrator can change it.
          </span>
        ) : null}
        {loaded.state === "failed" ? <span className="text-broken">{loaded.why}</span> : null}
        {loaded.state === "closed" ? "Reading a payload is written to the audit log." : null}
      </span>
    </div>
  );
}

async function fetchPayload(source: string, id: string): Promise<Loaded> {
  try {
    const response = await fetch(eventHref(source, id), { headers: { accept: "application/json" } });
    if (response.status === 401 || response.status === 403) return { state: "forbidden" };
    const text = await response.text();
    if (!response.ok) return { state: "failed", why: problemOf(text, response.status) };
    return { state: "shown", whole: text, body: bodyOf(text) };
  } catch {
    return { state: "failed", why: "The server did not answer. Check the connection and try again." };
  }
}

function problemOf(text: string, status: number): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === "object" && problem !== null && "detail" in problem && typeof problem.detail === "string") {
      return problem.detail;
    }
  } catch {
    // Not problem+json: a proxy in between answered.
  }
  return `The payload could not be read (HTTP ${status}).`;
}

/** The message as it was sent, when the event kept one. */
function bodyOf(text: string): string | null {
  try {
    return findBody(JSON.parse(text));
  } catch {
    return null;
  }
}

function findBody(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  if ("message" in value && typeof value.message === "object" && value.message !== null && "body" in value.message) {
    const { body } = value.message;
    if (typeof body === "string") return body;
    return body === null || body === undefined ? null : JSON.stringify(body);
  }
  for (const name of ["payload", "event", "data"]) {
    const inner: unknown = Reflect.get(value, name);
    const found = findBody(inner);
    if (found !== null) return found;
  }
  return null;
}

function PayloadView({ whole, body }: { readonly whole: string; readonly body: string | null }) {
  const [part, setPart] = useState<"body" | "whole">(body === null ? "whole" : "body");
  const [query, setQuery] = useState("");
  const raw = part === "body" && body !== null ? body : whole;
  const formatted = useMemo(() => formatPayload(raw), [raw]);
  const marked = useMemo(() => markMatches(formatted.text, query), [formatted, query]);
  return (
    <section aria-label="Payload" className="overflow-hidden rounded-md border border-line">
      <header className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken px-2 py-1.5">
        {body === null ? null : (
          <fieldset className="flex gap-1">
            <legend className="sr-only">What to show</legend>
            {(["body", "whole"] as const).map((choice) => (
              <Button
                key={choice}
                size="small"
                tone={part === choice ? "plain" : "quiet"}
                aria-pressed={part === choice}
                onClick={() => setPart(choice)}
              >
                {choice === "body" ? "Message as sent" : "Whole event"}
              </Button>
            ))}
          </fieldset>
        )}
        <Badge>{formatted.format.toUpperCase()}</Badge>
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder="Find in payload"
          aria-label="Find in payload"
          className="ml-auto h-7 w-44 rounded-md border border-control bg-surface px-2 text-xs"
        />
        <span role="status" className="text-xs text-ink-muted">
          {query.trim() === "" ? "" : plural(marked.matches, "match", "matches")}
        </span>
        <CopyButton text={raw} label="payload" />
      </header>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="font-id max-h-96 overflow-auto bg-surface p-3 text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {marked.parts.map((piece, index) =>
          piece.found ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place
            <mark key={index} className="rounded-sm bg-attention-tint text-attention">
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </pre>
    </section>
  );
}
