-- Derived rows: can be thrown away and made again from the facts (npm run rebuild).

-- One row per root. `version` counts the facts the row includes, so the projection that saw more wins. A root that stopped being one
-- leaves a tombstone (is_deleted = 1) under a larger version.
CREATE TABLE IF NOT EXISTS journeys {{on_cluster}}
(
    root_type       LowCardinality(String),
    root_id         String,
    version         UInt64,
    is_deleted      UInt8,
    stage           LowCardinality(String),
    -- Position of the furthest stage (0 Ordered … 8 Paid), -1 when none was reached, for sorting and for "still open".
    stage_rank      Int8,
    cancelled       UInt8,
    agreed          UInt8,
    promised_at     Nullable(DateTime64(3, 'UTC')),
    amount          Nullable(Decimal(38, 9)),
    currency        LowCardinality(String),
    next_step       String,
    sentence        String,
    first_event_at  Nullable(DateTime64(3, 'UTC')),
    last_event_at   Nullable(DateTime64(3, 'UTC')),
    events          UInt32,
    failures        UInt32,
    sources         Array(LowCardinality(String)),
    -- Per stage: name, state, first and completed time, as JSON (StageProgress[] of lib/domain/journey.ts).
    stages          String CODEC(ZSTD(1)),
    -- Per source, as JSON (SourceStatus of lib/domain/journey.ts).
    status_by_source String CODEC(ZSTD(1))
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (root_type, root_id)
SETTINGS index_granularity = 1024;

-- How far each worker has projected what it stored. A worker that died between storing and projecting is caught up by another from
-- here (ingest/project/checkpoints.ts).
CREATE TABLE IF NOT EXISTS projection_checkpoints {{on_cluster}}
(
    worker_id           String,
    -- Everything this worker stored with received_at before this is projected.
    projected_through   DateTime64(3, 'UTC'),
    heartbeat_at        DateTime64(3, 'UTC'),
    -- 1 once a clean stop, or another worker that took over, has projected the rest.
    closed              UInt8
)
ENGINE = {{engine:ReplacingMergeTree(heartbeat_at)}}
ORDER BY (worker_id);
