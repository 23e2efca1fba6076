CREATE TABLE known_organisations (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    official_code TEXT,
    parent_id UUID,
    municipality_id UUID,
    time_zone TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE known_departments (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE known_offices (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL,
    kind TEXT NOT NULL,
    holder_id UUID,
    acting_holders JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX known_offices_organisation ON known_offices (organisation_id);
CREATE INDEX known_offices_holder ON known_offices (holder_id);
CREATE TABLE known_people (
    id UUID PRIMARY KEY,
    organisation_id UUID NOT NULL,
    municipality_id UUID,
    department_id UUID,
    manager_id UUID,
    kind TEXT NOT NULL,
    gender TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    erased BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX known_people_organisation ON known_people (organisation_id);
CREATE INDEX known_people_manager ON known_people (manager_id);
CREATE TABLE known_programmes (
    id UUID PRIMARY KEY,
    organiser_id UUID NOT NULL,
    state TEXT NOT NULL,
    name JSONB NOT NULL,
    credits_tenths INTEGER,
    version INTEGER NOT NULL
);
CREATE TABLE known_rounds (
    id UUID PRIMARY KEY,
    programme_id UUID NOT NULL,
    organiser_id UUID NOT NULL,
    state TEXT NOT NULL,
    name JSONB NOT NULL,
    seats INTEGER NOT NULL,
    starts_on DATE,
    ends_on DATE,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX known_rounds_programme ON known_rounds (programme_id);
CREATE INDEX known_rounds_organiser ON known_rounds (organiser_id);
CREATE TABLE known_participations (
    id UUID PRIMARY KEY,
    round_id UUID NOT NULL,
    person_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    municipality_id UUID,
    organiser_id UUID NOT NULL,
    state TEXT NOT NULL,
    endorsement TEXT NOT NULL,
    seat TEXT NOT NULL,
    replaces UUID,
    version INTEGER NOT NULL
);
CREATE INDEX known_participations_round ON known_participations (round_id, seat);
CREATE INDEX known_participations_person ON known_participations (person_id);
CREATE TABLE known_endorsements (
    id UUID PRIMARY KEY,
    office_id UUID NOT NULL,
    endorsed_by_ids JSONB NOT NULL,
    version INTEGER NOT NULL
);
