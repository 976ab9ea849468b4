-- +goose Up

-- When a portal's calendars changed last, for the other processes to see. The
-- number is the writer's clock in unix milliseconds, moved on by one where that
-- would not make it grow.
CREATE TABLE changes (
    portal TEXT   NOT NULL PRIMARY KEY REFERENCES portals (member_id) ON DELETE CASCADE,
    seq    BIGINT NOT NULL
);

CREATE INDEX changes_seq ON changes (seq);
