-- +goose Up

-- People whom somebody keeps under a name. Nobody else sees them.
CREATE TABLE saved_groups (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    people  TEXT   NOT NULL, -- as in the address of a search
    PRIMARY KEY (portal, user_id, name)
);

-- The people with whom somebody searched lately.
CREATE TABLE recent_people (
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL, -- JSON, the newest first
    PRIMARY KEY (portal, user_id)
);
