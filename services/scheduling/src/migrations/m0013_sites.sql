-- What an invited person was last told by mail: a cancellation has to say more than the request
-- that it ends (RFC 5546), and of a day that is gone nothing else knows any more.
ALTER TABLE invitations ADD COLUMN mailed_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitations ADD COLUMN mailed_days JSONB NULL;
UPDATE invitations SET mailed_sequence = told_sequence;
-- The inputs of a plan of rounds as a digest, and the rules that judged them; absent for plans
-- that were made before they were kept.
ALTER TABLE cohort_plans ADD COLUMN rule_version TEXT NULL;
ALTER TABLE cohort_plans ADD COLUMN inputs_hash TEXT NULL;
-- From which site of a hybrid session a participant joins.
CREATE TABLE site_choices (
    session_id UUID NOT NULL REFERENCES sessions (id),
    person_id UUID NOT NULL,
    round_id UUID NOT NULL,
    -- The venue at which the site is.
    site_id UUID NOT NULL,
    chosen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX ix_site_choices__round_id ON site_choices (round_id);
CREATE INDEX ix_site_choices__person_id ON site_choices (person_id);
