-- Which consent a row holds: a random text, another one with every consent, the same with a new token or another key. What was
-- read under one consent does not answer for the next, in this database or in any. Empty in a row that a version before has
-- written, until it is read.
ALTER TABLE zoho_connections ADD COLUMN consent TEXT NOT NULL DEFAULT '';
