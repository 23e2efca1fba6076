CREATE TABLE calendar_links (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL,
    name TEXT NULL,
    -- Of the whole secret; the secret itself is kept nowhere.
    digest TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_calendar_links__person_id ON calendar_links (person_id, id);
-- The row that whoever marks a session takes first.
CREATE TABLE attendance_sheets (
    session_id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE attendance_marks (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES attendance_sheets (session_id),
    round_id UUID NOT NULL,
    person_id UUID NOT NULL,
    day INTEGER NOT NULL,
    half TEXT NOT NULL,
    status TEXT NOT NULL,
    site_id UUID NULL,
    marked_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_attendance_marks__half ON attendance_marks (session_id, person_id, day, half);
CREATE INDEX ix_attendance_marks__round_id ON attendance_marks (round_id, person_id);
CREATE INDEX ix_attendance_marks__person_id ON attendance_marks (person_id);
-- Which state of a participant's attendance was told last.
CREATE TABLE attendance_states (
    application_id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE make_up_tasks (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    title JSONB NOT NULL,
    description JSONB NULL,
    half_days INTEGER NOT NULL CHECK (half_days > 0),
    due_on DATE NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_make_up_tasks__round_id ON make_up_tasks (round_id, id);
CREATE TABLE make_ups (
    task_id UUID NOT NULL REFERENCES make_up_tasks (id),
    person_id UUID NOT NULL,
    round_id UUID NOT NULL,
    half_days INTEGER NOT NULL,
    done_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (task_id, person_id)
);
CREATE INDEX ix_make_ups__round_id ON make_ups (round_id, person_id);
CREATE INDEX ix_make_ups__person_id ON make_ups (person_id);
CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL,
    invited_as TEXT NOT NULL,
    office_id UUID NULL,
    -- What the signed link in the mail names.
    link_id UUID NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NULL,
    comment TEXT NULL,
    answered_at TIMESTAMPTZ NULL,
    invited_at TIMESTAMPTZ NOT NULL,
    -- Sequence of the session that the person was last told.
    told_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_invitations__person_id ON invitations (session_id, person_id);
CREATE UNIQUE INDEX uq_invitations__link_id ON invitations (link_id);
CREATE INDEX ix_invitations__person_id ON invitations (person_id, id);
CREATE INDEX ix_invitations__organiser_id ON invitations (organiser_id, id);
-- Who is whose mentor, as mentorship tells.
CREATE TABLE known_pairs (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    mentor_id UUID NOT NULL,
    active BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_known_pairs__round_id ON known_pairs (round_id);
CREATE INDEX ix_known_pairs__mentor_id ON known_pairs (mentor_id);
