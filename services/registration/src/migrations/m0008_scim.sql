CREATE TABLE scim_users (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES people (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_name TEXT NOT NULL,
    user_name_key TEXT NULL,
    external_id TEXT NULL,
    manager_ref TEXT NULL,
    attributes JSONB NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ NULL
);
CREATE UNIQUE INDEX uq_scim_users__user_name_key ON scim_users (organisation_id, user_name_key) WHERE user_name_key IS NOT NULL;
CREATE UNIQUE INDEX uq_scim_users__external_id ON scim_users (organisation_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_scim_users__manager_ref ON scim_users (organisation_id, manager_ref) WHERE manager_ref IS NOT NULL;
CREATE TABLE scim_departments (
    department_id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    external_id TEXT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_scim_departments__external_id ON scim_departments (organisation_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_people__department_id ON people (department_id, id) WHERE department_id IS NOT NULL;
CREATE TABLE identity_claims (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    email_key TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    mailed_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NULL
);
CREATE UNIQUE INDEX uq_identity_claims__subject ON identity_claims (issuer, subject);
CREATE INDEX ix_identity_claims__person_id ON identity_claims (person_id, made_at);
CREATE INDEX ix_identities__person_id ON identities (person_id);
