"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Identifier } from "@/components/ui/identifier";
import { useToast } from "@/components/ui/toast";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent, LinkProof } from "@/lib/domain/journey";

const TIMEOUT_MS = 20_000;

/** The chain of links that put an event into this journey, and the event that proved each. */
export function LinkChain({ event, mayRetract }: { readonly event: JourneyEvent; readonly mayRetract: boolean }) {
  const vocabulary = useVocabulary();
  const [retracted, setRetracted] = useState<LinkProof | null>(null);
  return (
    <>
      {event.linkedBy.length === 0 ? <p>It names this order itself.</p> : null}
      <ol className="flex flex-col gap-1">
        {event.linkedBy.map((link) => (
          <li key={`${link.from.type}/${link.from.id}`} className="flex flex-wrap items-center gap-x-2">
            <Identifier object={link.from} typed copy={false} />
            <span className="text-ink-muted">belongs to</span>
            <Identifier object={link.to} typed copy={false} />
            <span className="text-xs text-ink-muted">
              as {vocabulary.system(link.source)} said in <span className="font-id break-all">{link.eventId}</span>
            </span>
            {mayRetract ? (
              <Button size="small" tone="quiet" onClick={() => setRetracted(link)}>
                Retract this link
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
      {event.sharedWith > 0 ? (
        <p className="mt-1 text-ink-muted">
          Shared: it is also in {event.sharedWith} other {event.sharedWith === 1 ? "order" : "orders"}.
        </p>
      ) : null}
      <RetractDialog link={retracted} onClose={() => setRetracted(null)} />
    </>
  );
}

function RetractDialog({ link, onClose }: { readonly link: LinkProof | null; readonly onClose: () => void }) {
  const router = useRouter();
  const toast = useToast();
  const [sending, setSending] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!link) return;
    const reason = String(new FormData(event.currentTarget).get("reason") ?? "");
    setSending(true);
    const problem = await send(link, reason);
    setSending(false);
    if (problem) return toast({ tone: "broken", text: problem });
    toast({ tone: "settled", text: `${link.from.id} no longer belongs to ${link.to.id}, until somebody lifts this.` });
    onClose();
    router.refresh();
  };
  return (
    <Dialog open={link !== null} onClose={onClose} title="Retract a link">
      {link ? (
        <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
          <p>
            <span className="font-id">{link.from.id}</span> will no longer belong to{" "}
            <span className="font-id">{link.to.id}</span>, whatever any system says, until a person lifts it. Nothing is
            deleted, and your name and reason are kept.
          </p>
          <label className="flex flex-col gap-1">
            Reason
            <textarea
              name="reason"
              required
              minLength={3}
              maxLength={2_000}
              rows={3}
              className="rounded-md border border-control bg-surface p-2"
            />
          </label>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button tone="danger" type="submit" disabled={sending}>
              Retract the link
            </Button>
          </div>
        </form>
      ) : null}
    </Dialog>
  );
}

/** @returns what went wrong, in words; null when it is done. */
async function send({ from, to }: LinkProof, reason: string): Promise<string | null> {
  try {
    const response = await fetch("/api/v1/links/retractions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ child: { type: from.type, id: from.id }, parent: { type: to.type, id: to.id }, reason }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return null;
    const body = (await response.json().catch(() => ({}))) as { detail?: string };
    return body.detail ?? `The link was not retracted (${response.status}). Try again.`;
  } catch {
    return "No answer in time; look whether the link is gone before you try again.";
  }
}
