-- One text for SQLite and PostgreSQL: columns are TEXT, BIGINT or BOOLEAN, and
-- times are unix milliseconds. There is no way down: a release that went wrong is
-- repaired by the next one, or by the backup taken before it.

-- +goose Up

CREATE TABLE portals (
    member_id   TEXT   NOT NULL PRIMARY KEY,
    host        TEXT   NOT NULL,
    endpoint    TEXT   NOT NULL,
    auth_server TEXT   NOT NULL,
    app_token   TEXT   NOT NULL, -- sealed
    client_id   TEXT   NOT NULL,
    scope       TEXT   NOT NULL,
    seq         BIGINT NOT NULL  -- grows with every save: the newest portal at a host has the greatest
);

CREATE INDEX portals_host ON portals (host, seq);

CREATE TABLE grants (
    portal        TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id       BIGINT NOT NULL,
    access_token  TEXT   NOT NULL, -- sealed
    refresh_token TEXT   NOT NULL, -- sealed
    expires       BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    leased_until  BIGINT NOT NULL, -- 0: nobody renews it
    PRIMARY KEY (portal, user_id)
);

-- A session without a portal belongs to somebody who has not signed in yet.
CREATE TABLE sessions (
    id_hash TEXT   NOT NULL PRIMARY KEY,
    portal  TEXT   REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL,
    expires BIGINT NOT NULL
);

CREATE INDEX sessions_member ON sessions (portal, user_id);
CREATE INDEX sessions_expires ON sessions (expires);
