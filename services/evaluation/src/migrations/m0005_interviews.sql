-- An interview; what was said is sealed by a key of its own, which is dropped to erase it.
CREATE TABLE interviews (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    kind TEXT NOT NULL,
    guide JSONB NOT NULL,
    state TEXT NOT NULL,
    day DATE NULL,
    key_id TEXT NULL,
    wrapped_key TEXT NULL,
    notes TEXT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_interviews__round_id ON interviews (round_id, id);
CREATE TABLE interviewees (
    interview_id UUID NOT NULL REFERENCES interviews (id),
    application_id UUID NOT NULL,
    person_id UUID NOT NULL,
    consent TEXT NOT NULL,
    CONSTRAINT pk_interviewees PRIMARY KEY (interview_id, application_id)
);
CREATE INDEX ix_interviewees__person_id ON interviewees (person_id);
CREATE TABLE themes (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    name JSONB NOT NULL,
    description JSONB NULL,
    made_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_themes__round_id ON themes (round_id, id);
-- Places of an interview that belong to a theme; a quote is sealed.
CREATE TABLE interview_codings (
    interview_id UUID NOT NULL REFERENCES interviews (id),
    number INTEGER NOT NULL,
    theme_id UUID NOT NULL REFERENCES themes (id),
    application_id UUID NOT NULL,
    quote TEXT NULL,
    CONSTRAINT pk_interview_codings PRIMARY KEY (interview_id, number)
);
CREATE INDEX ix_interview_codings__theme_id ON interview_codings (theme_id);
CREATE TABLE programme_goals (
    id UUID NOT NULL PRIMARY KEY,
    programme_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    goal JSONB NOT NULL,
    status TEXT NOT NULL,
    assessed_at TIMESTAMPTZ NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_programme_goals__programme_id ON programme_goals (programme_id, id);
