-- API tokens (npm run token). A token is never stored, only its SHA-256; it has 256 random bits, so a slow hash would add nothing.
-- Few rows, written by people: looked up by scanning. A revocation is the same row again with a larger version.
CREATE TABLE IF NOT EXISTS api_tokens {{on_cluster}}
(
    token_id        String,
    name            String,
    token_hash      String,
    -- The last four characters, so that a person can tell which token this is.
    last_four       String,
    scopes          Array(LowCardinality(String)),
    -- The only source it may report for; empty for any.
    source          String,
    created_at      DateTime64(3, 'UTC'),
    revoked_at      Nullable(DateTime64(3, 'UTC')),
    version         UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (token_id);
