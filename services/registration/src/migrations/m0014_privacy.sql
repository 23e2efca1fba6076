CREATE TABLE erasures (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    -- Whose employee it was: whoever keeps that organisation's data may watch.
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    erased_at TIMESTAMPTZ NULL,
    -- Whether it stands in the ledger that survives the restoring of a backup.
    in_ledger BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_erasures__person_id ON erasures (person_id);
CREATE INDEX ix_erasures__organisation_id ON erasures (organisation_id, id);
CREATE INDEX ix_erasures__in_ledger ON erasures (id) WHERE in_ledger = FALSE;
CREATE TABLE erasure_acknowledgements (
    erasure_id UUID NOT NULL REFERENCES erasures (id),
    service TEXT NOT NULL,
    acknowledged_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (erasure_id, service)
);
CREATE INDEX ix_organisations__keeper_id ON organisations (keeper_id, id);
CREATE INDEX ix_messages__forgotten ON messages (id) WHERE state = 'forgotten';
CREATE TABLE retention_rules (
    kind TEXT NOT NULL PRIMARY KEY,
    days INTEGER NOT NULL CHECK (days > 0),
    version INTEGER NOT NULL
);
