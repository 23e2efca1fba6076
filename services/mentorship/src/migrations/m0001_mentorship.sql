CREATE TABLE mentors (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL,
    capacity INTEGER NOT NULL,
    profile JSONB NOT NULL,
    wishes JSONB NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_mentors__round_id__person_id UNIQUE (round_id, person_id),
    CONSTRAINT ck_mentors__capacity CHECK (capacity >= 0)
);
CREATE INDEX ix_mentors__person_id ON mentors (person_id);
CREATE INDEX ix_mentors__organiser_id ON mentors (organiser_id, id);
-- A mentee is a participation and has its id.
CREATE TABLE mentees (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL,
    taking_part BOOLEAN NOT NULL,
    profile JSONB NOT NULL,
    wishes JSONB NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_mentees__round_id ON mentees (round_id, id);
CREATE INDEX ix_mentees__person_id ON mentees (person_id);
CREATE TABLE conflicts (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    -- The two in the order of their ids.
    one_id UUID NOT NULL,
    other_id UUID NOT NULL,
    declared_by UUID NULL,
    declared_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_conflicts__round_id__one_id__other_id UNIQUE (round_id, one_id, other_id)
);
-- One row a round: its terms of mentorship, and the lock that guards its pairs.
CREATE TABLE mentorship_terms (
    round_id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    weights JSONB NOT NULL,
    long_journey_minutes INTEGER NOT NULL,
    answer_days INTEGER NOT NULL,
    kept_days INTEGER NOT NULL,
    places JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE matching_constraints (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    kind TEXT NOT NULL,
    mentor_id UUID NOT NULL REFERENCES mentors (id),
    application_id UUID NOT NULL REFERENCES mentees (id),
    CONSTRAINT uq_matching_constraints__mentor_id__application_id UNIQUE (mentor_id, application_id)
);
CREATE INDEX ix_matching_constraints__round_id ON matching_constraints (round_id, id);
CREATE TABLE matching_runs (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    weights JSONB NOT NULL,
    inputs_digest TEXT NOT NULL,
    rules TEXT NOT NULL,
    outcome JSONB NOT NULL,
    pairs_count INTEGER NOT NULL,
    unmatched_count INTEGER NOT NULL,
    computed_at TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_matching_runs__round_id ON matching_runs (round_id, id);
CREATE TABLE pairs (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    run_id UUID NOT NULL REFERENCES matching_runs (id),
    mentor_id UUID NOT NULL REFERENCES mentors (id),
    application_id UUID NOT NULL REFERENCES mentees (id),
    mentor_person_id UUID NOT NULL,
    mentee_person_id UUID NOT NULL,
    state TEXT NOT NULL,
    ending TEXT NULL,
    mentor_answer TEXT NOT NULL,
    mentee_answer TEXT NOT NULL,
    answer_by DATE NOT NULL,
    fit JSONB NOT NULL,
    flags JSONB NOT NULL,
    meetings_held INTEGER NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    active_since TIMESTAMPTZ NULL,
    ended_at TIMESTAMPTZ NULL,
    erase_at TIMESTAMPTZ NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_pairs__round_id ON pairs (round_id, id);
CREATE INDEX ix_pairs__mentor_id ON pairs (mentor_id);
CREATE INDEX ix_pairs__mentor_person_id ON pairs (mentor_person_id);
CREATE INDEX ix_pairs__mentee_person_id ON pairs (mentee_person_id);
CREATE INDEX ix_pairs__proposed ON pairs (answer_by) WHERE state = 'proposed';
CREATE INDEX ix_pairs__erase_at ON pairs (erase_at) WHERE erase_at IS NOT NULL;
-- Nobody has two mentors at a time.
CREATE UNIQUE INDEX uq_pairs__live ON pairs (application_id) WHERE state <> 'ended';
CREATE TABLE pulses (
    pair_id UUID NOT NULL REFERENCES pairs (id),
    person_id UUID NOT NULL,
    fit TEXT NOT NULL,
    given_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (pair_id, person_id)
);
CREATE TABLE links (
    id UUID NOT NULL PRIMARY KEY,
    pair_id UUID NOT NULL REFERENCES pairs (id),
    side TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE alarms (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    kind TEXT NOT NULL,
    thing_id UUID NOT NULL,
    raised_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_alarms__kind__thing_id UNIQUE (kind, thing_id)
);
CREATE INDEX ix_alarms__round_id ON alarms (round_id, id);
-- Keys of pairs and of participants' own work, wrapped by a master key; absent when dropped.
CREATE TABLE vaults (
    id UUID NOT NULL PRIMARY KEY,
    key_id TEXT NULL,
    wrapped_key TEXT NULL,
    dropped_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_vaults__key_id ON vaults (key_id, id);
-- What a pair writes: agreement, goals, notes and messages, each sealed by the pair's key.
CREATE TABLE writings (
    id UUID NOT NULL PRIMARY KEY,
    pair_id UUID NOT NULL REFERENCES pairs (id),
    kind TEXT NOT NULL,
    author_id UUID NOT NULL,
    body TEXT NOT NULL,
    request TEXT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_writings__request UNIQUE (request)
);
CREATE INDEX ix_writings__pair_id ON writings (pair_id, kind, id);
CREATE TABLE pair_meetings (
    id UUID NOT NULL PRIMARY KEY,
    pair_id UUID NOT NULL REFERENCES pairs (id),
    state TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    length_minutes INTEGER NOT NULL,
    -- Topic and place, sealed by the pair's key.
    body TEXT NULL,
    request TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_pair_meetings__request UNIQUE (request)
);
CREATE INDEX ix_pair_meetings__pair_id ON pair_meetings (pair_id, id);
CREATE TABLE notes_shares (
    pair_id UUID NOT NULL REFERENCES pairs (id),
    with_pair_id UUID NOT NULL REFERENCES pairs (id),
    shared_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (pair_id, with_pair_id)
);
-- Challenges and experiments: the whole sealed by the participation's key.
CREATE TABLE challenges (
    id UUID NOT NULL PRIMARY KEY REFERENCES mentees (id),
    body TEXT NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE experiments (
    id UUID NOT NULL PRIMARY KEY,
    application_id UUID NOT NULL REFERENCES mentees (id),
    body TEXT NOT NULL,
    request TEXT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_experiments__request UNIQUE (request)
);
CREATE INDEX ix_experiments__application_id ON experiments (application_id, id);
CREATE TABLE key_figures (
    figure TEXT NOT NULL,
    municipality_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    of_group TEXT NOT NULL,
    title TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality_code, figure, year, of_group)
);
