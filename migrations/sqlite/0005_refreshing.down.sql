ALTER TABLE zoho_connections DROP COLUMN refreshing_by;
ALTER TABLE zoho_connections DROP COLUMN refreshing_until;
