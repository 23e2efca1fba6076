CREATE TABLE venues (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address JSONB NOT NULL,
    contact JSONB NULL,
    accessibility JSONB NULL,
    beds INTEGER NOT NULL CHECK (beds >= 0),
    active BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_venues__name ON venues (name, id);
CREATE TABLE rooms (
    id UUID NOT NULL PRIMARY KEY,
    venue_id UUID NOT NULL REFERENCES venues (id),
    name TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    equipment JSONB NOT NULL,
    active BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_rooms__name ON rooms (venue_id, name);
CREATE INDEX ix_rooms__venue_id ON rooms (venue_id, id);
CREATE TABLE plans (
    round_id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    time_zone TEXT NOT NULL,
    -- Programme days that the round promises; what is planned is computed.
    promised_days INTEGER NULL,
    -- Number of the newest release; 0 before the first.
    released_number INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_plans__organiser_id ON plans (organiser_id, round_id);
-- The draft: what coordinators work on. People see released_sessions alone.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES plans (round_id),
    state TEXT NOT NULL,
    content JSONB NOT NULL,
    -- The session that an activated reserve date stands in for.
    replaces_id UUID NULL REFERENCES sessions (id),
    replaced_by_id UUID NULL REFERENCES sessions (id),
    -- Last day on which a reserve date is held, where it waits.
    lapses_on DATE NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_sessions__round_id ON sessions (round_id, id);
CREATE INDEX ix_sessions__lapses_on ON sessions (lapses_on) WHERE lapses_on IS NOT NULL;
-- Every release as a whole, never changed.
CREATE TABLE releases (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES plans (round_id),
    number INTEGER NOT NULL,
    released_at TIMESTAMPTZ NOT NULL,
    released_by TEXT NOT NULL,
    -- The released sessions, cancelled ones included.
    content JSONB NOT NULL,
    -- What spoke against it and was released all the same.
    findings JSONB NOT NULL,
    affected_count INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_releases__number ON releases (round_id, number);
CREATE INDEX ix_releases__round_id ON releases (round_id, id);
-- Each session as it was last released: what calendars, rosters and attendance read.
CREATE TABLE released_sessions (
    session_id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Goes up by one with every release that changes the session.
    sequence INTEGER NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    cancelled_at TIMESTAMPTZ NULL,
    -- From the first day's start to the last day's end; absent without days.
    starts_at TIMESTAMPTZ NULL,
    ends_at TIMESTAMPTZ NULL,
    content JSONB NOT NULL
);
CREATE INDEX ix_released_sessions__round_id ON released_sessions (round_id, starts_at);
-- The days of released sessions that are not cancelled.
CREATE TABLE released_days (
    session_id UUID NOT NULL REFERENCES released_sessions (session_id),
    number INTEGER NOT NULL,
    round_id UUID NOT NULL,
    held_on DATE NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    -- Whether the day is one of the round's programme days.
    counts BOOLEAN NOT NULL,
    PRIMARY KEY (session_id, number)
);
CREATE INDEX ix_released_days__round_id ON released_days (round_id, starts_at);
-- Who leads a session as it was last released, cancelled ones included.
CREATE TABLE released_facilitators (
    session_id UUID NOT NULL REFERENCES released_sessions (session_id),
    person_id UUID NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX ix_released_facilitators__person_id ON released_facilitators (person_id);
-- Rooms and facilitators that released days need: what clashes are judged by.
CREATE TABLE claims (
    resource_id UUID NOT NULL,
    session_id UUID NOT NULL REFERENCES released_sessions (session_id),
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    round_id UUID NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (resource_id, session_id, day)
);
CREATE INDEX ix_claims__starts_at ON claims (resource_id, starts_at);
CREATE INDEX ix_claims__session_id ON claims (session_id);
-- Whoever makes claims or books beds holds this row first: two coordinators counting at once
-- would both see the last room.
CREATE TABLE claim_locks (
    name TEXT NOT NULL PRIMARY KEY
);
INSERT INTO claim_locks (name) VALUES ('claims');
CREATE TABLE bookings (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    round_id UUID NOT NULL,
    session_id UUID NULL,
    venue_id UUID NOT NULL REFERENCES venues (id),
    state TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    -- Last day on which the venue holds an option.
    held_until DATE NULL,
    meals JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_bookings__round_id ON bookings (round_id, id);
CREATE INDEX ix_bookings__venue_id ON bookings (venue_id, id);
CREATE INDEX ix_bookings__organiser_id ON bookings (organiser_id, id);
CREATE TABLE booking_nights (
    booking_id UUID NOT NULL REFERENCES bookings (id),
    night DATE NOT NULL,
    heads INTEGER NOT NULL CHECK (heads >= 0),
    PRIMARY KEY (booking_id, night)
);
CREATE INDEX ix_booking_nights__night ON booking_nights (night);
CREATE TABLE booking_links (
    id UUID NOT NULL PRIMARY KEY,
    booking_id UUID NOT NULL REFERENCES bookings (id),
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_booking_links__booking_id ON booking_links (booking_id);
-- What registration counted: never who.
CREATE TABLE needs_counts (
    round_id UUID NOT NULL PRIMARY KEY,
    stated_count INTEGER NOT NULL,
    counts JSONB NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE materials (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id),
    title JSONB NOT NULL,
    address TEXT NOT NULL,
    visible_from TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_materials__session_id ON materials (session_id, id);
CREATE TABLE announcements (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    title JSONB NOT NULL,
    body JSONB NOT NULL,
    audience JSONB NOT NULL,
    published_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_announcements__round_id ON announcements (round_id, id);
CREATE TABLE agenda_proposals (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id),
    person_id UUID NOT NULL,
    state TEXT NOT NULL,
    form TEXT NOT NULL,
    title JSONB NOT NULL,
    description TEXT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_agenda_proposals__session_id ON agenda_proposals (session_id, id);
CREATE INDEX ix_agenda_proposals__person_id ON agenda_proposals (person_id);
CREATE TABLE elective_choices (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    choice TEXT NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id),
    person_id UUID NOT NULL,
    chosen_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX uq_elective_choices__person_id ON elective_choices (round_id, choice, person_id);
CREATE INDEX ix_elective_choices__session_id ON elective_choices (session_id);
CREATE INDEX ix_elective_choices__person_id ON elective_choices (person_id);
