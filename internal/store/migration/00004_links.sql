-- +goose Up

-- Links that share free times with guests.
CREATE TABLE links (
    portal       TEXT    NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id      BIGINT  NOT NULL, -- the owner
    id           TEXT    NOT NULL, -- random
    form_key     TEXT,             -- what the form called itself that made the link; NULL: nothing
    token_hash   TEXT    NOT NULL UNIQUE, -- SHA-256
    token_sealed TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    note         TEXT    NOT NULL,
    query        TEXT    NOT NULL, -- as a URL has it
    days         BIGINT  NOT NULL, -- rolling: so many from today; 0: those of the query
    starts       TEXT    NOT NULL, -- picked by hand, with commas; empty: all
    shows        TEXT    NOT NULL, -- names, number or nothing
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

-- How often something happened lately, for all processes together. A counter of an
-- address belongs to no portal; its key holds a keyed hash of the address.
CREATE TABLE counters (
    counter TEXT   NOT NULL PRIMARY KEY,
    portal  TEXT   REFERENCES portals (member_id) ON DELETE CASCADE,
    began   BIGINT NOT NULL, -- the full minute that is being counted
    hits    BIGINT NOT NULL, -- in that minute
    earlier BIGINT NOT NULL  -- in the minute before
);

CREATE INDEX counters_began ON counters (began);
