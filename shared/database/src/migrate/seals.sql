CREATE TABLE seals (
    number BIGINT NOT NULL PRIMARY KEY,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX uq_seals__previous ON seals (previous);
CREATE TABLE sealed_changes (
    position BIGINT NOT NULL PRIMARY KEY,
    change_id UUID NOT NULL,
    seal BIGINT NOT NULL REFERENCES seals (number),
    digest TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_sealed_changes__change_id ON sealed_changes (change_id);
CREATE TABLE unsealed_changes (
    change_id UUID NOT NULL PRIMARY KEY
);
INSERT INTO unsealed_changes (change_id) SELECT id FROM changes;
ALTER TABLE outbox ADD COLUMN position BIGINT NULL;
ALTER TABLE outbox ADD COLUMN organiser_id UUID NULL;
ALTER TABLE outbox ADD COLUMN organisation_id UUID NULL;
CREATE UNIQUE INDEX uq_outbox__position ON outbox (position);
CREATE INDEX ix_outbox__unplaced ON outbox (id) WHERE position IS NULL;
CREATE INDEX ix_outbox__organiser_id ON outbox (organiser_id, position);
CREATE INDEX ix_outbox__organisation_id ON outbox (organisation_id, position);
-- PostgreSQL: whoever may only do what the service does changes nothing that was written.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the history is never changed'; END $$;
-- PostgreSQL: the history itself.
CREATE TRIGGER tr_changes__append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
-- PostgreSQL: the chain.
CREATE TRIGGER tr_seals__append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
-- PostgreSQL: what the chain holds.
CREATE TRIGGER tr_sealed_changes__append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
-- SQLite: the same, a trigger for each.
CREATE TRIGGER tr_changes__no_update BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
-- SQLite: the history itself.
CREATE TRIGGER tr_changes__no_delete BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
-- SQLite: the chain.
CREATE TRIGGER tr_seals__no_update BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
-- SQLite: the chain.
CREATE TRIGGER tr_seals__no_delete BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
-- SQLite: what the chain holds.
CREATE TRIGGER tr_sealed_changes__no_update BEFORE UPDATE ON sealed_changes BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
-- SQLite: what the chain holds.
CREATE TRIGGER tr_sealed_changes__no_delete BEFORE DELETE ON sealed_changes BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END;
