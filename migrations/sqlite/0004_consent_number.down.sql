ALTER TABLE zoho_connections DROP COLUMN consent_number;
