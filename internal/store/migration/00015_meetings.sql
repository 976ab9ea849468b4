-- Meetings that are booked through the app, and whom they claim while it is not known
-- whether the portal has created their event.

-- +goose Up
-- +goose StatementBegin
CREATE TABLE meetings (
    portal      TEXT    NOT NULL REFERENCES portals (member_id) ON DELETE CASCADE,
    user_id     BIGINT  NOT NULL, -- the host
    id          TEXT    NOT NULL, -- random
    form_key    TEXT,             -- of the form that booked it, so that sending it twice books once; NULL: none
    marker      TEXT    NOT NULL, -- the last line of the event's description
    form_sealed TEXT    NOT NULL, -- what the host has typed
    starts      BIGINT  NOT NULL,
    ends        BIGINT  NOT NULL,
    zone        TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- intended, sent, confirmed, failed, cancelled
    event       BIGINT  NOT NULL, -- 0: not known
    created     BIGINT  NOT NULL,
    sent        BIGINT  NOT NULL, -- when the portal was asked; 0: never
    ended       BIGINT  NOT NULL, -- when that request ended without an outcome; 0: it may be on its way
    look        BIGINT  NOT NULL, -- when to find out next
    looks       BIGINT  NOT NULL,
    again       BOOLEAN NOT NULL, -- the form was sent again before the outcome was known
    fault       TEXT    NOT NULL,
    PRIMARY KEY (portal, user_id, id),
    UNIQUE (portal, user_id, form_key)
);

CREATE INDEX meetings_host ON meetings (portal, user_id, ends);
CREATE INDEX meetings_open ON meetings (look) WHERE state IN ('intended', 'sent');
CREATE INDEX meetings_ends ON meetings (ends);

CREATE TABLE claims (
    portal  TEXT   NOT NULL,
    person  BIGINT NOT NULL, -- who can't be booked for anything else from starts to ends
    starts  BIGINT NOT NULL,
    ends    BIGINT NOT NULL,
    host    BIGINT NOT NULL,
    meeting TEXT   NOT NULL,
    PRIMARY KEY (portal, person, host, meeting),
    FOREIGN KEY (portal, host, meeting) REFERENCES meetings (portal, user_id, id) ON DELETE CASCADE
);

CREATE INDEX claims_meeting ON claims (portal, host, meeting);
-- +goose StatementEnd
