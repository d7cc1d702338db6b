"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { getJson, postJson } from "@/components/handoffs/api-call";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { DeliveryState, NoticeKind } from "@/lib/domain/alerts/alert";
import { DELIVERY_LABELS } from "./alert-words";

/** Says that somebody has seen it; it silences no other. */
export function AcknowledgeAlert({ id, title }: { readonly id: string; readonly title: string }) {
  const router = useRouter();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const acknowledge = async () => {
    setBusy(true);
    const answer = await postJson(`/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, {});
    setBusy(false);
    if (!answer.ok) return toast({ tone: "broken", text: answer.problem });
    router.refresh();
  };
  return (
    <Button size="small" onClick={acknowledge} disabled={isBusy} aria-label={`Acknowledge: ${title}`}>
      Acknowledge
    </Button>
  );
}

interface Delivery {
  readonly id: string;
  readonly channel: string;
  readonly notice: NoticeKind;
  readonly state: DeliveryState;
  readonly detail: string;
}
interface Deliveries {
  readonly items: readonly Delivery[];
}

const LOOK_EVERY_MS = 1_000;
const LOOKS_MAX = 45;

/** Sends a test notice and waits for what comes of it. */
export function TestChannel({ channel }: { readonly channel: string }) {
  const router = useRouter();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    const before = await testsOf(channel);
    const answer = await postJson(`/api/v1/alert-channels/${encodeURIComponent(channel)}/test`, {
      id: crypto.randomUUID(),
    });
    if (!answer.ok) toast({ tone: "broken", text: answer.problem });
    else {
      const outcome = await outcomeOf(channel, new Set(before.map(({ id }) => id)));
      toast(
        outcome
          ? {
              tone: outcome.state === "delivered" ? "settled" : "broken",
              text: `${channel}: ${DELIVERY_LABELS[outcome.state]}. ${outcome.detail}`,
            }
          : {
              tone: "broken",
              text: "No outcome yet. Is the worker running? It stands among the deliveries once it is there.",
            },
      );
      router.refresh();
    }
    setBusy(false);
  };
  return (
    <Button size="small" onClick={test} disabled={isBusy} aria-label={`Send a test to ${channel}`}>
      {isBusy ? "Sending…" : "Send a test"}
    </Button>
  );
}

async function testsOf(channel: string): Promise<readonly Delivery[]> {
  const answer = await getJson<Deliveries>("/api/v1/alert-deliveries");
  return answer.ok
    ? answer.value.items.filter((delivery) => delivery.channel === channel && delivery.notice === "test")
    : [];
}

async function outcomeOf(channel: string, known: ReadonlySet<string>): Promise<Delivery | null> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const fresh = (await testsOf(channel)).find(({ id, state }) => !known.has(id) && state !== "queued");
    if (fresh) return fresh;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}
