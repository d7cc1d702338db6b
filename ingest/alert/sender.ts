/** One notice to one channel, once. */
import { createHmac } from "node:crypto";
import { resolveReference } from "@/lib/config/secret-reference";
import type { AlertChannel } from "@/lib/domain/alerts/rule";
import type { Delivery } from "./alert-store";

export type SendOutcome =
  | { readonly state: "delivered"; readonly detail: string }
  | { readonly state: "failed"; readonly detail: string }
  /** The receiver says that it will never take any. */
  | { readonly state: "gone"; readonly detail: string };

export type SendNotice = (channel: AlertChannel, delivery: Delivery, now: Date) => Promise<SendOutcome>;

const ANSWER_MS_MAX = 10_000;
const GONE = 410;

/** Never rejects: what went wrong is an outcome. Addresses and secrets are read each time, so that a rotated one is followed. */
export const sendNotice: SendNotice = async (channel, delivery, now) => {
  try {
    const { url, headers, body } =
      "webhook" in channel ? webhookRequest(channel.webhook, delivery, now) : slackRequest(channel.slack, delivery);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    await response.body?.cancel();
    if (response.ok) return { state: "delivered", detail: `answered ${response.status}` };
    return { state: response.status === GONE ? "gone" : "failed", detail: `answered ${response.status}` };
  } catch (error) {
    // fetch itself only says "fetch failed".
    const { cause, message } = error as Error;
    return { state: "failed", detail: cause instanceof Error ? cause.message : message };
  }
};

interface ChannelRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

type Webhook = Extract<AlertChannel, { webhook: unknown }>["webhook"];
type Slack = Extract<AlertChannel, { slack: unknown }>["slack"];

/** Standard Webhooks 1.0: the id is the delivery's at every attempt, the time is the attempt's. */
function webhookRequest({ url, secret }: Webhook, { id, body }: Delivery, now: Date): ChannelRequest {
  const timestamp = Math.floor(now.getTime() / 1000);
  const signature = signatureOf(resolveReference(secret), id, timestamp, body);
  return {
    url: resolveReference(url),
    headers: { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signature },
    body,
  };
}

/** HMAC-SHA256 over `id.timestamp.body`, with the bytes that the secret is base64 of. `timestamp` in seconds. */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (key.length === 0) throw new Error("The secret of the webhook must be whsec_ and base64.");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

const HEADINGS = { firing: "🔴", resolved: "🟢 Over:", test: "🔔" } as const;

function slackRequest({ url }: Slack, { notice, body }: Delivery): ChannelRequest {
  const { data } = JSON.parse(body) as { data: { title: string; text?: string } };
  const text = `${HEADINGS[notice]} *${escaped(data.title)}*${data.text ? `\n${escaped(data.text)}` : ""}`;
  return { url: resolveReference(url), body: JSON.stringify({ text }) };
}

/** What Slack reads as markup: a message of a failing system must not mention everybody. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
