-- One row for each act that changes something at Zoho: what a person is asked first, and what came of it. It is written before
-- anything is sent. `guard` is held by an act that was sent and by none other of the same caller, tool and arguments;
-- `sealed` holds the arguments, what was there before, and how the act is looked up and undone.
CREATE TABLE writes (
    id            TEXT PRIMARY KEY NOT NULL,
    user_id       TEXT NOT NULL,
    connection_id BIGINT NOT NULL,
    organization  TEXT NOT NULL,
    tool          TEXT NOT NULL,
    digest        TEXT NOT NULL,
    seen          TEXT,
    state         TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'sent', 'done', 'refused', 'unknown', 'undone')),
    guard         TEXT,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    sent_at       BIGINT,
    ended_at      BIGINT,
    sealed        TEXT NOT NULL
);
CREATE UNIQUE INDEX writes_guard ON writes (guard);
CREATE INDEX writes_of_user ON writes (user_id, created_at);
