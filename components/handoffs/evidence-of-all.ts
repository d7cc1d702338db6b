/** `evidenceHash` (lib/domain/handoffs/evidence.ts) in a browser. */
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";

/**
 * Null where it cannot be known: browsers hash only on a secure origin (https, or localhost). The act then rests on the events as they stand when it
 * arrives.
 */
export async function evidenceOfAll(
  handoffs: readonly Pick<ListedHandoff, "from" | "to" | "evidence">[],
): Promise<string | null> {
  const [only] = handoffs;
  if (only && handoffs.length === 1) return only.evidence;
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return null;
  const events = handoffs.flatMap(({ from, to }) => [...from, ...to]).map(({ source, id }) => `${source}\u0000${id}`);
  const text = [...new Set(events)].sort().join("\u0001");
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
