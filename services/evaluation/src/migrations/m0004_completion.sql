-- What scheduling and mentorship tell: the newest version of each fact.
CREATE TABLE told_plans (
    id UUID NOT NULL PRIMARY KEY,
    planned_days INTEGER NOT NULL,
    promised_days INTEGER NULL,
    version INTEGER NOT NULL
);
CREATE TABLE told_sessions (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name JSONB NOT NULL,
    status TEXT NOT NULL,
    days JSONB NOT NULL,
    audience JSONB NOT NULL,
    -- Whether its days are programme days.
    counts BOOLEAN NOT NULL,
    -- When its last day is over; null for what has no days.
    ends_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_told_sessions__round_id ON told_sessions (round_id, ends_at);
CREATE INDEX ix_told_sessions__ends_at ON told_sessions (ends_at);
CREATE TABLE told_attendance (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    counted_quarters INTEGER NOT NULL,
    total_quarters INTEGER NOT NULL,
    half_days JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_told_attendance__round_id ON told_attendance (round_id);
CREATE TABLE told_pairs (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    mentor_person_id UUID NOT NULL,
    mentee_person_id UUID NOT NULL,
    application_id UUID NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_told_pairs__round_id ON told_pairs (round_id);
CREATE INDEX ix_told_pairs__application_id ON told_pairs (application_id);
-- What has to be fulfilled: versions are added, never changed.
CREATE TABLE completion_rules (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    number INTEGER NOT NULL,
    rule JSONB NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_completion_rules__number UNIQUE (round_id, number)
);
-- One row a round: whoever sets a rule, notes tasks or decides has its lock.
CREATE TABLE completion_locks (
    round_id UUID NOT NULL PRIMARY KEY
);
CREATE TABLE completion_tasks (
    application_id UUID NOT NULL,
    task_key TEXT NOT NULL,
    round_id UUID NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_completion_tasks PRIMARY KEY (application_id, task_key)
);
CREATE INDEX ix_completion_tasks__round_id ON completion_tasks (round_id, task_key);
-- What was decided, one row a participation, with how it stood then.
CREATE TABLE completions (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    rule_number INTEGER NULL,
    standing JSONB NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_completions__round_id ON completions (round_id, outcome);
CREATE TABLE credit_providers (
    programme_id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    provider_id UUID NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE credits (
    id UUID NOT NULL PRIMARY KEY,
    application_id UUID NOT NULL,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    provider_id UUID NOT NULL,
    person_id UUID NOT NULL,
    credits_tenths INTEGER NOT NULL,
    reference TEXT NULL,
    registered_on DATE NOT NULL,
    revoked_at TIMESTAMPTZ NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT ck_credits__tenths CHECK (credits_tenths > 0)
);
CREATE INDEX ix_credits__application_id ON credits (application_id, id);
CREATE INDEX ix_credits__person_id ON credits (person_id);
-- Which places of which list say that a certificate is not valid any more.
CREATE TABLE status_lists (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    number INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_status_lists__number UNIQUE (organiser_id, number)
);
CREATE TABLE certificates (
    id UUID NOT NULL PRIMARY KEY,
    application_id UUID NOT NULL,
    round_id UUID NOT NULL,
    programme_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL,
    code TEXT NOT NULL,
    -- What stood there when it was issued.
    name TEXT NOT NULL,
    programme_name JSONB NOT NULL,
    round_name JSONB NOT NULL,
    organiser_name TEXT NOT NULL,
    starts_on DATE NULL,
    ends_on DATE NULL,
    language TEXT NOT NULL,
    issued_on DATE NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    status_list_id UUID NOT NULL REFERENCES status_lists (id),
    status_index INTEGER NOT NULL,
    state TEXT NOT NULL,
    ended_at TIMESTAMPTZ NULL,
    replaced_by UUID NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT uq_certificates__code UNIQUE (code),
    CONSTRAINT uq_certificates__status_index UNIQUE (status_list_id, status_index)
);
-- The last word: one valid certificate for a participation.
CREATE UNIQUE INDEX uq_certificates__application_id ON certificates (application_id) WHERE state = 'valid';
CREATE INDEX ix_certificates__application_id ON certificates (application_id, id);
CREATE INDEX ix_certificates__round_id ON certificates (round_id, id);
CREATE INDEX ix_certificates__person_id ON certificates (person_id);
