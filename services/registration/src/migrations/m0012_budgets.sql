CREATE TABLE budgets (
    round_id UUID NOT NULL PRIMARY KEY REFERENCES rounds (id),
    budget JSONB NOT NULL,
    version INTEGER NOT NULL
);
