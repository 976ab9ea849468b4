-- +goose Up

-- Links are removed long after they have expired.
CREATE INDEX links_expires ON links (expires);
