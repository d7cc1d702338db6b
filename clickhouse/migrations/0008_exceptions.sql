-- Exceptions, what people do about them, and replays.

-- Which exception a failed event belongs to (lib/domain/exceptions/identity.ts), '' when it did not fail; and the idempotency key of its message.
-- Functions of the event alone, stored with it so that both can be found by key.
ALTER TABLE events {{on_cluster}} ADD COLUMN IF NOT EXISTS exception_id String AFTER promised_at;
ALTER TABLE events {{on_cluster}} ADD COLUMN IF NOT EXISTS message_key String AFTER exception_id;
-- 1: the event carries its message whole (data.message.body), so it can be sent again.
ALTER TABLE events {{on_cluster}} ADD COLUMN IF NOT EXISTS has_message UInt8 AFTER message_key;

-- The failures of one exception, in time: a primary-key read.
CREATE TABLE IF NOT EXISTS failures {{on_cluster}}
(
    exception_id    String,
    occurred_at     DateTime64(3, 'UTC'),
    source          LowCardinality(String),
    event_id        String,
    kind            LowCardinality(String),
    type            LowCardinality(String),
    received_at     DateTime64(3, 'UTC'),
    interface       LowCardinality(String),
    outcome         LowCardinality(String),
    error_class     LowCardinality(String),
    error_code      String,
    error_message   String,
    attempt         UInt16,
    objects         Array(Tuple(type LowCardinality(String), id String, qualifier LowCardinality(String))),
    amount          Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    message_key     String,
    has_message     UInt8,
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (exception_id, occurred_at, source, event_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS failures_mv {{on_cluster}} TO failures AS
SELECT
    exception_id, occurred_at, source, event_id, kind, type, received_at, interface, outcome, error_class, error_code,
    substring(error_message, 1, 4096) AS error_message, attempt, arraySlice(objects, 1, 256) AS objects, amount, currency, message_key, has_message
FROM events
WHERE exception_id != '';

-- Which exceptions name an object: a later success, effect or reversal on it finds what it may settle. Read from facts and not from derived rows,
-- so that of two workers, one with the failure and one with the success, at least one sees both.
CREATE TABLE IF NOT EXISTS failures_by_object {{on_cluster}}
(
    object_type     LowCardinality(String),
    object_id       String,
    exception_id    String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (object_type, object_id, exception_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS failures_by_object_mv {{on_cluster}} TO failures_by_object AS
-- Filtered before it is unfolded: few events fail, and some name thousands of objects.
SELECT named.type AS object_type, named.id AS object_id, exception_id
FROM (SELECT objects, exception_id FROM events WHERE exception_id != '')
ARRAY JOIN objects AS named;

-- What succeeded, by the idempotency key of its message.
CREATE TABLE IF NOT EXISTS successes_by_message_key {{on_cluster}}
(
    interface       LowCardinality(String),
    message_key     String,
    occurred_at     DateTime64(3, 'UTC'),
    source          LowCardinality(String),
    event_id        String,
    type            LowCardinality(String)
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (interface, message_key, occurred_at, source, event_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS successes_by_message_key_mv {{on_cluster}} TO successes_by_message_key AS
SELECT interface, message_key, occurred_at, source, event_id, type
FROM events
WHERE message_key != '' AND outcome = 'ok' AND interface != '';

-- What people, and replays, did about exceptions: events of source `throughline` whose attributes name them. The audit trail of each is a primary-key read.
CREATE TABLE IF NOT EXISTS exception_actions {{on_cluster}}
(
    exception_id    String,
    occurred_at     DateTime64(3, 'UTC'),
    event_id        String,
    action          LowCardinality(String),
    received_at     DateTime64(3, 'UTC'),
    -- data.attributes of the event without the list of exceptions, as JSON (lib/domain/exceptions/act.ts).
    attributes      String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (exception_id, occurred_at, event_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS exception_actions_mv {{on_cluster}} TO exception_actions AS
-- Filtered first, so that no other event's payload is parsed.
SELECT
    exception AS exception_id, occurred_at, event_id, type AS action, received_at,
    JSONExtractRaw(payload, 'data', 'attributes', 'act') AS attributes
FROM (
    SELECT occurred_at, event_id, type, received_at, payload FROM events
    WHERE source = 'throughline' AND startsWith(type, 'exception.'))
ARRAY JOIN JSONExtract(payload, 'data', 'attributes', 'exceptions', 'Array(String)') AS exception;

-- The queue. One row per exception. Derived: a pure function of failures, successes, effects, handoffs, acts and journeys, so it can be thrown away and
-- made again. Clock-free: `opens_at` (a handoff falls due) and `ignored_until` are compared with the reader's clock. `version` counts the facts it includes.
CREATE TABLE IF NOT EXISTS exceptions {{on_cluster}}
(
    exception_id    String,
    version         UInt64,
    is_deleted      UInt8,
    -- 'delivery' (a message or step that failed), 'handoff' (a break), 'dead_letter' (undecodable intake), 'gap' (missing sequence numbers)
    kind            LowCardinality(String),
    -- 'technical' or 'business'
    category        LowCardinality(String),
    -- value, missing, connection, intermittent, rate_limit, too_large, parse, duplicate, contract, permission, business
    class           LowCardinality(String),
    -- open, acknowledged, replaying, resolved, ignored, regressed
    state           LowCardinality(String),
    -- '' while open; 'person', 'automatic', 'verified'
    resolution      LowCardinality(String),
    interface       LowCardinality(String),
    -- The rule of a handoff, the step or event type of a delivery.
    step            LowCardinality(String),
    source          LowCardinality(String),
    target          LowCardinality(String),
    -- One of a few hundred, so the dictionary makes grouping and search cheap.
    fingerprint     LowCardinality(String),
    -- The normalised message: the name of the group.
    cause           LowCardinality(String),
    -- The latest message, as it came.
    message         String CODEC(ZSTD(1)),
    error_code      String,
    subject_type    LowCardinality(String),
    subject_id      String,
    message_key     String,
    -- The failed event whose message a replay sends: of the latest failures, one that carries its message.
    failed_source   LowCardinality(String),
    failed_event_id String,
    has_message     UInt8,
    roots           Array(Tuple(type LowCardinality(String), id String)),
    severity        LowCardinality(String),
    owner           LowCardinality(String),
    assignee        String,
    tags            Array(LowCardinality(String)),
    opens_at        DateTime64(3, 'UTC'),
    first_failed_at DateTime64(3, 'UTC'),
    last_failed_at  DateTime64(3, 'UTC'),
    -- From the SLA, or as somebody set it.
    due_at          Nullable(DateTime64(3, 'UTC')),
    ignored_until   Nullable(DateTime64(3, 'UTC')),
    resolved_at     Nullable(DateTime64(3, 'UTC')),
    resolved_by     String,
    occurrences     UInt32,
    attempts        UInt32,
    regressions     UInt32,
    acts            UInt32,
    -- Value of the order (of all its orders), else what is at stake in the handoff.
    value           Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    promised_at     Nullable(DateTime64(3, 'UTC')),
    -- The orders it holds up as numbers, narrow enough to be counted over all rows; `held` is all of them as one, without any the exception itself.
    root_hashes     Array(UInt64) MATERIALIZED arrayMap(root -> cityHash64(root.type, root.id), roots),
    held            UInt64 MATERIALIZED if(empty(roots), cityHash64(exception_id), cityHash64(roots)),
    -- What a group is counted by, as one number.
    cell            UInt64 MATERIALIZED cityHash64(fingerprint, currency, owner),
    -- What free text is sought in, in one case and one column.
    searched        String MATERIALIZED lowerUTF8(concat(subject_id, ' ', arrayStringConcat(roots.id, ' '), ' ', substringUTF8(message, 1, 2048))) CODEC(ZSTD(1))
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (exception_id)
SETTINGS index_granularity = 1024;

-- Named views of the queue, shared by all. The latest row of a view counts; is_deleted = 1 takes it away.
CREATE TABLE IF NOT EXISTS exception_views {{on_cluster}}
(
    view_id         String,
    saved_at        DateTime64(3, 'UTC'),
    is_deleted      UInt8,
    name            String,
    -- The query string of the address, as the queue reads it.
    query           String,
    saved_by        String,
    saved_by_id     String
)
ENGINE = {{engine:ReplacingMergeTree(saved_at, is_deleted)}}
ORDER BY (view_id)
SETTINGS index_granularity = 64;

-- The exceptions of a journey.
CREATE TABLE IF NOT EXISTS exceptions_by_root {{on_cluster}}
(
    root_type       LowCardinality(String),
    root_id         String,
    exception_id    String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (root_type, root_id, exception_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS exceptions_by_root_mv {{on_cluster}} TO exceptions_by_root AS
SELECT root.type AS root_type, root.id AS root_id, exception_id
FROM exceptions
ARRAY JOIN roots AS root
WHERE is_deleted = 0;

-- Replays. A job is a frozen list of items; what is asked of it, and each step of each item, are appended. Nothing here is updated.
CREATE TABLE IF NOT EXISTS replay_jobs {{on_cluster}}
(
    job_id          String,
    planned_at      DateTime64(3, 'UTC'),
    planned_by      String,
    planned_by_id   String,
    name            String,
    -- ReplayPlan of lib/domain/replay/job.ts as JSON, without its items.
    plan            String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (job_id)
SETTINGS index_granularity = 64;

CREATE TABLE IF NOT EXISTS replay_items {{on_cluster}}
(
    job_id          String,
    -- From 0, in the order in which they go.
    position        UInt32,
    exception_id    String,
    -- 'replay' or 'skip'
    disposition     LowCardinality(String),
    -- Why it is skipped (lib/domain/replay/job.ts), else ''.
    skip_reason     LowCardinality(String),
    -- ReplayItem of lib/domain/replay/job.ts as JSON.
    item            String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (job_id, position)
SETTINGS index_granularity = 256;

-- start, approve, pause, resume, cancel (people); stop, finish (the job itself); release, drop (a person, about one held item).
CREATE TABLE IF NOT EXISTS replay_commands {{on_cluster}}
(
    job_id          String,
    given_at        DateTime64(3, 'UTC'),
    command_id      String,
    command         LowCardinality(String),
    given_by        String,
    given_by_id     String,
    -- Of release and drop.
    exception_id    String,
    reason          String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (job_id, given_at, command_id)
SETTINGS index_granularity = 64;

-- The log of each item (lib/domain/replay/entry.ts): what was about to be done is stored before it is done. Written by the worker only.
CREATE TABLE IF NOT EXISTS replay_attempts {{on_cluster}}
(
    job_id          String,
    exception_id    String,
    -- Rises by one per entry of an item.
    entry_no        UInt32,
    entry_id        String,
    entry           LowCardinality(String),
    -- The state of the item after this entry: pending, sending, unclear, sent, held, verified, failed, skipped.
    state           LowCardinality(String),
    at              DateTime64(3, 'UTC'),
    worker_id       String,
    -- The rest of the entry as JSON.
    detail          String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (job_id, exception_id, entry_no, entry_id)
SETTINGS index_granularity = 256;

-- The same by exception: what earlier replays did about it decides what a later one may do.
CREATE TABLE IF NOT EXISTS replay_attempts_by_exception {{on_cluster}}
(
    exception_id    String,
    at              DateTime64(3, 'UTC'),
    job_id          String,
    entry_no        UInt32,
    entry_id        String,
    entry           LowCardinality(String),
    state           LowCardinality(String),
    worker_id       String,
    detail          String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (exception_id, at, job_id, entry_no, entry_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS replay_attempts_by_exception_mv {{on_cluster}} TO replay_attempts_by_exception AS
SELECT exception_id, at, job_id, entry_no, entry_id, entry, state, worker_id, detail
FROM replay_attempts;

-- Alerts. A condition that was met opens an alert; its id follows from rule, subject and which occasion it is. The one worker that evaluates writes it.
CREATE TABLE IF NOT EXISTS alerts {{on_cluster}}
(
    alert_id        String,
    -- 1 firing, 2 resolved
    version         UInt64,
    rule            LowCardinality(String),
    -- What it is about: a fingerprint, an interface, a source, a currency.
    subject         String,
    -- Of this rule and subject, from 1.
    occasion        UInt32,
    -- firing, resolved
    state           LowCardinality(String),
    fired_at        DateTime64(3, 'UTC'),
    resolved_at     Nullable(DateTime64(3, 'UTC')),
    -- AlertNotice of lib/domain/alerts/alert.ts as JSON: what it says, to which channels, and what it covers.
    notice          String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (alert_id)
SETTINGS index_granularity = 256;

-- What people ask: acknowledge (an alert), test (a channel). Appended by the app.
CREATE TABLE IF NOT EXISTS alert_commands {{on_cluster}}
(
    command_id      String,
    given_at        DateTime64(3, 'UTC'),
    -- acknowledge, test
    command         LowCardinality(String),
    alert_id        String,
    channel         LowCardinality(String),
    given_by        String,
    given_by_id     String,
    reason          String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (command_id)
SETTINGS index_granularity = 64;

-- The outbox, and its log: every attempt of every delivery is a row.
CREATE TABLE IF NOT EXISTS alert_deliveries {{on_cluster}}
(
    -- One per alert, notice (firing, resolved, test) and channel: what is delivered once. The receiver gets it as webhook-id.
    delivery_id     String,
    -- 0: queued
    attempt         UInt32,
    alert_id        String,
    channel         LowCardinality(String),
    notice          LowCardinality(String),
    at              DateTime64(3, 'UTC'),
    -- queued, delivered, failed (another attempt follows), given_up
    state           LowCardinality(String),
    -- Of queued: what is sent, as JSON; else what came of it.
    detail          String CODEC(ZSTD(3))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (delivery_id, attempt, state)
SETTINGS index_granularity = 256;
