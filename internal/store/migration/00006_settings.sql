-- +goose Up

-- What administrators have decided for their whole portal; no row: nothing.
CREATE TABLE settings (
    portal     TEXT   NOT NULL PRIMARY KEY REFERENCES portals (member_id) ON DELETE CASCADE,
    designated BIGINT NOT NULL, -- the user with whose rights everybody reads availability; it is he who consented
    since      BIGINT NOT NULL  -- when he did
);
