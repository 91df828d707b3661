-- Which lock file the process holds that refreshes the tokens of a row, by its number, and until when that may be believed. A
-- lock file that somebody removed locks out nobody who comes later; this does. PostgreSQL locks the row itself.
ALTER TABLE zoho_connections ADD COLUMN refreshing_by BIGINT;
ALTER TABLE zoho_connections ADD COLUMN refreshing_until BIGINT;
