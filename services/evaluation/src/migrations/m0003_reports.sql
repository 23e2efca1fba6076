-- What may be shown of a closed survey, made once. Nothing is ever counted again.
CREATE TABLE survey_reports (
    survey_id UUID NOT NULL PRIMARY KEY REFERENCES surveys (id),
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    instrument_id UUID NOT NULL,
    instrument_version INTEGER NOT NULL,
    name JSONB NOT NULL,
    closed_on DATE NOT NULL,
    answered_count INTEGER NULL,
    -- Apart, since comparisons over rounds read the totals alone.
    totals JSONB NOT NULL,
    breakdowns JSONB NOT NULL,
    texts JSONB NOT NULL
);
CREATE INDEX ix_survey_reports__organiser_id ON survey_reports (organiser_id, survey_id);
CREATE INDEX ix_survey_reports__round_id ON survey_reports (round_id, survey_id);
CREATE INDEX ix_survey_reports__instrument_id ON survey_reports (instrument_id, instrument_version, survey_id);
CREATE TABLE effect_reports (
    after_survey_id UUID NOT NULL PRIMARY KEY REFERENCES surveys (id),
    before_survey_id UUID NOT NULL REFERENCES surveys (id),
    round_id UUID NOT NULL,
    pairs_count INTEGER NULL,
    questions JSONB NOT NULL
);
CREATE INDEX ix_effect_reports__round_id ON effect_reports (round_id, after_survey_id);
CREATE TABLE network_reports (
    survey_id UUID NOT NULL REFERENCES surveys (id),
    question_key TEXT NOT NULL,
    round_id UUID NOT NULL,
    closed_on DATE NOT NULL,
    answered_count INTEGER NULL,
    ties JSONB NOT NULL,
    -- Places and lines, without names and in an order that says nothing.
    drawings JSONB NOT NULL,
    CONSTRAINT pk_network_reports PRIMARY KEY (survey_id, question_key)
);
CREATE INDEX ix_network_reports__round_id ON network_reports (round_id, survey_id);
-- Who named whom, sealed: it is opened once more, when the next survey of the round asks the same.
CREATE TABLE network_graphs (
    survey_id UUID NOT NULL REFERENCES surveys (id),
    question_key TEXT NOT NULL,
    round_id UUID NOT NULL,
    instrument_id UUID NOT NULL,
    key_id TEXT NOT NULL,
    wrapped_key TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_network_graphs PRIMARY KEY (survey_id, question_key)
);
CREATE INDEX ix_network_graphs__round_id ON network_graphs (round_id, instrument_id);
-- Numbers by municipality that no report has shown yet, sealed, until enough rounds are together.
CREATE TABLE municipality_reserves (
    survey_id UUID NOT NULL PRIMARY KEY REFERENCES surveys (id),
    instrument_id UUID NOT NULL,
    instrument_version INTEGER NOT NULL,
    -- Whether it was looked at since it came.
    considered BOOLEAN NOT NULL,
    key_id TEXT NOT NULL,
    wrapped_key TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX ix_municipality_reserves__instrument_id ON municipality_reserves (instrument_id, instrument_version);
CREATE INDEX ix_municipality_reserves__considered ON municipality_reserves (considered);
CREATE TABLE municipality_answers (
    id UUID NOT NULL PRIMARY KEY,
    municipality_id UUID NOT NULL,
    instrument_id UUID NOT NULL,
    instrument_version INTEGER NOT NULL,
    surveys_count INTEGER NOT NULL,
    question JSONB NOT NULL
);
CREATE INDEX ix_municipality_answers__municipality_id ON municipality_answers (municipality_id, id);
-- Addresses by which a report is read without an account.
CREATE TABLE report_links (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    thing_id UUID NOT NULL,
    open_until DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_report_links__thing_id ON report_links (thing_id);
