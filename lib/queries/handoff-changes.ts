/** Whether anything about handoffs may have changed: cheap enough to ask every second, whatever the store holds. */
import type { FactReader } from "./fact-reader";

export interface HandoffChange {
  /** Another text when rows were written; after a merge of the engine too, for nothing. In a cluster it sees this replica's parts. */
  readonly parts: string;
  /** Whether handoffs fell due after `since` and by `now`: what they are has changed without a row being written. */
  readonly hasFallenDue: boolean;
}

/** `since` and `now` are RFC 3339. */
export async function readHandoffChange(store: FactReader, since: string, now: string): Promise<HandoffChange> {
  const [row] = await store.query<{ parts: string; due: string }>(
    `SELECT
       (SELECT sum(cityHash64(name)) FROM system.parts
        WHERE active AND database = currentDatabase() AND table = 'handoffs') AS parts,
       (SELECT count() FROM handoff_deadlines
        WHERE due_at > parseDateTime64BestEffort({since:String}, 3, 'UTC') AND due_at <= parseDateTime64BestEffort({now:String}, 3, 'UTC')) AS due`,
    { since, now },
  );
  return { parts: String(row?.parts), hasFallenDue: row?.due !== "0" };
}
