-- Links name who invites, unless the owner hides it, and may have an address for the
-- answers of guests. Links made before go on naming nobody.

-- +goose Up
ALTER TABLE links ADD COLUMN host BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE links ADD COLUMN reply TEXT NOT NULL DEFAULT ''; -- empty: none
