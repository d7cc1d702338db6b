/** Plans of one decision about many handoffs, as they were shown. Table bulk_plans (0006_handoffs.sql). */
import type { Store } from "@/lib/clickhouse/client";
import type { REASON_CODES } from "@/lib/domain/handoffs/act";
import type { BulkPlan } from "@/lib/domain/handoffs/bulk";
import type { FactReader } from "./fact-reader";

export interface StoredPlan extends BulkPlan {
  readonly id: string;
  readonly plannedAt: string;
  readonly plannedById: string;
  readonly reason: string;
  readonly note: string;
  readonly reasonCode: (typeof REASON_CODES)[number];
  /** How many handoffs match what was asked for; above BULK_KEYS_MAX, the plan is about the first of them only. */
  readonly matching: number;
}

export async function storeBulkPlan(store: Store, plan: StoredPlan): Promise<void> {
  const { id, plannedAt, plannedById } = plan;
  await store.insert("bulk_plans", [
    { plan_id: id, planned_at: plannedAt, planned_by_id: plannedById, plan: JSON.stringify(plan) },
  ]);
}

export async function readBulkPlan(reader: FactReader, id: string): Promise<StoredPlan | null> {
  const [row] = await reader.query<{ plan: string }>(
    "SELECT plan FROM bulk_plans WHERE plan_id = {id:String} LIMIT 1",
    {
      id,
    },
  );
  return row ? (JSON.parse(row.plan) as StoredPlan) : null;
}
