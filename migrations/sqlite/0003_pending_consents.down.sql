DROP TABLE pending_consents;
