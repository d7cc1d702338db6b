-- Facts. Appended, never updated; a duplicate collapses by key. See clickhouse/README.md for who writes and reads each table.

-- The key under which any identifier is found: upper case, leading zeros of every digit run dropped, then separators dropped.
-- "sh-0077", "SH 77" and "SH-77" are one key.
CREATE FUNCTION IF NOT EXISTS throughline_search_key {{on_cluster}} AS (id) ->
    if(
        empty(replaceRegexpAll(id, '[^\\p{L}\\p{N}]', '')),
        upperUTF8(id),
        replaceRegexpAll(replaceRegexpAll(upperUTF8(id), '(^|[^0-9])0+([0-9])', '\\1\\2'), '[^\\p{L}\\p{N}]', '')
    );

-- One row per (source, event_id), for ever. Ordered by that identity because intake asks "do we have this?" and the
-- event page asks for one event by it. The row received first wins, so a late duplicate changes nothing.
CREATE TABLE IF NOT EXISTS events {{on_cluster}}
(
    source          LowCardinality(String),
    event_id        String,
    kind            LowCardinality(String),
    type            LowCardinality(String),
    occurred_at     DateTime64(3, 'UTC'),
    recorded_at     Nullable(DateTime64(3, 'UTC')),
    received_at     DateTime64(3, 'UTC'),
    sequence        String,
    interface       LowCardinality(String),
    outcome         LowCardinality(String),
    error_class     LowCardinality(String),
    error_code      String,
    error_message   String,
    attempt         UInt16,
    duration_ms     Nullable(UInt32),
    objects         Array(Tuple(type LowCardinality(String), id String, qualifier LowCardinality(String))),
    links           Array(Tuple(child_type LowCardinality(String), child_id String, parent_type LowCardinality(String), parent_id String)),
    -- 'stated', 'retracted' (by a source), 'withheld' or 'restored' (by a person); one act for all links of an event.
    link_act        LowCardinality(String),
    quantity        Nullable(Decimal(38, 9)),
    amount          Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    promised_at     Nullable(DateTime64(3, 'UTC')),
    -- SHA-256 of the canonical JSON: tells a true duplicate from two events under one id.
    content_hash    String,
    -- The canonical event as JSON, whole: what rebuild decodes again and the payload view shows.
    payload         String CODEC(ZSTD(3)),
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (source, event_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- What could not become an event, with its bytes. The id is a hash of source, origin and bytes: sent twice, it is one row.
CREATE TABLE IF NOT EXISTS dead_letters {{on_cluster}}
(
    dead_letter_id  String,
    source          LowCardinality(String),
    received_at     DateTime64(3, 'UTC'),
    channel         LowCardinality(String),
    -- Where it came from inside the channel: "topic/partition/offset", "file:line", request id.
    origin          String,
    content_type    LowCardinality(String),
    -- parse, decode, validate, correlate, store, conflict
    step            LowCardinality(String),
    reason          String,
    -- The field at fault, "data.objects.0.id"; empty when the whole is.
    path            String,
    raw             String CODEC(ZSTD(3)),
    version         UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (dead_letter_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- A source that an administrator's act registered (a token or an import named it), beside those in config/systems.yaml.
CREATE TABLE IF NOT EXISTS registered_sources {{on_cluster}}
(
    source          String,
    registered_at   DateTime64(3, 'UTC'),
    registered_by   String
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (source);
