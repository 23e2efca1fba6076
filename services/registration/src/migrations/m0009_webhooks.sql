CREATE TABLE webhooks (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    event_types JSONB NOT NULL,
    contact_email TEXT NOT NULL,
    state TEXT NOT NULL,
    disabled_reason TEXT NULL,
    starts_after BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_webhooks__organisation_id ON webhooks (organisation_id, id);
CREATE TABLE webhook_secrets (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    ends_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_webhook_secrets__webhook_id ON webhook_secrets (webhook_id);
CREATE TABLE webhook_deliveries (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    event_id UUID NOT NULL,
    event_type TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    outcome TEXT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    attempted_at TIMESTAMPTZ NULL
);
CREATE INDEX ix_webhook_deliveries__pending ON webhook_deliveries (next_attempt_at, webhook_id) WHERE state = 'pending';
CREATE INDEX ix_webhook_deliveries__webhook_id ON webhook_deliveries (webhook_id, id);
CREATE INDEX ix_webhook_deliveries__created_at ON webhook_deliveries (created_at) WHERE state <> 'pending';
CREATE TABLE webhook_cursors (
    name TEXT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL
);
INSERT INTO webhook_cursors (name, place) SELECT 'deliveries', COALESCE(MAX(outbox.position), 0) FROM outbox;
