-- PostgreSQL: that somebody is asked, and whether an answer came: not when, and not which.
CREATE TABLE survey_invitations (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL REFERENCES surveys (id),
    -- What the link that was sent last is signed for; none once the person was forgotten.
    link_id UUID NULL UNIQUE,
    person_id UUID NULL,
    application_id UUID NULL,
    -- Which participant named the person, where one did.
    named_by UUID NULL,
    answered BOOLEAN NOT NULL,
    revoked BOOLEAN NOT NULL,
    CONSTRAINT uq_survey_invitations__survey_id__person_id UNIQUE (survey_id, person_id)
);
-- SQLite: the same without a number of the row.
CREATE TABLE survey_invitations (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL REFERENCES surveys (id),
    -- What the link that was sent last is signed for; none once the person was forgotten.
    link_id UUID NULL UNIQUE,
    person_id UUID NULL,
    application_id UUID NULL,
    -- Which participant named the person, where one did.
    named_by UUID NULL,
    answered BOOLEAN NOT NULL,
    revoked BOOLEAN NOT NULL,
    CONSTRAINT uq_survey_invitations__survey_id__person_id UNIQUE (survey_id, person_id)
) WITHOUT ROWID;
CREATE INDEX ix_survey_invitations__person_id ON survey_invitations (person_id, id);
CREATE INDEX ix_survey_invitations__application_id ON survey_invitations (application_id);
-- PostgreSQL: sealed sheets until they are mixed with others; random ids, no time.
CREATE TABLE survey_intake (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL,
    body TEXT NOT NULL
);
-- SQLite: the same without a number of the row.
CREATE TABLE survey_intake (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ix_survey_intake__survey_id ON survey_intake (survey_id, id);
-- Seals a survey's intake; gone when the survey closes, so that what copies of the database still
-- hold of the intake can't be read.
CREATE TABLE survey_keys (
    survey_id UUID NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL,
    wrapped_key TEXT NOT NULL
);
-- Surveys that are compared person by person by a code of a phrase; the key that makes the codes
-- is gone when the pairing is over.
CREATE TABLE survey_families (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    key_id TEXT NULL,
    wrapped_key TEXT NULL
);
ALTER TABLE surveys ADD COLUMN reminders_sent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ix_surveys__family_id ON surveys (family_id);
-- Pairs, as far as surveys ask mentors.
CREATE TABLE survey_pairs (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    application_id UUID NOT NULL,
    mentor_person_id UUID NOT NULL,
    -- Whether they ever began to work together.
    began BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_survey_pairs__round_id ON survey_pairs (round_id);
-- PostgreSQL: the promise stands from the first invitation on, whoever writes.
CREATE FUNCTION refuse_new_promise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.mode <> OLD.mode AND EXISTS (SELECT 1 FROM survey_invitations WHERE survey_id = OLD.id) THEN RAISE EXCEPTION 'what was promised is not changed'; END IF; RETURN NEW; END $$;
-- PostgreSQL: the same.
CREATE TRIGGER tr_surveys__promise BEFORE UPDATE ON surveys FOR EACH ROW EXECUTE FUNCTION refuse_new_promise();
-- SQLite: the promise stands from the first invitation on, whoever writes.
CREATE TRIGGER tr_surveys__promise BEFORE UPDATE OF mode ON surveys WHEN NEW.mode <> OLD.mode AND EXISTS (SELECT 1 FROM survey_invitations WHERE survey_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'what was promised is not changed'); END;
