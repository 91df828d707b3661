-- One row is one person's consent to one Zoho account. The columns client_secret, access_token and refresh_token hold
-- sealed text, bound to id, user_id and column; AUTOINCREMENT keeps an id from being used twice.
CREATE TABLE zoho_connections (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id            TEXT    NOT NULL,
    name               TEXT    NOT NULL,
    is_default         BOOLEAN NOT NULL DEFAULT 0,
    dc                 TEXT    NOT NULL,
    environment        TEXT    NOT NULL DEFAULT 'production',
    accounts_url       TEXT    NOT NULL,
    api_domain         TEXT    NOT NULL,
    desk_url           TEXT    NOT NULL,
    client_id          TEXT    NOT NULL,
    client_secret      TEXT    NOT NULL DEFAULT '',
    access_token       TEXT,
    refresh_token      TEXT,
    token_expires_at   INTEGER,
    scopes             TEXT    NOT NULL DEFAULT '',
    desk_org_id        TEXT,
    desk_org_source    TEXT CHECK (desk_org_source IN ('only', 'first_of_many', 'user')),
    desk_portal        TEXT,
    desk_org_name      TEXT,
    crm_org_id         TEXT,
    crm_org_name       TEXT,
    status             TEXT    NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'unusable')),
    status_reason      TEXT,
    refresh_not_before INTEGER,
    forced_refreshes   TEXT    NOT NULL DEFAULT '',
    key_id             TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    UNIQUE (user_id, name)
);
CREATE INDEX zoho_connections_newest ON zoho_connections (user_id, created_at DESC, id DESC);
