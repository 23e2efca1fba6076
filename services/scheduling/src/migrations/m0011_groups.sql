CREATE TABLE group_sets (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    -- The session that the groups are for; absent for the round as a whole.
    session_id UUID NULL,
    name JSONB NOT NULL,
    state TEXT NOT NULL,
    groups_count INTEGER NOT NULL CHECK (groups_count >= 1),
    rule_version TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    seed INTEGER NOT NULL,
    weights JSONB NOT NULL,
    apart JSONB NOT NULL,
    -- Whether it is proven that the groups, as they stand, are the best.
    is_optimal BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_group_sets__round_id ON group_sets (round_id, id);
-- One set at most holds for a session, and one for the round as a whole.
CREATE UNIQUE INDEX uq_group_sets__session ON group_sets (session_id) WHERE state = 'published' AND session_id IS NOT NULL;
CREATE UNIQUE INDEX uq_group_sets__round ON group_sets (round_id) WHERE state = 'published' AND session_id IS NULL;
CREATE TABLE set_groups (
    id UUID NOT NULL PRIMARY KEY,
    group_set_id UUID NOT NULL REFERENCES group_sets (id),
    number INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_set_groups__number ON set_groups (group_set_id, number);
CREATE TABLE group_members (
    group_set_id UUID NOT NULL REFERENCES group_sets (id),
    person_id UUID NOT NULL,
    group_number INTEGER NOT NULL,
    is_locked BOOLEAN NOT NULL,
    PRIMARY KEY (group_set_id, person_id)
);
CREATE INDEX ix_group_members__person_id ON group_members (person_id);
