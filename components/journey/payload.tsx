"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { eventHref } from "@/components/ui/href";

type State =
  | { readonly step: "closed" }
  | { readonly step: "loading" }
  | { readonly step: "failed"; readonly reason: string }
  | { readonly step: "open"; readonly text: string };

const TIMEOUT_MS = 15_000;

/** The message behind an event, asked for only when somebody wants to see it: each view is written to the audit log. */
export function Payload({
  source,
  id,
  mayView,
}: {
  readonly source: string;
  readonly id: string;
  readonly mayView: boolean;
}) {
  const [state, setState] = useState<State>({ step: "closed" });
  const [find, setFind] = useState("");
  if (!mayView)
    return (
      <p className="text-ink-muted">
        Your role does not include viewing payloads. An administrator can change your role.
      </p>
    );
  if (state.step === "open") return <OpenPayload text={state.text} find={find} onFind={setFind} />;
  const open = async () => {
    setState({ step: "loading" });
    setState(await load(source, id));
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button onClick={open} disabled={state.step === "loading"}>
        {state.step === "loading" ? "Reading…" : "Show payload"}
      </Button>
      <span className="text-xs text-ink-muted">Viewing is recorded in the audit log.</span>
      {state.step === "failed" ? (
        <p role="alert" className="text-broken">
          {state.reason}
        </p>
      ) : null}
    </div>
  );
}

async function load(source: string, id: string): Promise<State> {
  try {
    const response = await fetch(eventHref(source, id), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json();
    if (response.ok) return { step: "open", text: JSON.stringify(payloadOf(body), null, 2) };
    return {
      step: "failed",
      reason: detailOf(body) ?? `The payload could not be read (${response.status}). Try again.`,
    };
  } catch {
    return { step: "failed", reason: "The payload could not be read in time. Try again." };
  }
}

/** The API carries the payload as JSON, or as JSON in text. */
function payloadOf(body: unknown): unknown {
  const payload = typeof body === "object" && body !== null && "payload" in body ? body.payload : body;
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}

const detailOf = (body: unknown): string | null =>
  typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string" ? body.detail : null;

interface OpenPayloadProps {
  readonly text: string;
  readonly find: string;
  readonly onFind: (text: string) => void;
}

function OpenPayload({ text, find, onFind }: OpenPayloadProps) {
  const lines = text.split("\n");
  const wanted = find.trim().toLowerCase();
  const matches = wanted === "" ? 0 : lines.filter((line) => line.toLowerCase().includes(wanted)).length;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <label className="flex items-center gap-2 text-xs text-ink-muted">
        Find
        <input
          type="search"
          value={find}
          onChange={(event) => onFind(event.currentTarget.value)}
          className="h-7 w-56 rounded-md border border-control bg-surface px-2"
        />
        <span role="status">{wanted === "" ? "" : `${matches} ${matches === 1 ? "line" : "lines"}`}</span>
      </label>
      <section
        aria-label="Payload as JSON"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-md border border-line bg-surface p-3"
      >
        <pre className="font-id text-xs">
          {lines.map((line, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move
              key={index}
              className={wanted !== "" && line.toLowerCase().includes(wanted) ? "bg-attention-tint" : ""}
            >
              {line}
            </div>
          ))}
        </pre>
      </section>
    </div>
  );
}
