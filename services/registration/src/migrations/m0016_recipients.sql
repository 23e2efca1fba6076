-- Whom a message is for, where it is for somebody who is known here: an address may be another's
-- tomorrow.
ALTER TABLE messages ADD COLUMN person_id UUID NULL;
UPDATE messages SET person_id = (SELECT id FROM people WHERE email_key = lower(recipient_email))
    WHERE link_kind IS DISTINCT FROM 'evaluation/rater'
    AND (SELECT COUNT(*) FROM people WHERE email_key = lower(recipient_email)) = 1;
CREATE INDEX ix_messages__person_id ON messages (person_id, id);
