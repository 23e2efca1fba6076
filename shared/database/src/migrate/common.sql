CREATE TABLE changes (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    thing_id UUID NOT NULL,
    edge TEXT NOT NULL,
    actor TEXT NOT NULL,
    on_behalf_of UUID NULL,
    reason_digest TEXT NULL
);
CREATE INDEX ix_changes__thing_id ON changes (thing_id, id);
CREATE TABLE change_reasons (
    change_id UUID NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL
);
CREATE TABLE outbox (
    -- Order of insertion. SQLite leaves it empty: there the rowid is the order.
    sequence BIGSERIAL,
    id UUID NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    trace TEXT NULL,
    data JSONB NOT NULL,
    fanned_out BOOLEAN NOT NULL
);
CREATE INDEX ix_outbox__fanned_out ON outbox (id) WHERE fanned_out = FALSE;
CREATE TABLE outbox_deliveries (
    -- As above.
    sequence BIGSERIAL,
    event_id UUID NOT NULL,
    subscriber TEXT NOT NULL,
    subject TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error TEXT NULL,
    PRIMARY KEY (event_id, subscriber)
);
CREATE INDEX ix_outbox_deliveries__due ON outbox_deliveries (subscriber, next_attempt_at, event_id);
CREATE INDEX ix_outbox_deliveries__subject ON outbox_deliveries (subscriber, subject, sequence);
CREATE TABLE inbox (
    event_id UUID NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
);
CREATE TABLE idempotency (
    subject TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT NULL,
    version INTEGER NULL,
    body JSONB NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (subject, operation, key)
);
CREATE INDEX ix_idempotency__expires_at ON idempotency (expires_at);
