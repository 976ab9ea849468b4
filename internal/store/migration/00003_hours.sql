-- +goose Up

-- Working time that people have set. User 0 is the portal's default.
CREATE TABLE hours (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (portal, user_id)
);
