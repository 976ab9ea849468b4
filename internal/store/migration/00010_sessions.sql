-- +goose Up

-- Sessions belong to people who have signed in: those of visitors, which held the
-- sign-ins under way, are dropped. Of the others nobody wrote down when they began, but
-- they have been given seven days.
CREATE TABLE new_sessions (
    id_hash TEXT   NOT NULL PRIMARY KEY,
    portal  TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    data    TEXT   NOT NULL,
    begun   BIGINT NOT NULL,
    used    BIGINT NOT NULL, -- when the person did something last, give or take some minutes
    expires BIGINT NOT NULL
);

INSERT INTO new_sessions (id_hash, portal, user_id, data, begun, used, expires)
    SELECT id_hash, portal, user_id, data, expires - 604800000, expires - 604800000, expires FROM sessions WHERE portal IS NOT NULL;

DROP TABLE sessions;

ALTER TABLE new_sessions RENAME TO sessions;

CREATE INDEX sessions_member ON sessions (portal, user_id);
CREATE INDEX sessions_expires ON sessions (expires);

-- What sign-ins have used up, until it would have expired anyway. Only those that ended
-- well are here, so nobody can fill it.
CREATE TABLE used_states (
    state_hash TEXT   NOT NULL PRIMARY KEY,
    portal     TEXT   NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    expires    BIGINT NOT NULL
);

CREATE INDEX used_states_portal ON used_states (portal);

CREATE INDEX used_states_expires ON used_states (expires);
