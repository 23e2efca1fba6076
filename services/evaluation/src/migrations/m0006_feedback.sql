-- PostgreSQL: marks and sheets are kept for whatever is answered: a survey, or a group of raters.
ALTER TABLE sheets DROP CONSTRAINT sheets_survey_id_fkey;
-- PostgreSQL: the same.
ALTER TABLE survey_invitations DROP CONSTRAINT survey_invitations_survey_id_fkey;
-- SQLite: the same; a table is written anew for it, and the trigger that reads it is made again.
DROP TRIGGER tr_surveys__promise;
-- SQLite: the new sheets.
CREATE TABLE sheets_of_all (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL,
    gender TEXT NULL,
    municipality_id UUID NULL,
    person_kind TEXT NULL,
    department_id UUID NULL,
    pairing_code TEXT NULL,
    answers JSONB NOT NULL
) WITHOUT ROWID;
-- SQLite: in no other order than that of their random ids.
INSERT INTO sheets_of_all SELECT id, survey_id, gender, municipality_id, person_kind, department_id, pairing_code, answers FROM sheets ORDER BY id;
-- SQLite: the old sheets.
DROP TABLE sheets;
-- SQLite: the new name.
ALTER TABLE sheets_of_all RENAME TO sheets;
-- SQLite: the index.
CREATE INDEX ix_sheets__survey_id ON sheets (survey_id, id);
-- SQLite: the new marks.
CREATE TABLE invitations_of_all (
    id UUID NOT NULL PRIMARY KEY,
    survey_id UUID NOT NULL,
    link_id UUID NULL UNIQUE,
    person_id UUID NULL,
    application_id UUID NULL,
    named_by UUID NULL,
    answered BOOLEAN NOT NULL,
    revoked BOOLEAN NOT NULL,
    CONSTRAINT uq_survey_invitations__survey_id__person_id UNIQUE (survey_id, person_id)
) WITHOUT ROWID;
-- SQLite: in the order of their ids.
INSERT INTO invitations_of_all SELECT id, survey_id, link_id, person_id, application_id, named_by, answered, revoked FROM survey_invitations ORDER BY id;
-- SQLite: the old marks.
DROP TABLE survey_invitations;
-- SQLite: the new name.
ALTER TABLE invitations_of_all RENAME TO survey_invitations;
-- SQLite: the indexes.
CREATE INDEX ix_survey_invitations__person_id ON survey_invitations (person_id, id);
-- SQLite: the same.
CREATE INDEX ix_survey_invitations__application_id ON survey_invitations (application_id);
-- SQLite: the promise stands from the first invitation on, whoever writes.
CREATE TRIGGER tr_surveys__promise BEFORE UPDATE OF mode ON surveys WHEN NEW.mode <> OLD.mode AND EXISTS (SELECT 1 FROM survey_invitations WHERE survey_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'what was promised is not changed'); END;
-- A participant's 360.
CREATE TABLE feedbacks (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    -- None once the participant was forgotten.
    application_id UUID NULL,
    person_id UUID NULL,
    instrument_id UUID NOT NULL,
    instrument_version INTEGER NOT NULL,
    language TEXT NOT NULL,
    least_answers INTEGER NOT NULL,
    opened_on DATE NOT NULL,
    nominate_until DATE NOT NULL,
    answer_until DATE NOT NULL,
    state TEXT NOT NULL,
    reminders_sent INTEGER NOT NULL,
    -- Seals names and addresses of raters; gone when it is over.
    key_id TEXT NULL,
    wrapped_key TEXT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_feedbacks__round_id ON feedbacks (round_id, id);
CREATE INDEX ix_feedbacks__person_id ON feedbacks (person_id);
CREATE INDEX ix_feedbacks__state ON feedbacks (state, answer_until);
CREATE UNIQUE INDEX uq_feedbacks__application_id ON feedbacks (application_id) WHERE state = 'open';
-- What the marks and sheets of a group are kept by.
CREATE TABLE feedback_groups (
    id UUID NOT NULL PRIMARY KEY,
    feedback_id UUID NOT NULL REFERENCES feedbacks (id),
    kind TEXT NOT NULL,
    CONSTRAINT uq_feedback_groups__feedback_id__kind UNIQUE (feedback_id, kind)
);
-- Who is asked; whether there is an answer stands in the mark with the same id.
CREATE TABLE raters (
    id UUID NOT NULL PRIMARY KEY,
    feedback_id UUID NOT NULL REFERENCES feedbacks (id),
    group_id UUID NOT NULL REFERENCES feedback_groups (id),
    state TEXT NOT NULL,
    -- Named after the last day for it, in place of somebody who declined.
    late BOOLEAN NOT NULL,
    person_id UUID NULL,
    -- Name and address of somebody who is not known here, sealed; gone when it is over.
    contact TEXT NULL,
    -- Shows that an address is there twice, without the address.
    address_code TEXT NULL
);
CREATE INDEX ix_raters__feedback_id ON raters (feedback_id, id);
CREATE INDEX ix_raters__person_id ON raters (person_id);
CREATE UNIQUE INDEX uq_raters__feedback_id__person_id ON raters (feedback_id, person_id) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX uq_raters__feedback_id__address_code ON raters (feedback_id, address_code) WHERE state <> 'withdrawn';
-- Who else reads a report, by the participant's word.
CREATE TABLE feedback_releases (
    feedback_id UUID NOT NULL REFERENCES feedbacks (id),
    reader TEXT NOT NULL,
    person_id UUID NULL,
    link_id UUID NULL,
    CONSTRAINT pk_feedback_releases PRIMARY KEY (feedback_id, reader)
);
-- What is shown of a 360, sealed.
CREATE TABLE feedback_reports (
    feedback_id UUID NOT NULL PRIMARY KEY REFERENCES feedbacks (id),
    closed_on DATE NOT NULL,
    key_id TEXT NOT NULL,
    wrapped_key TEXT NOT NULL,
    body TEXT NOT NULL
);
-- Pairs are kept once; survey_pairs is read no more and goes in a later release.
ALTER TABLE told_pairs ADD COLUMN began BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE told_pairs SET began = TRUE WHERE state IN ('active', 'paused') OR EXISTS (SELECT 1 FROM survey_pairs WHERE survey_pairs.id = told_pairs.id AND survey_pairs.began = TRUE);
