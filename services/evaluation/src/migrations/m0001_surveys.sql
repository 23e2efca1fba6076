CREATE TABLE instruments (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    -- Where it came from, if it came from the library.
    library_key TEXT NULL,
    archived BOOLEAN NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_instruments__organiser_id ON instruments (organiser_id, id);
-- What an instrument asks, number by number; one that a survey uses is never changed.
CREATE TABLE instrument_versions (
    instrument_id UUID NOT NULL REFERENCES instruments (id),
    number INTEGER NOT NULL,
    name JSONB NOT NULL,
    introduction JSONB NULL,
    questions JSONB NOT NULL,
    CONSTRAINT pk_instrument_versions PRIMARY KEY (instrument_id, number)
);
CREATE TABLE surveys (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    instrument_id UUID NOT NULL,
    instrument_version INTEGER NOT NULL,
    name JSONB NOT NULL,
    -- Who is asked, and why now.
    audience TEXT NOT NULL,
    occasion JSONB NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Surveys whose sheets are paired by a code share a family: before and after.
    family_id UUID NULL,
    part TEXT NULL,
    -- For how many days it is open.
    open_days INTEGER NOT NULL,
    opens_on DATE NULL,
    closes_on DATE NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_surveys__round_id ON surveys (round_id, id);
CREATE INDEX ix_surveys__organiser_id ON surveys (organiser_id, id);
CREATE INDEX ix_surveys__state ON surveys (state, closes_on);
-- PostgreSQL: what was answered, after the intake was mixed: no time, no order, and nothing that
-- says who, unless the survey said so before. What the person was then stands beside it for as
-- long as the survey is open and is counted into the report when it closes.
CREATE TABLE sheets (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL REFERENCES surveys (id),
    gender TEXT NULL,
    municipality_id UUID NULL,
    person_kind TEXT NULL,
    department_id UUID NULL,
    pairing_code TEXT NULL,
    answers JSONB NOT NULL
);
-- SQLite: the same without the number that SQLite gives each row in the order of arrival.
CREATE TABLE sheets (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL REFERENCES surveys (id),
    gender TEXT NULL,
    municipality_id UUID NULL,
    person_kind TEXT NULL,
    department_id UUID NULL,
    pairing_code TEXT NULL,
    answers JSONB NOT NULL
) WITHOUT ROWID;
CREATE INDEX ix_sheets__survey_id ON sheets (survey_id, id);
