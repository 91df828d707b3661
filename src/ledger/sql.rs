//! The statements of the ledger.

pub(super) const ADD_REPAIRS: &str = "INSERT INTO repair_counts (tool, rule, day, count) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (tool, rule, day) DO UPDATE SET count = repair_counts.count + excluded.count";
pub(super) const SUM_REPAIRS: &str = "SELECT tool, rule, CAST(SUM(count) AS BIGINT), MAX(day) FROM repair_counts \
     GROUP BY tool, rule ORDER BY 3 DESC, tool, rule";

pub(super) const FORGET_EXPIRED: &str = "DELETE FROM pending_consents WHERE expires_at <= $1";
pub(super) const ADD_CONSENT: &str = "INSERT INTO pending_consents (id, state_hash, user_id, secrets, expires_at) \
     VALUES ($1, $2, $3, $4, $5)";
pub(super) const OPEN_CONSENT: &str = "SELECT state_hash, user_id, secrets FROM pending_consents \
     WHERE id = $1 AND ($2 IS NULL OR user_id = $2) AND taken_at IS NULL AND expires_at > $3";
pub(super) const CONSENT_OF_STATE: &str = "SELECT id, user_id, secrets FROM pending_consents \
     WHERE state_hash = $1 AND taken_at IS NULL AND expires_at > $2";
pub(super) const TAKE_CONSENT: &str = "UPDATE pending_consents SET taken_at = $2, secrets = '' WHERE id = $1";
pub(super) const SETTLE_CONSENT: &str = "UPDATE pending_consents SET taken_at = COALESCE(taken_at, $2), settled_at = $2, \
     failure = $3, secrets = '' WHERE id = $1 AND settled_at IS NULL";
pub(super) const STATE_OF_CONSENT: &str = "SELECT settled_at, failure, expires_at FROM pending_consents \
     WHERE id = $1 AND ($2 IS NULL OR user_id = $2)";
pub(super) const WITHDRAW_CONSENT: &str = "DELETE FROM pending_consents \
     WHERE id = $1 AND ($2 IS NULL OR user_id = $2) AND taken_at IS NULL";
