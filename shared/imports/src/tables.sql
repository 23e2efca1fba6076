CREATE TABLE imports (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    -- Within what the keys are unique: the organisation, or the round.
    owner_id UUID NOT NULL,
    format TEXT NOT NULL,
    encoding TEXT NOT NULL,
    separator TEXT NULL,
    ignored_columns JSONB NOT NULL,
    -- Who handed the file in, with the roles of that moment.
    caller JSONB NOT NULL,
    rows_count INTEGER NOT NULL,
    created_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    unchanged_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    -- Rows that wait for others are looked at again in the next pass.
    pass INTEGER NOT NULL,
    decided_before INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_imports__organisation_id ON imports (organisation_id, id);
CREATE UNIQUE INDEX uq_imports__owner_id ON imports (owner_id, kind) WHERE state IN ('waiting', 'running');
CREATE INDEX ix_imports__open ON imports (id) WHERE state IN ('waiting', 'running');
CREATE INDEX ix_imports__state ON imports (state, created_at);
CREATE INDEX ix_imports__ended_at ON imports (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE import_rows (
    id UUID NOT NULL PRIMARY KEY,
    import_id UUID NOT NULL REFERENCES imports (id),
    line INTEGER NOT NULL,
    external_key TEXT NULL,
    content JSONB NULL,
    -- What no two rows may both say, as of an address.
    claimed TEXT NULL,
    pass INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    thing_id UUID NULL,
    problems JSONB NULL
);
CREATE INDEX ix_import_rows__import_id ON import_rows (import_id, id);
CREATE INDEX ix_import_rows__waiting ON import_rows (import_id, pass, id) WHERE outcome = 'waiting';
CREATE INDEX ix_import_rows__outcome ON import_rows (import_id, outcome, id);
CREATE INDEX ix_import_rows__content ON import_rows (id) WHERE content IS NOT NULL;
CREATE INDEX ix_import_rows__external_key ON import_rows (import_id, external_key, id);
CREATE INDEX ix_import_rows__claimed ON import_rows (import_id, claimed) WHERE claimed IS NOT NULL;
CREATE INDEX ix_import_rows__thing_id ON import_rows (thing_id) WHERE thing_id IS NOT NULL;
CREATE TABLE import_keys (
    owner_id UUID NOT NULL,
    kind TEXT NOT NULL,
    external_key TEXT NOT NULL,
    thing_id UUID NOT NULL,
    PRIMARY KEY (owner_id, kind, external_key)
);
CREATE UNIQUE INDEX uq_import_keys__thing_id ON import_keys (owner_id, kind, thing_id);
CREATE INDEX ix_import_keys__thing_id ON import_keys (thing_id);
