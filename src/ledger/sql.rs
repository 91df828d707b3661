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

/// What is read of an act, in the order of a `StoredWrite`.
macro_rules! write_columns {
    () => {
        "SELECT id, user_id, connection_id, organization, tool, digest, seen, state, created_at, expires_at, sent_at, sealed \
         FROM writes "
    };
}

pub(super) const FORGET_ASKED: &str = "DELETE FROM writes WHERE (state IN ('asked', 'approved') OR state = 'refused' AND sent_at IS NULL) AND expires_at <= $1";
pub(super) const FORGET_SEALED: &str =
    "UPDATE writes SET sealed = '' WHERE created_at <= $1 AND sealed <> ''";
pub(super) const ADD_WRITE: &str = "INSERT INTO writes (id, user_id, connection_id, organization, tool, digest, seen, state, \
     guard, created_at, expires_at, sent_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
     ON CONFLICT (guard) DO NOTHING";
pub(super) const SPEND_WRITE: &str = "DELETE FROM writes \
     WHERE id = $1 AND user_id = $2 AND state IN ('asked', 'approved') AND expires_at > $3";
pub(super) const RELEASE_GUARD: &str = "UPDATE writes SET guard = NULL WHERE guard = $1 \
     AND (created_at <= $2 AND state NOT IN ('sent', 'unknown') OR $3 = 1) OR id = $4";
pub(super) const GO_ON_WRITE: &str =
    "UPDATE writes SET sealed = $2, sent_at = $3 WHERE id = $1 AND state = 'sent'";
pub(super) const SAME_WRITE: &str = concat!(
    write_columns!(),
    "WHERE user_id = $1 AND connection_id = $2 AND organization = $3 AND tool = $4 AND digest = $5 AND guard IS NOT NULL \
     ORDER BY created_at DESC"
);
pub(super) const OPEN_WRITES: &str = concat!(
    write_columns!(),
    "WHERE user_id = $1 AND connection_id = $2 AND organization = $3 AND state IN ('sent', 'unknown') ORDER BY created_at DESC"
);
pub(super) const WRITES_SINCE: &str = concat!(
    write_columns!(),
    "WHERE user_id = $1 AND connection_id = $2 AND organization = $3 AND state NOT IN ('asked', 'approved') \
     AND created_at > $4 ORDER BY created_at DESC"
);
pub(super) const WRITE_OF_GUARD: &str = concat!(write_columns!(), "WHERE guard = $1");
pub(super) const WRITE_OF_ID: &str =
    concat!(write_columns!(), "WHERE id = $1 AND ($2 IS NULL OR user_id = $2)");
pub(super) const APPROVED_WRITE: &str = concat!(
    write_columns!(),
    "WHERE user_id = $1 AND connection_id = $2 AND organization = $3 AND tool = $4 AND digest = $5 AND state = 'approved' \
     AND expires_at > $6 ORDER BY created_at DESC"
);
pub(super) const WAITING_WRITES: &str = concat!(
    write_columns!(),
    "WHERE ($1 IS NULL OR user_id = $1) AND state = 'asked' AND expires_at > $2 ORDER BY created_at"
);
pub(super) const CUT_WRITES: &str = concat!(
    write_columns!(),
    "WHERE user_id = $1 AND connection_id = $2 AND organization = $3 AND state = 'sent' AND sent_at <= $4 ORDER BY sent_at"
);
pub(super) const APPROVE_WRITE: &str = "UPDATE writes SET state = 'approved', expires_at = $3 \
     WHERE id = $1 AND ($2 IS NULL OR user_id = $2) AND state = 'asked' AND expires_at > $4";
pub(super) const REFUSE_WRITE: &str = "UPDATE writes SET state = 'refused', expires_at = $3 \
     WHERE id = $1 AND ($2 IS NULL OR user_id = $2) AND state IN ('asked', 'approved')";
pub(super) const DECLINE_SIBLINGS: &str = "DELETE FROM writes WHERE state IN ('asked', 'approved') AND EXISTS \
     (SELECT 1 FROM writes AS refused WHERE refused.id = $1 AND refused.user_id = writes.user_id \
     AND refused.connection_id = writes.connection_id AND refused.organization = writes.organization \
     AND refused.tool = writes.tool AND refused.digest = writes.digest)";
pub(super) const HEAR_REFUSED: &str = "DELETE FROM writes WHERE user_id = $1 AND connection_id = $2 \
     AND organization = $3 AND tool = $4 AND digest = $5 AND state = 'refused' AND sent_at IS NULL AND expires_at > $6";
pub(super) const DECLINE_WRITES: &str = "DELETE FROM writes WHERE user_id = $1 AND connection_id = $2 \
     AND organization = $3 AND tool = $4 AND digest = $5 AND state IN ('asked', 'approved')";
pub(super) const END_WRITE: &str = "UPDATE writes SET state = $2, ended_at = $3, sealed = $4, \
     guard = CASE WHEN $2 = 'refused' THEN NULL ELSE guard END WHERE id = $1";
pub(super) const UNDO_WRITE: &str =
    "UPDATE writes SET state = 'undone', guard = NULL WHERE id = $1 AND state = 'done'";
