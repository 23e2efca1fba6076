ALTER TABLE messages ADD COLUMN organiser_id UUID NULL;
ALTER TABLE messages ADD COLUMN outcome TEXT NULL;
CREATE TABLE bounces (
    id UUID NOT NULL PRIMARY KEY,
    email_key TEXT NOT NULL,
    message_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    bounced_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX uq_bounces__email_key ON bounces (email_key);
CREATE TABLE mail_refusals (
    email_key TEXT NOT NULL,
    sort TEXT NOT NULL,
    refused_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (email_key, sort)
);
