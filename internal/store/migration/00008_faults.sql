-- +goose Up

-- A pair that the authorization server doesn't know any more stays for a day: another
-- process may hold the pair that it was traded in for, and bring it as soon as it can.
ALTER TABLE grants ADD COLUMN lost BIGINT NOT NULL DEFAULT 0; -- since when; 0: it is good

-- Refresh tokens of people who open the app for the first time, while they are traded in.
CREATE TABLE trades (
    portal       TEXT   NOT NULL, -- it may not be stored yet
    token_hash   TEXT   NOT NULL, -- SHA-256
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (portal, token_hash)
);

-- Who had a job added, so that nobody fills the queue of the others.
ALTER TABLE jobs ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- a keyed hash of the network; none: ourselves
ALTER TABLE jobs ADD COLUMN about TEXT NOT NULL DEFAULT '';  -- the portal that it claims to be from, stored or not
