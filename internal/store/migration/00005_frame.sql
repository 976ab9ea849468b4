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
