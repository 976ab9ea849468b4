-- +goose Up

-- One-time codes that carry somebody from the portal's frame into a tab of its own.
-- A code is worth what its session is worth, and for a minute only.
CREATE TABLE frame_codes (
    code_hash TEXT   NOT NULL PRIMARY KEY,
    portal    TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    id_hash   TEXT   NOT NULL, -- of the session in the frame
    expires   BIGINT NOT NULL
);

CREATE INDEX frame_codes_portal ON frame_codes (portal);
CREATE INDEX frame_codes_expires ON frame_codes (expires);

-- Work that is done later. What is done stays for an hour without its payload, so that
-- what comes twice is done once.
CREATE TABLE jobs (
    id           TEXT   NOT NULL PRIMARY KEY,
    kind         TEXT   NOT NULL,
    portal       TEXT   REFERENCES portals (member_id) ON DELETE CASCADE, -- none: of all portals, or of one that we don't know yet
    payload      TEXT   NOT NULL, -- sealed
    run_at       BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    leased_until BIGINT NOT NULL, -- 0: nobody works on it
    ended        BIGINT NOT NULL  -- 0: not yet
);

CREATE INDEX jobs_due ON jobs (ended, run_at);
CREATE INDEX jobs_portal ON jobs (portal);
