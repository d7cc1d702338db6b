/** What a decision about handoffs rests on: the events of both sides. A decision holds as long as these are the same. */
import { createHash } from "node:crypto";
import type { EventRef } from "@/lib/domain/journey";

interface Evidence {
  readonly from: readonly EventRef[];
  readonly to: readonly EventRef[];
}

/** SHA-256, hexadecimal, over the events of all these handoffs, each once, in order. */
export function evidenceHash(handoffs: readonly Evidence[]): string {
  const events = handoffs.flatMap(({ from, to }) => [...from, ...to]).map(({ source, id }) => `${source}\u0000${id}`);
  return createHash("sha256")
    .update([...new Set(events)].sort().join("\u0001"))
    .digest("hex");
}
