-- Which consent a row holds: raised by every consent that takes its place, not by a new token or another key. What was read
-- under one consent does not answer for the next.
ALTER TABLE zoho_connections ADD COLUMN consent_number INTEGER NOT NULL DEFAULT 0;
