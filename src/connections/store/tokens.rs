use super::{Pool, RowLock, Store};
use crate::connections::error::ConnectionError;

const SET_TOKENS: &str = "UPDATE zoho_connections SET access_token = $3, refresh_token = COALESCE($4, refresh_token), \
     token_expires_at = $5, scopes = COALESCE($6, scopes), api_domain = COALESCE($7, api_domain), \
     forced_refreshes = $8, status = 'active', status_reason = NULL, refresh_not_before = NULL, \
     updated_at = $9 WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2";
const SET_FAILURE: &str = "UPDATE zoho_connections SET status = $3, status_reason = $4, refresh_not_before = $5, \
     forced_refreshes = $6, updated_at = $7 WHERE id = $1 AND access_token IS NOT DISTINCT FROM $2";

/// One write to the token columns, which happens only while the row still holds `expected` as its sealed
/// access token.
pub(crate) struct TokenWrite {
    pub(crate) id: i64,
    pub(crate) expected: Option<String>,
    pub(crate) forced_refreshes: String,
    pub(crate) now: i64,
    pub(crate) outcome: Outcome,
}

/// What a refresh brought.
pub(crate) enum Outcome {
    /// Sealed tokens and what came with them.
    Tokens {
        access_token: String,
        refresh_token: Option<String>,
        expires_at: i64,
        scopes: Option<String>,
        api_domain: Option<String>,
    },
    /// No token: the new status, why, and when to ask again (epoch seconds).
    Failure {
        status: &'static str,
        reason: String,
        not_before: Option<i64>,
    },
}

impl Store {
    /// Compares and swaps; false when another token is in the row by now. Ends the lock of the row in
    /// PostgreSQL.
    pub(crate) async fn write_tokens(
        &self,
        lock: RowLock,
        write: &TokenWrite,
    ) -> Result<bool, ConnectionError> {
        macro_rules! execute {
            ($executor:expr) => {
                match &write.outcome {
                    Outcome::Tokens {
                        access_token,
                        refresh_token,
                        expires_at,
                        scopes,
                        api_domain,
                    } => {
                        sqlx::query(SET_TOKENS)
                            .bind(write.id)
                            .bind(&write.expected)
                            .bind(access_token)
                            .bind(refresh_token)
                            .bind(expires_at)
                            .bind(scopes)
                            .bind(api_domain)
                            .bind(&write.forced_refreshes)
                            .bind(write.now)
                            .execute($executor)
                            .await
                    }
                    Outcome::Failure {
                        status,
                        reason,
                        not_before,
                    } => {
                        sqlx::query(SET_FAILURE)
                            .bind(write.id)
                            .bind(&write.expected)
                            .bind(*status)
                            .bind(reason)
                            .bind(not_before)
                            .bind(&write.forced_refreshes)
                            .bind(write.now)
                            .execute($executor)
                            .await
                    }
                }
                .map(|done| done.rows_affected() > 0)
            };
        }
        let written = match (&self.pool, lock) {
            (Pool::Sqlite(pool), _) => execute!(pool),
            (Pool::Postgres(_), RowLock::Postgres(mut tx)) => match execute!(&mut *tx) {
                Ok(written) => tx.commit().await.map(|()| written),
                Err(error) => Err(error),
            },
            (Pool::Postgres(pool), RowLock::Sqlite) => execute!(pool),
        };
        written.map_err(|error| self.explain(&error))
    }
}
