CREATE TABLE holds (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES rounds (id),
    organiser_id UUID NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    seats INTEGER NOT NULL CHECK (seats > 0),
    seats_used INTEGER NOT NULL CHECK (seats_used >= 0),
    lapses_on DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL,
    CONSTRAINT ck_holds__seats_used CHECK (seats_used <= seats)
);
CREATE INDEX ix_holds__round_id ON holds (round_id, id);
CREATE INDEX ix_holds__lapses_on ON holds (lapses_on) WHERE state = 'held';
ALTER TABLE programmes ADD COLUMN one_seat BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE rounds ADD COLUMN one_seat BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE applications ADD COLUMN programme_id UUID NULL;
ALTER TABLE applications ADD COLUMN choice INTEGER NULL;
ALTER TABLE applications ADD COLUMN hold_id UUID NULL REFERENCES holds (id);
UPDATE applications SET programme_id = (SELECT rounds.programme_id FROM rounds WHERE rounds.id = applications.round_id);
CREATE UNIQUE INDEX uq_applications__choice ON applications (programme_id, person_id, choice) WHERE live = TRUE AND choice IS NOT NULL;
CREATE UNIQUE INDEX uq_applications__one_seat ON applications (programme_id, person_id) WHERE choice IS NOT NULL AND seat IN ('offered', 'accepted');
ALTER TABLE links ADD COLUMN interest_id UUID NULL;
