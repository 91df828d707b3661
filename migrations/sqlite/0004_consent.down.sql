ALTER TABLE zoho_connections DROP COLUMN consent;
