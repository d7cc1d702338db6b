"use client";
import { FileText, LoaderCircle, ShieldX } from "lucide-react";
import { useMemo, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { plural } from "@/components/ui/number-format";
import { formatPayload, markMatches } from "./payload-format";
import { fetchPayload, type PayloadAnswer } from "./payload-request";

export interface PayloadProps {
  readonly source: string;
  readonly id: string;
  readonly mayView: boolean;
}

/** The message behind an event, asked for only when somebody wants to see it: each view is written to the audit log. */
export function Payload({ source, id, mayView }: PayloadProps) {
  const [answer, setAnswer] = useState<PayloadAnswer | "closed" | "loading">("closed");
  if (!mayView || (typeof answer === "object" && answer.state === "forbidden")) return <NoRight />;
  if (typeof answer === "object" && answer.state === "shown") return <PayloadView {...answer} />;
  const load = async () => {
    setAnswer("loading");
    setAnswer(await fetchPayload(source, id));
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button size="small" onClick={load} disabled={answer === "loading"}>
        {answer === "loading" ? (
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
        ) : (
          <FileText aria-hidden className="size-3.5" />
        )}
        {answer === "loading" ? "Reading…" : "Show payload"}
      </Button>
      <span className="text-xs text-ink-muted">Viewing is recorded in the audit log.</span>
      {typeof answer === "object" ? (
        <p role="alert" className="text-broken">
          {answer.reason}
        </p>
      ) : null}
    </div>
  );
}

const NoRight = () => (
  <p className="flex items-start gap-1.5 text-ink-muted">
    <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0 text-attention" />
    Your role does not include viewing payloads. An administrator can change your role.
  </p>
);

interface PayloadViewProps {
  readonly whole: string;
  readonly body: string | null;
  readonly masked: boolean;
}

/** Formatted and searchable; the message as it was sent first, when the event kept one. */
function PayloadView({ whole, body, masked }: PayloadViewProps) {
  const [wantsWhole, setWantsWhole] = useState(body === null);
  const [find, setFind] = useState("");
  const raw = wantsWhole || body === null ? whole : body;
  const formatted = useMemo(() => formatPayload(raw), [raw]);
  const marked = useMemo(() => markMatches(formatted.text, find), [formatted, find]);
  return (
    <div className="overflow-hidden rounded-md border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-2 py-1.5">
        {body === null ? null : (
          <fieldset className="flex gap-1">
            <legend className="sr-only">What to show</legend>
            <Part label="Message as sent" chosen={!wantsWhole} onChoose={() => setWantsWhole(false)} />
            <Part label="Whole event" chosen={wantsWhole} onChoose={() => setWantsWhole(true)} />
          </fieldset>
        )}
        <Badge>{formatted.format.toUpperCase()}</Badge>
        {masked ? <Badge tone="attention">Personal data is masked for your role</Badge> : null}
        <label className="ml-auto flex items-center gap-2 text-xs text-ink-muted">
          <span role="status">{find.trim() === "" ? "" : plural(marked.matches, "match", "matches")}</span>
          Find
          <input
            type="search"
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            className="h-7 w-44 rounded-md border border-control bg-surface px-2 text-ink"
          />
        </label>
        <CopyButton text={raw} label="payload" />
      </div>
      <section
        aria-label={`Payload as ${formatted.format.toUpperCase()}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto p-3"
      >
        <pre className="font-id text-xs leading-5 break-words whitespace-pre-wrap">
          {marked.parts.map((piece, index) =>
            piece.found ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place
              <mark key={index} className="rounded-sm bg-attention-tint font-semibold text-attention">
                {piece.text}
              </mark>
            ) : (
              piece.text
            ),
          )}
        </pre>
      </section>
    </div>
  );
}

interface PartProps {
  readonly label: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

const Part = ({ label, chosen, onChoose }: PartProps) => (
  <Button size="small" tone={chosen ? "plain" : "quiet"} aria-pressed={chosen} onClick={onChoose}>
    {label}
  </Button>
);
