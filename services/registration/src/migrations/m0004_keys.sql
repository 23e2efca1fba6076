ALTER TABLE api_keys ADD COLUMN scopes JSONB NULL;
ALTER TABLE api_keys ADD COLUMN created_by TEXT NULL;
ALTER TABLE api_keys ADD COLUMN expires_at TIMESTAMPTZ NULL;
ALTER TABLE api_keys ADD COLUMN rotated_at TIMESTAMPTZ NULL;
ALTER TABLE api_keys ADD COLUMN former_ends_at TIMESTAMPTZ NULL;
ALTER TABLE api_keys ADD COLUMN last_used_at TIMESTAMPTZ NULL;
ALTER TABLE api_keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX ix_api_keys__organisation_id ON api_keys (organisation_id, id);
CREATE TABLE api_key_former_secrets (
    digest TEXT NOT NULL PRIMARY KEY,
    api_key_id UUID NOT NULL REFERENCES api_keys (id),
    ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_api_key_former_secrets__api_key_id ON api_key_former_secrets (api_key_id);
