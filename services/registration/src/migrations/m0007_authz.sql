ALTER TABLE organisations ADD COLUMN keeper_id UUID NULL;
UPDATE organisations SET keeper_id = (
    SELECT partnerships.organiser_id FROM partnerships
    WHERE partnerships.organisation_id = organisations.id ORDER BY partnerships.id LIMIT 1
);
ALTER TABLE partnerships ADD COLUMN organiser_agreed BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE partnerships ADD COLUMN partner_agreed BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX ix_role_assignments__organisation_id ON role_assignments (organisation_id, role);
