-- +goose Up

-- What is written to learn whether one can write. One row, of nobody.
CREATE TABLE probes (
    at     BIGINT NOT NULL PRIMARY KEY, -- when, in unix milliseconds
    filler TEXT   NOT NULL              -- makes the row need room
);
