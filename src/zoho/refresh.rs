//! A fresh access token, asked for once however many calls and processes want it, and written back.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::Inner;
use super::error::ZohoError;
use super::oauth::{OAuthError, TokenReply};
use crate::connections::{
    Connection, ConnectionError, FORCED_REFRESHES, FORCED_WINDOW_SECONDS, LONGEST_COOL_DOWN, NewTokens,
    Refresh, RefreshFailure, RefreshLock, Status, with_tokens,
};

/// A token with no more than this left is refreshed before it is used, in seconds.
const MARGIN: i64 = 120;

/// Nobody asks an accounts server again for this long, in seconds, that says it is out of order.
const FAILURE_PAUSE: i64 = 30;

/// This process alone does not ask again for this long after it heard no answer, in seconds.
const OWN_PAUSE: i64 = 10;

/// How long the row may take to be read again after others were waited for in vain.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// What a cool-down after throttling is called in the row.
const THROTTLED: &str = "Access Denied";
/// Why no other token is asked for where tokens only just issued are turned down.
pub(super) const AGAIN: &str =
    "tokens of this connection were turned down again and again, no more are asked for now";

/// A connection with tokens that could not be written, and the access token the row held then.
pub(super) struct Held {
    replaced: Option<SecretString>,
    connection: Connection,
}

impl Inner {
    /// The connection with a token to use now. `refused` is the token a server has just turned down: it is
    /// never given back, and a refresh because of it counts against the budget of the row.
    pub(super) async fn fresh(
        self: &Arc<Self>,
        connection: Connection,
        refused: Option<SecretString>,
    ) -> Result<Connection, ZohoError> {
        let now = self.clock.now();
        if self.is_good(&connection, refused.as_ref(), now) {
            return Ok(connection);
        }
        if let Some(held) = self.held(&connection, refused.as_ref(), now) {
            return Ok(held);
        }
        // A call that is cancelled must not lose a token between Zoho's answer and the row.
        let inner = Arc::clone(self);
        let refresh = async move { inner.refresh(connection, refused.as_ref()).await };
        self.see_through("the token refresh", Box::pin(refresh)).await?
    }

    /// Whether the access token of a row lives for more than its margin.
    pub(super) fn is_fresh(&self, row: &Connection) -> bool {
        self.is_good(row, None, self.clock.now())
    }

    fn is_good(&self, row: &Connection, refused: Option<&SecretString>, now: i64) -> bool {
        let margins = self.margins.lock().unwrap_or_else(PoisonError::into_inner);
        let margin = margins.get(&row.id).copied().unwrap_or(MARGIN);
        is_fresh(row, refused, now, margin)
    }

    /// A token that lives shorter than two margins is used for the first half of its life, not renewed with each call.
    fn note_margin(&self, id: i64, life: i64) {
        let mut margins = self.margins.lock().unwrap_or_else(PoisonError::into_inner);
        match life / 2 < MARGIN {
            true => margins.insert(id, life / 2),
            false => margins.remove(&id),
        };
    }

    async fn refresh(
        &self,
        old: Connection,
        refused: Option<&SecretString>,
    ) -> Result<Connection, ZohoError> {
        let now = self.clock.now();
        let settled = |row: &Connection| {
            row.status == Status::Unusable
                || self.is_good(row, refused, now)
                || self.pause(row, now).is_some()
                || self.held(row, refused, now).is_some()
                || row.refresh_token.is_none()
        };
        match self
            .connections
            .lock_refresh(old.id, self.http.limits().refresh_lock, settled)
            .await
        {
            Ok(Refresh::Settled(row)) => self.conclude(*row, refused),
            Ok(Refresh::Yours(lock)) => self.refresh_locked(lock, refused).await,
            Err(ConnectionError::RefreshBusy { .. }) => {
                let row = tokio::time::timeout(LAST_LOOK, self.connections.get(old.id)).await;
                self.conclude(row.unwrap_or(Ok(old))?, refused)
            }
            Err(error) if is_alive(&old, refused, now) => {
                tracing::warn!(connection = old.id, %error, "using an old token: the database does not answer");
                Ok(old)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn refresh_locked(
        &self,
        lock: RefreshLock,
        refused: Option<&SecretString>,
    ) -> Result<Connection, ZohoError> {
        let row = lock.connection().clone();
        let (now, forced) = (self.clock.now(), refused.is_some());
        if forced && let Some(seconds) = budget_wait(&row, now) {
            self.connections.give_back(lock).await;
            return Err(ZohoError::RateLimited {
                seconds,
                reason: AGAIN.to_owned(),
            });
        }
        let Some(refresh_token) = &row.refresh_token else {
            self.connections.give_back(lock).await;
            return self.conclude(row, refused);
        };
        tracing::info!(connection = row.id, forced, "refreshing the access token");
        match self
            .accounts()
            .refresh(
                &row.account.accounts_url,
                &row.account.client_id,
                &row.account.client_secret,
                refresh_token,
            )
            .await
        {
            Ok(reply) => self.keep(lock, row, reply, forced).await,
            Err(error) => self.give_up(lock, row, &error, refused).await,
        }
    }

    /// Writes new tokens back; when that fails they are held in memory and used all the same.
    async fn keep(
        &self,
        lock: RefreshLock,
        row: Connection,
        reply: TokenReply,
        forced: bool,
    ) -> Result<Connection, ZohoError> {
        let api_domain = self.hosts.api_domain_of_reply(reply.api_domain.as_deref())?;
        let tokens = NewTokens {
            api_domain: api_domain.map(str::to_owned),
            access_token: reply.access_token,
            refresh_token: reply.refresh_token,
            token_expires_at: self.clock.now().saturating_add(reply.expires_in),
            scopes: reply.scopes,
            forced,
        };
        match self.connections.store_tokens(lock, &tokens).await {
            Ok(Some(connection)) => {
                self.note_margin(connection.id, reply.expires_in);
                self.held
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove(&row.id);
                Ok(connection)
            }
            Ok(None) => Ok(self.connections.get(row.id).await?),
            Err(error) => {
                tracing::error!(connection = row.id, %error, "a new token could not be stored; it is used from memory");
                let replaced = row.access_token.clone();
                let connection = with_tokens(row, &tokens);
                let held = Held {
                    replaced,
                    connection: connection.clone(),
                };
                self.held
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(connection.id, held);
                Ok(connection)
            }
        }
    }

    /// Writes down why there is no token, so that nobody asks again in vain.
    async fn give_up(
        &self,
        lock: RefreshLock,
        mut row: Connection,
        error: &OAuthError,
        refused: Option<&SecretString>,
    ) -> Result<Connection, ZohoError> {
        let now = self.clock.now();
        let forced = refused.is_some();
        let cool_down = |reason: String, pause: i64| RefreshFailure::CoolDown {
            reason,
            until: now + pause,
            forced,
        };
        let failure = match error {
            OAuthError::Refused { code } => RefreshFailure::Unusable { reason: code.clone() },
            OAuthError::Throttled => cool_down(THROTTLED.to_owned(), LONGEST_COOL_DOWN),
            OAuthError::HostRefused { server } => {
                self.connections.give_back(lock).await;
                return Err(ZohoError::HostRefused {
                    column: "accounts_url",
                    server: server.clone(),
                });
            }
            // A sandbox that is started again answers at once.
            OAuthError::SandboxSilent { url, cause } => {
                self.connections.give_back(lock).await;
                return Err(ZohoError::SandboxSilent {
                    url: url.clone(),
                    cause: cause.clone(),
                });
            }
            OAuthError::Other { code } => cool_down(code.clone(), FAILURE_PAUSE),
            OAuthError::Unavailable { message } => cool_down(message.clone(), FAILURE_PAUSE),
            // What one process did not hear keeps no other from asking.
            OAuthError::Unheard { message } => {
                self.pause_alone(row.id, message, now);
                cool_down(message.clone(), 0)
            }
        };
        tracing::warn!(connection = row.id, %error, "no new access token");
        if forced || !matches!(error, OAuthError::Unheard { .. }) {
            let noted = self.connections.store_failure(lock, &failure).await;
            noted.unwrap_or_else(|error| {
                tracing::error!(connection = row.id, %error, "the failed refresh could not be noted");
            });
        } else {
            self.connections.give_back(lock).await;
        }
        match failure {
            RefreshFailure::Unusable { reason } => {
                row.status = Status::Unusable;
                row.status_reason = Some(reason);
            }
            RefreshFailure::CoolDown { reason, until, .. } => {
                row.status_reason = Some(reason);
                row.refresh_not_before = Some(until);
            }
        }
        self.conclude(row, refused)
    }

    /// What a row that will not be refreshed now is good for.
    fn conclude(&self, row: Connection, refused: Option<&SecretString>) -> Result<Connection, ZohoError> {
        let now = self.clock.now();
        if row.status == Status::Unusable {
            return Err(ZohoError::ReconnectNeeded {
                reason: row.status_reason.unwrap_or_default(),
            });
        }
        if is_alive(&row, refused, now) {
            return Ok(row);
        }
        if let Some(held) = self.held(&row, refused, now) {
            return Ok(held);
        }
        if row.refresh_token.is_none() {
            return Err(ZohoError::ReconnectNeeded {
                reason: "the row has no refresh token".to_owned(),
            });
        }
        let (seconds, reason) = self.pause(&row, now).unzip();
        let reason = reason.unwrap_or_default();
        match seconds {
            Some(seconds) if reason == THROTTLED => Err(ZohoError::RateLimited {
                seconds,
                reason: "too many token requests".to_owned(),
            }),
            Some(_) => Err(ZohoError::Unavailable {
                message: format!("the access token has ended and cannot be renewed now ({reason})"),
                seconds,
            }),
            None => Err(ZohoError::unavailable(
                "the access token is being renewed by another process, which takes too long",
            )),
        }
    }

    /// For how many seconds nobody asks for a token, or this process does not, and why.
    fn pause(&self, row: &Connection, now: i64) -> Option<(u64, String)> {
        let alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        let of_all = row.cool_down(now).map(|left| (left, row.status_reason.clone()));
        let own = alone.get(&row.id).map(|(until, reason)| {
            let left = until.saturating_sub(now);
            (if left <= OWN_PAUSE { left } else { 0 }, Some(reason.clone()))
        });
        let (left, reason) = of_all.or(own)?;
        let left = u64::try_from(left).ok().filter(|left| *left > 0)?;
        Some((left, reason.unwrap_or_default()))
    }

    fn pause_alone(&self, id: i64, reason: &str, now: i64) {
        let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        alone.insert(id, (now + OWN_PAUSE, reason.to_owned()));
    }

    fn held(&self, row: &Connection, refused: Option<&SecretString>, now: i64) -> Option<Connection> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get(&row.id)?;
        let untouched = same(held.replaced.as_ref(), row.access_token.as_ref());
        (untouched && self.is_good(&held.connection, refused, now)).then(|| held.connection.clone())
    }
}

fn is_fresh(row: &Connection, refused: Option<&SecretString>, now: i64, margin: i64) -> bool {
    is_other(row, refused) && row.seconds_left(now).is_some_and(|left| left > margin)
}

fn is_alive(row: &Connection, refused: Option<&SecretString>, now: i64) -> bool {
    let alive = row
        .seconds_left(now)
        .map_or(row.refresh_token.is_none(), |left| left > 0);
    is_other(row, refused) && alive
}

/// Whether the row holds an access token that was not turned down.
fn is_other(row: &Connection, refused: Option<&SecretString>) -> bool {
    row.access_token.is_some() && (refused.is_none() || !same(row.access_token.as_ref(), refused))
}

fn same(one: Option<&SecretString>, other: Option<&SecretString>) -> bool {
    one.map(ExposeSecret::expose_secret) == other.map(ExposeSecret::expose_secret)
}

/// Seconds until the row may be refreshed because of a refused token again; `None` when it may be now.
fn budget_wait(row: &Connection, now: i64) -> Option<u64> {
    let since = now.saturating_sub(FORCED_WINDOW_SECONDS);
    let recent: Vec<i64> = row
        .forced_refreshes
        .iter()
        .copied()
        .filter(|time| *time > since && *time <= now)
        .collect();
    if recent.len() < FORCED_REFRESHES {
        return None;
    }
    let oldest = recent.iter().min().copied().unwrap_or(now);
    u64::try_from(oldest.saturating_add(FORCED_WINDOW_SECONDS).saturating_sub(now)).ok()
}
