-- How often themes came up, as it was shown once: counted again after a change it would tell of who
-- came or went in between.
CREATE TABLE theme_counts (
    theme_id UUID NOT NULL PRIMARY KEY REFERENCES themes (id),
    round_id UUID NOT NULL,
    shown JSONB NOT NULL
);
CREATE INDEX ix_theme_counts__round_id ON theme_counts (round_id);
