-- Who may enter, and what they did. Small tables: people and their acts, not events.

-- One row per person; a change is a newer version of the row (lib/queries/users.ts).
CREATE TABLE IF NOT EXISTS users {{on_cluster}}
(
    user_id         String,
    name            String,
    email           String,
    role            LowCardinality(String),
    disabled        UInt8,
    -- Grows when the role changes or the person is disabled; a session made under an older one is over.
    session_epoch   UInt32,
    -- Issuer and subject of single sign-on, joined by a space; empty for people who enter by link.
    identity        String,
    created_at      DateTime64(3, 'UTC'),
    created_by      String,
    version         UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (user_id);

-- The last time each person signed in. Apart from users, so that signing in never writes back a role read a moment ago.
CREATE TABLE IF NOT EXISTS user_sign_ins {{on_cluster}}
(
    user_id         String,
    signed_in_at    DateTime64(3, 'UTC'),
    -- 'link' or 'oidc'
    way             LowCardinality(String)
)
ENGINE = {{engine:ReplacingMergeTree(signed_in_at)}}
ORDER BY (user_id);

-- One-time sign-in links. Only the hash of a link's token is stored; it is the key, because that is what a visitor brings.
CREATE TABLE IF NOT EXISTS sign_in_links {{on_cluster}}
(
    token_hash      String,
    user_id         String,
    created_at      DateTime64(3, 'UTC'),
    created_by      String,
    expires_at      DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (token_hash);

-- Attempts to use a link. ClickHouse has no compare-and-set: a use counts only when it finds itself alone here after
-- it was written, so of two at once at most one wins (lib/auth/sign-in-links.ts).
CREATE TABLE IF NOT EXISTS sign_in_link_claims {{on_cluster}}
(
    token_hash      String,
    claim_id        String,
    claimed_at      DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (token_hash, claim_id);

-- Every act of a person or token that someone may have to answer for. Appended, never changed. Ordered by time because it is read newest first.
CREATE TABLE IF NOT EXISTS audit_log {{on_cluster}}
(
    acted_at        DateTime64(3, 'UTC'),
    audit_id        String,
    -- 'person', 'token' or 'system'
    actor_kind      LowCardinality(String),
    actor_id        String,
    actor_name      String,
    -- 'payload.viewed', 'user.role_changed', …
    action          LowCardinality(String),
    -- What it was done to: 'event wms-east/9b1f', 'user 5f0c…'.
    target          String,
    -- JSON, without payloads and without secrets.
    details         String CODEC(ZSTD(1))
)
ENGINE = {{engine:ReplacingMergeTree()}}
ORDER BY (acted_at, audit_id);
