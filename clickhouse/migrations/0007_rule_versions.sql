-- Two who publish the next version of one rule at once use one token: the store keeps the first and drops the second whole
-- (lib/queries/handoff-rules.ts). A replicated table keeps such a window by itself.
ALTER TABLE handoff_rules {{on_cluster}} MODIFY SETTING non_replicated_deduplication_window = 1000;
