-- One text for SQLite and PostgreSQL: columns are TEXT, BIGINT or BOOLEAN, and
-- times are unix milliseconds. There is no way down: a release that went wrong is
-- repaired by the next one, or by the backup taken before it.
--
-- Versions 1 to 12 existed only before the first release. See firstVersion in migrate.go.

-- +goose Up
-- +goose StatementBegin
-- All in one block: PostgreSQL gets it in one round trip.

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

-- Each member's pair of tokens. A pair that the authorization server no longer knows stays
-- for a day: another process may hold the pair it was exchanged for, and store it late.
CREATE TABLE grants (
    portal        TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id       BIGINT NOT NULL,
    access_token  TEXT   NOT NULL, -- sealed
    refresh_token TEXT   NOT NULL, -- sealed
    expires       BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    leased_until  BIGINT NOT NULL, -- 0: nobody renews it
    lost          BIGINT NOT NULL DEFAULT 0, -- since when the server no longer knows it; 0: it is good
    PRIMARY KEY (portal, user_id)
);

-- Refresh tokens of people who open the app for the first time, while they are redeemed.
CREATE TABLE redemptions (
    portal       TEXT   NOT NULL, -- it may not be stored yet
    token_hash   TEXT   NOT NULL, -- SHA-256
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (portal, token_hash)
);

CREATE TABLE sessions (
    id_hash TEXT   NOT NULL PRIMARY KEY,
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL,
    begun   BIGINT NOT NULL,
    used    BIGINT NOT NULL, -- the person's last request, within some minutes
    expires BIGINT NOT NULL
);

CREATE INDEX sessions_member ON sessions (portal, user_id);
CREATE INDEX sessions_expires ON sessions (expires);

-- States of finished sign-ins, until they would have expired anyway, so that none is used
-- twice. Only successful sign-ins are here, so strangers can't fill the table.
CREATE TABLE used_states (
    state_hash TEXT   NOT NULL PRIMARY KEY,
    portal     TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    expires    BIGINT NOT NULL
);

CREATE INDEX used_states_portal ON used_states (portal);
CREATE INDEX used_states_expires ON used_states (expires);

-- One-time codes that carry a session from the portal's frame into a tab of its own. They
-- are valid for a minute.
CREATE TABLE frame_codes (
    code_hash TEXT   NOT NULL PRIMARY KEY,
    portal    TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    id_hash   TEXT   NOT NULL, -- of the session in the frame
    expires   BIGINT NOT NULL
);

CREATE INDEX frame_codes_portal ON frame_codes (portal);
CREATE INDEX frame_codes_expires ON frame_codes (expires);

-- When a portal's calendars changed last, for the other processes to see. The
-- number is the writer's clock in unix milliseconds, moved on by one where that
-- would not make it grow.
CREATE TABLE changes (
    portal TEXT   NOT NULL PRIMARY KEY REFERENCES portals (member_id) ON DELETE CASCADE,
    seq    BIGINT NOT NULL
);

CREATE INDEX changes_seq ON changes (seq);

-- Background work. A finished job stays for an hour without its payload, so that an event
-- which arrives twice is handled once.
CREATE TABLE jobs (
    id           TEXT   NOT NULL PRIMARY KEY,
    kind         TEXT   NOT NULL,
    portal       TEXT   REFERENCES portals (member_id) ON DELETE CASCADE, -- NULL: of all portals, or of one that is not stored yet
    payload      TEXT   NOT NULL, -- sealed
    run_at       BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    leased_until BIGINT NOT NULL, -- 0: nobody works on it
    ended        BIGINT NOT NULL, -- 0: not yet
    source       TEXT   NOT NULL DEFAULT '', -- a keyed hash of the sender's network; empty: our own job
    about        TEXT   NOT NULL DEFAULT ''  -- the portal that the sender names, stored or not
);

CREATE INDEX jobs_due ON jobs (ended, run_at);
CREATE INDEX jobs_portal ON jobs (portal);

-- Administrators' decisions for their whole portal. No row: none yet.
CREATE TABLE settings (
    portal     TEXT   NOT NULL PRIMARY KEY REFERENCES portals (member_id) ON DELETE CASCADE,
    designated BIGINT NOT NULL, -- the user with whose rights everybody reads availability, and who consented to it
    since      BIGINT NOT NULL  -- when they consented
);

-- Working time that people have set. User 0 is the portal's default.
CREATE TABLE hours (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (portal, user_id)
);

-- Groups of people that a member has saved. Nobody else sees them.
CREATE TABLE saved_groups (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    people  TEXT   NOT NULL, -- as in the address of a search
    PRIMARY KEY (portal, user_id, name)
);

-- The people of a member's last searches.
CREATE TABLE recent_people (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL, -- JSON, the newest first
    PRIMARY KEY (portal, user_id)
);

-- Links that share free times with guests. Expired ones are removed after a year.
CREATE TABLE links (
    portal       TEXT    NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id      BIGINT  NOT NULL, -- the owner
    id           TEXT    NOT NULL, -- random
    form_key     TEXT,             -- a random name of the form that made the link, so that sending it twice makes one; NULL: none
    token_hash   TEXT    NOT NULL UNIQUE, -- SHA-256
    token_sealed TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    note         TEXT    NOT NULL,
    query        TEXT    NOT NULL, -- as in the address of a search
    days         BIGINT  NOT NULL, -- a rolling link shows that many days from today; 0: those of the query
    starts       TEXT    NOT NULL, -- of slots picked by hand, separated by commas; empty: all
    shows        TEXT    NOT NULL, -- what guests see of the people: names, number or nothing
    mode         TEXT    NOT NULL, -- view
    uses         BIGINT  NOT NULL, -- 0: any number
    language     TEXT    NOT NULL,
    created      BIGINT  NOT NULL,
    expires      BIGINT  NOT NULL,
    paused       BOOLEAN NOT NULL,
    revoked      BOOLEAN NOT NULL,
    opens        BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    PRIMARY KEY (portal, user_id, id),
    UNIQUE (portal, user_id, form_key)
);

CREATE INDEX links_expires ON links (expires);

-- How often something happened lately, counted over all processes. A counter of a network
-- address belongs to no portal; its key is a keyed hash of the address.
CREATE TABLE counters (
    counter TEXT   NOT NULL PRIMARY KEY,
    portal  TEXT   REFERENCES portals (member_id) ON DELETE CASCADE,
    began   BIGINT NOT NULL, -- the full minute that is being counted
    hits    BIGINT NOT NULL, -- in that minute
    earlier BIGINT NOT NULL  -- in the minute before
);

CREATE INDEX counters_began ON counters (began);

-- A row that is written only to learn whether the database can be written to.
CREATE TABLE probes (
    at     BIGINT NOT NULL PRIMARY KEY, -- when, in unix milliseconds
    filler TEXT   NOT NULL              -- makes the row need room
);
-- +goose StatementEnd
