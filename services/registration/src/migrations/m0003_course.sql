ALTER TABLE rounds ADD COLUMN answer_days_kind TEXT NOT NULL DEFAULT 'calendar';
ALTER TABLE rounds ADD COLUMN move_deadlines BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE rounds ADD COLUMN calendar TEXT NULL;
ALTER TABLE rounds ADD COLUMN needs_kept_days INTEGER NOT NULL DEFAULT 30;
CREATE TABLE reminders (
    kind TEXT NOT NULL,
    round_id UUID NOT NULL REFERENCES rounds (id),
    thing_id UUID NOT NULL,
    stage TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (round_id, kind, thing_id, stage)
);
CREATE TABLE needs (
    id UUID NOT NULL PRIMARY KEY,
    application_id UUID NOT NULL REFERENCES applications (id),
    round_id UUID NOT NULL REFERENCES rounds (id),
    key_id TEXT NULL,
    wrapped_key TEXT NULL,
    body TEXT NULL,
    stated_at TIMESTAMPTZ NOT NULL,
    erased_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_needs__application_id ON needs (application_id);
CREATE INDEX ix_needs__round_id ON needs (round_id);
CREATE INDEX ix_needs__kept ON needs (application_id) WHERE erased_at IS NULL;
CREATE INDEX ix_needs__key_id ON needs (key_id, id);
CREATE TABLE needs_counts (
    round_id UUID NOT NULL PRIMARY KEY REFERENCES rounds (id),
    stale BOOLEAN NOT NULL,
    counts JSONB NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL,
    erased_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_needs_counts__stale ON needs_counts (round_id) WHERE stale = TRUE;
DROP INDEX ix_applications__offered;
CREATE INDEX ix_applications__offered ON applications (answer_by, id) WHERE seat = 'offered';
