-- Who may use the gateway. `id` is the customer's own id in whatever makes licenses.
CREATE TABLE actors (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9._:-]{0,99}$'),
    name text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- What an actor may do; a feature without a row is one it may not use.
CREATE TABLE actor_features (
    actor_id text NOT NULL REFERENCES actors ON DELETE CASCADE,
    feature text NOT NULL CHECK (feature IN ('chat_completions', 'code_completions', 'embeddings')),
    -- NULL: every model that the feature has.
    models text[],
    -- Per window of so many seconds; NULL: no limit.
    quota_requests bigint CHECK (quota_requests >= 0),
    quota_tokens bigint CHECK (quota_tokens >= 0),
    quota_seconds integer NOT NULL CHECK (quota_seconds BETWEEN 60 AND 32 * 86400),
    -- So many at once, made good evenly over `rate_seconds`; NULL: no limit.
    rate_requests integer CHECK (rate_requests > 0),
    rate_seconds integer NOT NULL DEFAULT 60 CHECK (rate_seconds BETWEEN 1 AND 3600),
    PRIMARY KEY (actor_id, feature)
);

-- Keys as SHA-256 of the access token: what is stored here lets nobody in.
CREATE TABLE access_tokens (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    actor_id text NOT NULL REFERENCES actors ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ON access_tokens (actor_id);

-- What of a window's quota was handed to Redis to be used (ADR 0042): never less than what was used.
CREATE TABLE quota_grants (
    actor_id text NOT NULL REFERENCES actors ON DELETE CASCADE,
    feature text NOT NULL,
    window_start timestamptz NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    tokens bigint NOT NULL DEFAULT 0,
    -- As Redis last counted, for people; the truth about limits is above.
    used_requests bigint NOT NULL DEFAULT 0,
    used_tokens bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, feature, window_start)
);
CREATE INDEX ON quota_grants (window_start);
