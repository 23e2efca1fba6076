-- Sessions of released plans, as scheduling tells of them.
CREATE TABLE known_sessions (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL,
    -- A practice period that is not cancelled.
    is_open BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
