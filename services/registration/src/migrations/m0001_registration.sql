CREATE TABLE organisations (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    official_code TEXT NULL,
    parent_id UUID NULL REFERENCES organisations (id),
    municipality_id UUID NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_organisations__official_code ON organisations (official_code);
CREATE INDEX ix_organisations__municipality_id ON organisations (municipality_id);
CREATE TABLE departments (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_departments__name ON departments (organisation_id, name);
CREATE TABLE partnerships (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL REFERENCES organisations (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id)
);
CREATE UNIQUE INDEX uq_partnerships__organisation_id ON partnerships (organiser_id, organisation_id);
CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    phone TEXT NULL,
    title TEXT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    department_id UUID NULL REFERENCES departments (id),
    manager_id UUID NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    gender TEXT NOT NULL,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    verified BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_people__email_key ON people (organisation_id, email_key) WHERE verified = TRUE;
CREATE INDEX ix_people__organisation_id ON people (organisation_id, id);
CREATE INDEX ix_people__email_key ON people (email_key);
CREATE TABLE role_assignments (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    organisation_id UUID NULL REFERENCES organisations (id)
);
CREATE UNIQUE INDEX uq_role_assignments__role ON role_assignments (person_id, role, organisation_id);
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    PRIMARY KEY (issuer, subject)
);
CREATE TABLE api_keys (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation_id UUID NULL REFERENCES organisations (id),
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ NULL
);
CREATE UNIQUE INDEX uq_api_keys__digest ON api_keys (digest);
CREATE TABLE offices (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    title JSONB NOT NULL,
    email TEXT NULL,
    holder_id UUID NULL REFERENCES people (id),
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_offices__kind ON offices (organisation_id, kind);
CREATE INDEX ix_offices__holder_id ON offices (holder_id);
CREATE TABLE acting_holders (
    id UUID NOT NULL PRIMARY KEY,
    office_id UUID NOT NULL REFERENCES offices (id),
    person_id UUID NOT NULL REFERENCES people (id),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL
);
CREATE INDEX ix_acting_holders__office_id ON acting_holders (office_id);
CREATE INDEX ix_acting_holders__person_id ON acting_holders (person_id);
CREATE TABLE programmes (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    name JSONB NOT NULL,
    purpose JSONB NOT NULL,
    audience JSONB NOT NULL,
    themes JSONB NOT NULL,
    tracks JSONB NOT NULL,
    work_forms JSONB NOT NULL,
    credits_tenths INTEGER NULL,
    parties JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_programmes__organiser_id ON programmes (organiser_id, id);
CREATE TABLE rounds (
    id UUID NOT NULL PRIMARY KEY,
    programme_id UUID NOT NULL REFERENCES programmes (id),
    organiser_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    name JSONB NOT NULL,
    seats INTEGER NOT NULL CHECK (seats >= 0),
    overbooking INTEGER NOT NULL CHECK (overbooking >= 0),
    seats_used INTEGER NOT NULL CHECK (seats_used >= 0),
    minimum_to_run INTEGER NOT NULL,
    opens_on DATE NULL,
    closes_on DATE NULL,
    endorse_by DATE NULL,
    answer_days INTEGER NOT NULL,
    starts_on DATE NULL,
    ends_on DATE NULL,
    eligibility JSONB NOT NULL,
    endorsement TEXT NOT NULL,
    elected_office_id UUID NULL REFERENCES offices (id),
    admission JSONB NOT NULL,
    prices JSONB NOT NULL,
    occasions JSONB NOT NULL,
    venue JSONB NULL,
    rules JSONB NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    admission_published_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL,
    CONSTRAINT ck_rounds__seats_used CHECK (seats_used <= seats + overbooking)
);
CREATE INDEX ix_rounds__programme_id ON rounds (programme_id, id);
CREATE INDEX ix_rounds__organiser_id ON rounds (organiser_id, id);
CREATE TABLE applications (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES rounds (id),
    organiser_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    municipality_id UUID NULL,
    state TEXT NOT NULL,
    live BOOLEAN NOT NULL,
    motivation TEXT NULL,
    submitted_at TIMESTAMPTZ NULL,
    endorsement TEXT NOT NULL,
    admission TEXT NOT NULL,
    admission_published_at TIMESTAMPTZ NULL,
    queue_position INTEGER NULL,
    waitlisted_at TIMESTAMPTZ NULL,
    seat TEXT NOT NULL,
    offered_at TIMESTAMPTZ NULL,
    answer_by DATE NULL,
    settled_at TIMESTAMPTZ NULL,
    replaces UUID NULL REFERENCES applications (id),
    version INTEGER NOT NULL,
    CONSTRAINT ck_applications__endorsed CHECK (
        (seat = 'none' AND admission <> 'waitlisted') OR endorsement IN ('endorsed', 'not_required')
        OR seat IN ('declined', 'expired', 'rescinded', 'withdrawn', 'substituted', 'completed', 'discontinued')
        OR state = 'withdrawn'
    )
);
CREATE UNIQUE INDEX uq_applications__live ON applications (round_id, person_id) WHERE live = TRUE;
CREATE INDEX ix_applications__round_id ON applications (round_id, id);
CREATE INDEX ix_applications__person_id ON applications (person_id, id);
CREATE INDEX ix_applications__municipality_id ON applications (municipality_id, round_id);
CREATE INDEX ix_applications__organiser_id ON applications (organiser_id, id);
CREATE INDEX ix_applications__offered ON applications (answer_by) WHERE seat = 'offered';
CREATE INDEX ix_applications__awaiting ON applications (round_id) WHERE endorsement = 'awaiting';
CREATE TABLE endorsements (
    id UUID NOT NULL PRIMARY KEY,
    application_id UUID NOT NULL REFERENCES applications (id),
    office_id UUID NOT NULL REFERENCES offices (id),
    municipality_id UUID NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    due_on DATE NULL,
    decided_at TIMESTAMPTZ NULL,
    decided_by TEXT NULL,
    acting_for UUID NULL,
    rank INTEGER NULL,
    motive TEXT NULL
);
CREATE UNIQUE INDEX uq_endorsements__application_id ON endorsements (application_id);
CREATE INDEX ix_endorsements__office_id ON endorsements (office_id);
CREATE TABLE links (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    round_id UUID NOT NULL REFERENCES rounds (id),
    office_id UUID NULL,
    application_id UUID NULL,
    expires_on DATE NULL,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_links__round_id ON links (round_id, office_id);
CREATE UNIQUE INDEX uq_links__working ON links (round_id, office_id) WHERE kind = 'slate' AND revoked_at IS NULL;
CREATE INDEX ix_links__application_id ON links (application_id);
CREATE TABLE admission_proposals (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES rounds (id),
    organiser_id UUID NOT NULL,
    state TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    free_seats INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_admission_proposals__round_id ON admission_proposals (round_id, id);
CREATE TABLE admission_rows (
    proposal_id UUID NOT NULL REFERENCES admission_proposals (id),
    application_id UUID NOT NULL REFERENCES applications (id),
    position INTEGER NOT NULL,
    proposed TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reasons JSONB NOT NULL,
    override_reason TEXT NULL,
    PRIMARY KEY (proposal_id, application_id)
);
CREATE TABLE interests (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES rounds (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    language TEXT NOT NULL,
    declared_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ NULL
);
CREATE UNIQUE INDEX uq_interests__email_key ON interests (round_id, email_key);
CREATE TABLE messages (
    id UUID NOT NULL PRIMARY KEY,
    template TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    recipient_email TEXT NOT NULL,
    language TEXT NOT NULL,
    facts JSONB NOT NULL,
    link_kind TEXT NULL,
    link_id UUID NULL,
    created_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    sent_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_messages__pending ON messages (next_attempt_at, id) WHERE state = 'pending';
