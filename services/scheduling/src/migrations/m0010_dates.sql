CREATE TABLE cohort_plans (
    id UUID NOT NULL PRIMARY KEY,
    organiser_id UUID NOT NULL,
    programme_id UUID NOT NULL,
    state TEXT NOT NULL,
    rounds JSONB NOT NULL,
    cost JSONB NOT NULL,
    bound JSONB NOT NULL,
    is_optimal BOOLEAN NOT NULL,
    people_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    -- People with a round who are not published yet.
    open_count INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_cohort_plans__organiser_id ON cohort_plans (organiser_id, id);
CREATE TABLE cohort_assignments (
    id UUID NOT NULL PRIMARY KEY,
    plan_id UUID NOT NULL REFERENCES cohort_plans (id),
    person_id UUID NOT NULL,
    round_id UUID NULL,
    department_id UUID NULL,
    reasons JSONB NOT NULL,
    published BOOLEAN NOT NULL,
    refusal_code TEXT NULL
);
CREATE UNIQUE INDEX uq_cohort_assignments__person_id ON cohort_assignments (plan_id, person_id);
CREATE INDEX ix_cohort_assignments__plan_id ON cohort_assignments (plan_id, id);
CREATE INDEX ix_cohort_assignments__person_id ON cohort_assignments (person_id);
