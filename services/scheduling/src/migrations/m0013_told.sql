-- What an invited person was last told by mail: a cancellation has to say more than the request
-- that it ends (RFC 5546), and of a day that is gone nothing else knows any more.
ALTER TABLE invitations ADD COLUMN mailed_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitations ADD COLUMN mailed_days JSONB NULL;
UPDATE invitations SET mailed_sequence = told_sequence;
-- The inputs of a plan of rounds as a digest, and the rules that judged them; absent for plans
-- that were made before they were kept.
ALTER TABLE cohort_plans ADD COLUMN rule_version TEXT NULL;
ALTER TABLE cohort_plans ADD COLUMN inputs_hash TEXT NULL;
