-- Handoffs: rules (facts: what was published, by whom), the derived rows, and what people state beside them.

-- Every version of every rule ever in force. Appended; the largest version per rule holds. A file that is read again unchanged adds nothing.
CREATE TABLE IF NOT EXISTS handoff_rules {{on_cluster}}
(
    rule            String,
    version         UInt32,
    published_at    DateTime64(3, 'UTC'),
    published_by    String,
    -- 'file' (config/handoffs.yaml) or 'workbench'
    origin          LowCardinality(String),
    note            String,
    -- 1: withdrawn with this version; its handoffs go.
    withdrawn       UInt8,
    -- The rule as JSON, as written.
    definition      String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree(published_at)}}
ORDER BY (rule, version);

-- One row per rule and key. Derived: a pure function of events, links and rules, so it can be thrown away and made again (npm run rebuild).
-- Clock-free: a row says what holds until due_at and what from then on, and a query decides by its own clock. `version` grows with the rule's version
-- and with the facts the row includes, so the projection that saw more wins.
CREATE TABLE IF NOT EXISTS handoffs {{on_cluster}}
(
    rule            LowCardinality(String),
    key_type        LowCardinality(String),
    key_id          String,
    version         UInt64,
    is_deleted      UInt8,
    rule_version    UInt32,
    state           LowCardinality(String),
    state_when_due  LowCardinality(String),
    due_at          Nullable(DateTime64(3, 'UTC')),
    -- The first key of those compared together, as "type id"; money counts on the row that leads.
    group_lead      String,
    group_size      UInt32,
    leads           UInt8,
    roots           Array(Tuple(type LowCardinality(String), id String)),
    from_events     Array(Tuple(source LowCardinality(String), id String)),
    to_events       Array(Tuple(source LowCardinality(String), id String)),
    excess_events   Array(Tuple(source LowCardinality(String), id String)),
    -- Difference of lib/domain/handoffs/handoff.ts as JSON.
    difference      String CODEC(ZSTD(1)),
    expected_quantity Nullable(Decimal(38, 9)),
    actual_quantity Nullable(Decimal(38, 9)),
    expected_amount Nullable(Decimal(38, 9)),
    actual_amount   Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    -- Money at stake (`stake` of lib/domain/handoffs/handoff.ts). 0 on rows that do not lead, so that a sum counts it once.
    stake           Decimal(38, 9),
    company_code    LowCardinality(String),
    period          LowCardinality(String),
    location        LowCardinality(String),
    partner         String,
    owner           LowCardinality(String),
    severity        LowCardinality(String),
    interface       LowCardinality(String),
    opened_at       DateTime64(3, 'UTC'),
    broken_at       Nullable(DateTime64(3, 'UTC')),
    settled_at      Nullable(DateTime64(3, 'UTC')),
    -- '' none, 'matched', 'accepted', 'standing' or 'awaiting_approval'; the whole resolution as JSON beside it.
    resolution      LowCardinality(String),
    resolution_json String CODEC(ZSTD(1)),
    -- For the matrix: all that a cell is made of in one dictionary, so that five million rows are added up by one small number each.
    cell            LowCardinality(String) MATERIALIZED concat(rule, '\0', state, '\0', state_when_due, '\0', currency, '\0', resolution),
    -- When the clock changes the state; beyond every clock where it never will. Not null and mostly constant, it is compared at a fifth of the cost of due_at.
    changes_at      DateTime64(3, 'UTC') MATERIALIZED
        if(state = 'pending' AND due_at IS NOT NULL, assumeNotNull(due_at), toDateTime64('2299-12-31 23:59:59', 3, 'UTC'))
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
-- The number before its type: a rule's keys are of one type, so FINAL compares two columns instead of three (a fifth less for all it does).
ORDER BY (rule, key_id, key_type)
SETTINGS index_granularity = 1024;

-- The handoffs of a journey: by root, small granules. Filled from the same insert.
CREATE TABLE IF NOT EXISTS handoffs_by_root {{on_cluster}}
(
    root_type       LowCardinality(String),
    root_id         String,
    rule            LowCardinality(String),
    key_type        LowCardinality(String),
    key_id          String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (root_type, root_id, rule, key_type, key_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS handoffs_by_root_mv {{on_cluster}} TO handoffs_by_root AS
SELECT root.type AS root_type, root.id AS root_id, rule, key_type, key_id
FROM handoffs
ARRAY JOIN roots AS root
WHERE is_deleted = 0;

-- What falls due when: the sweep reads the slice of time that has passed since it last looked, whatever else exists.
CREATE TABLE IF NOT EXISTS handoff_deadlines {{on_cluster}}
(
    due_at          DateTime64(3, 'UTC'),
    rule            LowCardinality(String),
    key_type        LowCardinality(String),
    key_id          String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (due_at, rule, key_type, key_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS handoff_deadlines_mv {{on_cluster}} TO handoff_deadlines AS
SELECT assumeNotNull(due_at) AS due_at, rule, key_type, key_id
FROM handoffs
WHERE state = 'pending' AND due_at IS NOT NULL AND is_deleted = 0;

-- How far the sweep has looked.
CREATE TABLE IF NOT EXISTS sweep_progress {{on_cluster}}
(
    sweep           String,
    swept_through   DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree(swept_through)}}
ORDER BY (sweep);

-- "Accept always": what is accepted from now on without a person looking. Few rows; the newest version of each holds.
CREATE TABLE IF NOT EXISTS standing_acceptances {{on_cluster}}
(
    acceptance_id   String,
    -- 1 when it is made, one more with each change: their sum is how often any was made or changed, and part of every handoff's version.
    version         UInt64,
    rule            LowCardinality(String),
    states          Array(LowCardinality(String)),
    -- Empty: any.
    company_code    String,
    location        String,
    partner         String,
    -- Largest stake that is accepted, in `currency`.
    amount_max      Decimal(38, 9),
    currency        LowCardinality(String),
    reason          String,
    note            String,
    created_at      DateTime64(3, 'UTC'),
    created_by      String,
    created_by_id   String,
    -- Breaks that arose before this are accepted; a withdrawal brings it forward.
    expires_at      DateTime64(3, 'UTC'),
    withdrawn_by    String
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (acceptance_id);

-- Files that belong to an act (a carrier's confirmation, a mail): by content, so that the same file is there once.
CREATE TABLE IF NOT EXISTS attachments {{on_cluster}}
(
    -- SHA-256 of the content, hexadecimal.
    attachment_id   String,
    name            String,
    media_type      String,
    bytes           UInt64,
    -- Base64.
    content         String CODEC(ZSTD(3)),
    added_at        DateTime64(3, 'UTC'),
    added_by        String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (attachment_id)
SETTINGS index_granularity = 64;

-- A period that finance signed off: who, when, and the hash of what was frozen. Appended; a reopened period is a later row. The last act holds.
CREATE TABLE IF NOT EXISTS period_closes {{on_cluster}}
(
    company_code    String,
    period          String,
    closed_at       DateTime64(3, 'UTC'),
    close_id        String,
    -- 'closed' or 'reopened'
    act             LowCardinality(String),
    signed_by       String,
    signed_by_id    String,
    note            String,
    -- SHA-256 over the frozen rows in order, hexadecimal.
    content_hash    String,
    rows            UInt64,
    -- The checklist as it stood, as JSON.
    checklist       String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (company_code, period, closed_at, close_id)
-- Of two acts at once under one token the second is dropped whole: that is how a period is closed once (lib/queries/period-close.ts).
SETTINGS non_replicated_deduplication_window = 1000;

-- The frozen handoffs of a close, one canonical JSON line each.
CREATE TABLE IF NOT EXISTS period_close_rows {{on_cluster}}
(
    close_id        String,
    rule            LowCardinality(String),
    key_type        LowCardinality(String),
    key_id          String,
    row_hash        String,
    row             String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (close_id, rule, key_type, key_id);

-- One decision about many handoffs, frozen before it is carried out: what was shown is what is done, and done once (lib/auth/handoff-bulk.ts).
CREATE TABLE IF NOT EXISTS bulk_plans {{on_cluster}}
(
    plan_id         String,
    planned_at      DateTime64(3, 'UTC'),
    planned_by_id   String,
    -- StoredPlan of lib/queries/bulk-plans.ts as JSON.
    plan            String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (plan_id)
SETTINGS index_granularity = 64;
