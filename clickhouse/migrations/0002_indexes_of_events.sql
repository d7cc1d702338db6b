-- Read paths of the facts. Each is filled by a materialized view from the same insert, so that an event and its ways of
-- being found are stored by one acknowledged write.
--
-- The three that a journey is read from keep compact parts (all columns of a part in one file) at any size: a journey takes a few rows
-- and every column, and a file for each of 22 columns in each part made that read cost twice the processor time (npm run bench -- journey).

-- Every event under every object it names. Ordered for "all events of these objects, in time"; the small granularity
-- keeps a lookup to a few hundred rows. An event that names more than 64 objects leaves `objects` empty here and is read from
-- `events` (10,000 objects under each of 10,000 objects would be 10^8 entries for one event).
CREATE TABLE IF NOT EXISTS events_by_object {{on_cluster}}
(
    object_type     LowCardinality(String),
    object_id       String,
    occurred_at     DateTime64(3, 'UTC'),
    source          LowCardinality(String),
    event_id        String,
    kind            LowCardinality(String),
    type            LowCardinality(String),
    recorded_at     Nullable(DateTime64(3, 'UTC')),
    received_at     DateTime64(3, 'UTC'),
    interface       LowCardinality(String),
    outcome         LowCardinality(String),
    error_class     LowCardinality(String),
    error_code      String,
    error_message   String,
    attempt         UInt16,
    duration_ms     Nullable(UInt32),
    objects         Array(Tuple(type LowCardinality(String), id String, qualifier LowCardinality(String))),
    object_count    UInt32,
    quantity        Nullable(Decimal(38, 9)),
    amount          Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    promised_at     Nullable(DateTime64(3, 'UTC')),
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (object_type, object_id, occurred_at, source, event_id)
SETTINGS index_granularity = 256, min_bytes_for_wide_part = 1099511627776;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_by_object_mv {{on_cluster}} TO events_by_object AS
SELECT
    named.type AS object_type, named.id AS object_id,
    occurred_at, source, event_id, kind, type, recorded_at, received_at, interface, outcome, error_class, error_code,
    substring(error_message, 1, 1024) AS error_message, attempt, duration_ms,
    -- `stated.objects`: a bare `objects` would mean the alias of this very line.
    if(length(stated.objects) <= 64, stated.objects, []) AS objects, toUInt32(length(stated.objects)) AS object_count,
    quantity, amount, currency, promised_at
FROM events AS stated
ARRAY JOIN stated.objects AS named;

-- Links in both directions: one row per (link, event that said so). A retraction is one more row.
CREATE TABLE IF NOT EXISTS links_by_child {{on_cluster}}
(
    child_type      LowCardinality(String),
    child_id        String,
    parent_type     LowCardinality(String),
    parent_id       String,
    source          LowCardinality(String),
    event_id        String,
    act             LowCardinality(String),
    occurred_at     DateTime64(3, 'UTC'),
    received_at     DateTime64(3, 'UTC'),
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (child_type, child_id, parent_type, parent_id, source, event_id)
SETTINGS index_granularity = 256, min_bytes_for_wide_part = 1099511627776;

CREATE MATERIALIZED VIEW IF NOT EXISTS links_by_child_mv {{on_cluster}} TO links_by_child AS
SELECT
    link.child_type AS child_type, link.child_id AS child_id, link.parent_type AS parent_type, link.parent_id AS parent_id,
    source, event_id, link_act AS act, occurred_at, received_at
FROM events
ARRAY JOIN links AS link;

CREATE TABLE IF NOT EXISTS links_by_parent {{on_cluster}}
(
    parent_type     LowCardinality(String),
    parent_id       String,
    child_type      LowCardinality(String),
    child_id        String,
    source          LowCardinality(String),
    event_id        String,
    act             LowCardinality(String),
    occurred_at     DateTime64(3, 'UTC'),
    received_at     DateTime64(3, 'UTC'),
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (parent_type, parent_id, child_type, child_id, source, event_id)
SETTINGS index_granularity = 256, min_bytes_for_wide_part = 1099511627776;

CREATE MATERIALIZED VIEW IF NOT EXISTS links_by_parent_mv {{on_cluster}} TO links_by_parent AS
SELECT
    link.parent_type AS parent_type, link.parent_id AS parent_id, link.child_type AS child_type, link.child_id AS child_id,
    source, event_id, link_act AS act, occurred_at, received_at
FROM events
ARRAY JOIN links AS link;

-- Search: any identifier as typed. Ordered by the search key, so a lookup is a primary-key read. An identity of the form
-- issuer:number is found by its bare number too.
CREATE TABLE IF NOT EXISTS objects_by_search_key {{on_cluster}}
(
    search_key      String,
    object_type     LowCardinality(String),
    object_id       String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (search_key, object_type, object_id)
SETTINGS index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS objects_by_search_key_mv {{on_cluster}} TO objects_by_search_key AS
SELECT DISTINCT
    throughline_search_key(number) AS search_key, named.1 AS object_type, named.2 AS object_id
FROM events
ARRAY JOIN arrayConcat(
    arrayMap(o -> (o.type, o.id), objects),
    arrayMap(l -> (l.child_type, l.child_id), links),
    arrayMap(l -> (l.parent_type, l.parent_id), links)) AS named
ARRAY JOIN if(position(named.2, ':') > 0, [named.2, substring(named.2, position(named.2, ':') + 1)], [named.2]) AS number;

-- Per source, how far its events reach: "complete through".
CREATE TABLE IF NOT EXISTS source_progress {{on_cluster}}
(
    source              LowCardinality(String),
    last_occurred_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_received_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {{engine:AggregatingMergeTree()}}
ORDER BY (source);

CREATE MATERIALIZED VIEW IF NOT EXISTS source_progress_mv {{on_cluster}} TO source_progress AS
SELECT source, max(occurred_at) AS last_occurred_at, max(received_at) AS last_received_at
FROM events
GROUP BY source;
