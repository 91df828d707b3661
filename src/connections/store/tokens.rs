//! Writing the tokens of a refresh, or why there are none.

use super::Store;
use super::sql::{CLAIM_REFRESH, END_CLAIM, SET_FAILURE, SET_TOKENS};
use crate::connections::error::ConnectionError;
use crate::database::{Statement, Tx};

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
    /// Writes down that the holder of the lock file of this number refreshes; false while the holder of another one does, as
    /// far as that may still be believed.
    pub(crate) async fn claim_refresh(
        &self,
        id: i64,
        file: i64,
        now: i64,
        until: i64,
    ) -> Result<bool, ConnectionError> {
        let claim = Statement::new(CLAIM_REFRESH)
            .bind(id)
            .bind(file)
            .bind(now)
            .bind(until);
        Ok(self.database.execute(claim).await? > 0)
    }

    /// Takes back what the holder of that lock file wrote down: it does not refresh.
    pub(crate) async fn end_claim(&self, id: i64, file: i64) -> Result<(), ConnectionError> {
        let ended = Statement::new(END_CLAIM).bind(id).bind(file);
        self.database.execute(ended).await.map(drop)?;
        Ok(())
    }

    /// Compares and swaps; false when another token is in the row by now. Ends the lock of the row in
    /// PostgreSQL.
    pub(crate) async fn write_tokens(
        &self,
        lock: Option<Tx>,
        write: &TokenWrite,
    ) -> Result<bool, ConnectionError> {
        let statement = match &write.outcome {
            Outcome::Tokens {
                access_token,
                refresh_token,
                expires_at,
                scopes,
                api_domain,
            } => Statement::new(SET_TOKENS)
                .bind(write.id)
                .bind(write.expected.as_deref())
                .bind(access_token)
                .bind(refresh_token.as_deref())
                .bind(*expires_at)
                .bind(scopes.as_deref())
                .bind(api_domain.as_deref())
                .bind(&write.forced_refreshes)
                .bind(write.now),
            Outcome::Failure {
                status,
                reason,
                not_before,
            } => Statement::new(SET_FAILURE)
                .bind(write.id)
                .bind(write.expected.as_deref())
                .bind(*status)
                .bind(reason)
                .bind(*not_before)
                .bind(&write.forced_refreshes)
                .bind(write.now),
        };
        let written = match lock {
            Some(mut tx) => {
                let written = tx.execute(statement).await?;
                tx.commit().await?;
                written
            }
            None => self.database.execute(statement).await?,
        };
        Ok(written > 0)
    }
}
