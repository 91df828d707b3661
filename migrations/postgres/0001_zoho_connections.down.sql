DROP TABLE zoho_connections;
