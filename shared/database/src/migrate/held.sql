CREATE TABLE held_events (
    -- Order of arrival. SQLite leaves it empty: there the rowid is the order.
    sequence BIGSERIAL,
    event_id UUID NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    -- As it came, and what it was signed with: it is judged again at each attempt.
    body TEXT NOT NULL,
    signature TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    held_at BIGINT NOT NULL
);
CREATE INDEX ix_held_events__subject ON held_events (subject, sequence);
CREATE INDEX ix_held_events__due ON held_events (next_attempt_at);
