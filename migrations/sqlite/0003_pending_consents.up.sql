-- One row is one consent that a person was asked for, until it expires: open, then taken by the process that Zoho comes back
-- to, then settled. `secrets` holds sealed text, bound to state_hash and user_id, and nothing once it is taken; of the state
-- that the callback brings only the SHA-256 is kept.
CREATE TABLE pending_consents (
    id         TEXT NOT NULL PRIMARY KEY,
    state_hash TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL,
    secrets    TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at   INTEGER,
    settled_at INTEGER,
    failure    TEXT
);
