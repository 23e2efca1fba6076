-- Whose turn it is to count the mails to an address. Addresses share the rows and none stands here.
CREATE TABLE mail_turns (
    turn INTEGER NOT NULL PRIMARY KEY
);
INSERT INTO mail_turns (turn)
WITH RECURSIVE numbers (number) AS (
    SELECT 0
    UNION ALL
    SELECT number + 1 FROM numbers WHERE number < 1023
)
SELECT number FROM numbers;
