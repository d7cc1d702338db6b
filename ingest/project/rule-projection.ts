/** Projects a rule's handoffs anew when the rule, or what it accepts, has changed: over all of history, in sets. */
import type { BreakState } from "@/lib/domain/handoffs/handoff";
import { BREAK_STATES } from "@/lib/domain/handoffs/handoff";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { typesOf } from "@/lib/domain/handoffs/sides";
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { JourneyRules } from "@/lib/queries/journey";
import { readObjectsOfTypes } from "@/lib/queries/typed-objects";
import { versionOf } from "./handoff-rows";
import { projectHandoffs } from "./handoffs";
import type { ProjectionStore } from "./journeys";

const NO_LINKS_CHANGED = { touched: new Set<ObjectKey>(), relinked: new Set<ObjectKey>() };
const KEYS_PER_SET = 2_000;

export interface RuleProjectionStore extends ProjectionStore {
  command(sql: string, parameters?: Record<string, unknown>): Promise<void>;
}

/**
 * Judges every key of the rule by its present version, then removes what only an older version had found.
 * @throws the signal's reason between two sets: what is not done is done by the next worker
 */
export async function projectRule(
  store: RuleProjectionStore,
  rules: JourneyRules,
  inForce: RulesInForce,
  versioned: VersionedRule,
  signal: AbortSignal,
): Promise<number> {
  const only = { ...inForce, rules: [versioned] };
  let written = 0;
  for await (const { namedBy } of readObjectsOfTypes(store, typesOf(versioned.rule))) {
    signal.throwIfAborted();
    written += await projectHandoffs(store, rules, only, { ...NO_LINKS_CHANGED, namedBy });
  }
  await removeOlder(store, versioned.rule.id, versioned.version);
  return written;
}

/** A rule withdrawn or switched off with this version: nothing of it stays. Also what an older version found and this one does not. */
export async function removeOlder(store: RuleProjectionStore, rule: string, version: number): Promise<void> {
  await store.command(
    `INSERT INTO handoffs (rule, key_type, key_id, version, is_deleted)
     SELECT rule, key_type, key_id, {tombstone:UInt64}, 1 FROM handoffs FINAL
     WHERE rule = {rule:String} AND rule_version < {version:UInt32}`,
    { rule, version, tombstone: versionOf(version, 0) },
  );
}

/** Judges again what stands as a break, or will when it is due: a standing acceptance may cover it now. */
export async function projectBreaks(
  store: RuleProjectionStore,
  rules: JourneyRules,
  inForce: RulesInForce,
  versioned: VersionedRule,
  signal: AbortSignal,
): Promise<number> {
  const [anyType] = versioned.rule.when.type;
  let written = 0;
  let after = "";
  for (;;) {
    signal.throwIfAborted();
    const rows = await store.query<{ key_id: string }>(
      `SELECT key_id FROM handoffs FINAL
       WHERE rule = {rule:String} AND key_type = {type:String} AND key_id > {after:String}
         AND state_when_due IN {states:Array(String)}
       ORDER BY key_id LIMIT ${KEYS_PER_SET}`,
      { rule: versioned.rule.id, type: versioned.rule.on, after, states: [...BREAK_STATES] satisfies BreakState[] },
    );
    const keys = new Set<ObjectKey>(rows.map(({ key_id }) => objectKey({ type: versioned.rule.on, id: key_id })));
    if (keys.size > 0 && anyType !== undefined) {
      const touched = { ...NO_LINKS_CHANGED, namedBy: new Map([[anyType, keys]]) };
      written += await projectHandoffs(store, rules, { ...inForce, rules: [versioned] }, touched);
    }
    const last = rows.at(-1);
    if (!last || rows.length < KEYS_PER_SET) return written;
    after = last.key_id;
  }
}
