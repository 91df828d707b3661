//! Who may refresh a token: one call in one process, and what it leaves for the others.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OwnedMutexGuard;

use super::connection::{Connection, NewTokens, RefreshFailure, Status};
use super::error::ConnectionError;
use super::keys::unknown_key;
use super::seal::{CONNECTIONS, Place};
use super::store::{Outcome, TokenWrite};
use super::{Connections, Opened};
use crate::database::{Tx, lock_file};
use crate::regular;

/// Refreshes after a refused token allowed in ten minutes: half of what Zoho grants in all.
pub const FORCED_REFRESHES: usize = 5;

/// The window of `FORCED_REFRESHES`, in seconds.
pub const FORCED_WINDOW_SECONDS: i64 = 600;

/// Between two looks at a row that another process refreshes.
const POLL: Duration = Duration::from_millis(50);

/// How long a process that is never heard of again is believed to be refreshing, in seconds: as long as Zoho may take.
const REFRESH_SECONDS: i64 = 12;

/// How long a busy database may take to note who refreshes.
const CLAIM: Duration = Duration::from_secs(1);

/// One mutex per connection id: the first of the three fences around a refresh.
#[derive(Default)]
pub(super) struct ProcessLocks(Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>);

impl ProcessLocks {
    fn of(&self, id: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(id).or_default())
    }
}

/// What asking for the refresh of a connection brings.
pub enum Refresh {
    /// Somebody else did it, or wrote down why not: here is the row as it is now.
    Settled(Box<Connection>),
    /// The caller is the only one to refresh this connection, in this and in every other process.
    Yours(RefreshLock),
}

/// The right to refresh one connection; ends when it is dropped or used.
pub struct RefreshLock {
    opened: Arc<Opened>,
    connection: Box<Connection>,
    row: Option<Tx>,
    now: i64,
    _file: Option<File>,
    _process: OwnedMutexGuard<()>,
}

impl Connections {
    /// Waits for the right to refresh, in this process and then across processes; the row is read again each
    /// time something was waited for, and the wait ends as soon as `settled` says of it that there is nothing
    /// left to do. Fails with `RefreshBusy` after `wait`.
    ///
    /// # Errors
    /// `RefreshBusy` after `wait`; else the row is gone or cannot be read.
    pub async fn lock_refresh(
        &self,
        id: i64,
        wait: Duration,
        settled: impl Fn(&Connection) -> bool,
    ) -> Result<Refresh, ConnectionError> {
        // What hangs here is a database: it is asked to be on time, and not believed.
        let locked = tokio::time::timeout(wait, self.lock_in_time(id, wait, settled)).await;
        locked.unwrap_or_else(|_| Err(busy(wait)))
    }

    async fn lock_in_time(
        &self,
        id: i64,
        wait: Duration,
        settled: impl Fn(&Connection) -> bool,
    ) -> Result<Refresh, ConnectionError> {
        let started = Instant::now();
        let process = self.locks.of(id).lock_owned().await;
        let opened = self.opened().await?;
        let before = self.read(&opened, id).await?;
        if settled(&before) {
            return Ok(Refresh::Settled(Box::new(before)));
        }
        let file = match self.sqlite_file() {
            None => None,
            Some(database) => {
                let rest = wait.saturating_sub(started.elapsed());
                match lock_file(database, &format!("{id}.lock"), rest).await {
                    Ok(file) => Some(file),
                    Err(error) if error.passes => return Err(busy(wait)),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        loop {
            // Claimed before it is read: what another process wrote before its claim ended is in the row by then.
            let ours = self.is_ours(&opened, id, file.as_ref()).await;
            let (row, stored) = opened
                .store
                .lock_row(id, wait.saturating_sub(started.elapsed()))
                .await?;
            let connection = self
                .unseal(&opened, stored.ok_or(ConnectionError::NoConnection)?)
                .await?;
            if settled(&connection) {
                drop(row);
                if ours {
                    end_claim(&opened, id, file.as_ref()).await;
                }
                return Ok(Refresh::Settled(Box::new(connection)));
            }
            if ours {
                return Ok(Refresh::Yours(RefreshLock {
                    opened,
                    connection: Box::new(connection),
                    row,
                    now: self.clock.now(),
                    _file: file,
                    _process: process,
                }));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether nobody holds a lock file of this name that was removed meanwhile: the row says who refreshes, for as long as that
    /// may take. The same file again is that of a process which has ended. Where the row cannot be written, the file counts.
    async fn is_ours(&self, opened: &Opened, id: i64, file: Option<&File>) -> bool {
        let Some(number) = file.and_then(regular::number_of) else {
            return true;
        };
        let now = self.clock.now();
        let claimed = opened
            .store
            .claim_refresh(id, number, now, now.saturating_add(REFRESH_SECONDS));
        !matches!(tokio::time::timeout(CLAIM, claimed).await, Ok(Ok(false)))
    }
}

/// Lets others refresh at once although this one's lock file may be gone; where that cannot be written, they wait as for
/// one that is never heard of again.
async fn end_claim(opened: &Opened, id: i64, file: Option<&File>) {
    if let Some(number) = file.and_then(regular::number_of) {
        let _ = tokio::time::timeout(CLAIM, opened.store.end_claim(id, number)).await;
    }
}

impl Connections {
    /// Gives the right back unused.
    pub async fn give_back(&self, lock: RefreshLock) {
        drop(lock.row);
        end_claim(&lock.opened, lock.connection.id, lock._file.as_ref()).await;
    }

    /// Writes the tokens of a refresh and lets the next one in. `Ok(None)` when the row holds another access
    /// token by now, or is gone: then that one counts.
    ///
    /// # Errors
    /// The row cannot be written, or the tokens not be sealed.
    pub async fn store_tokens(
        &self,
        lock: RefreshLock,
        tokens: &NewTokens,
    ) -> Result<Option<Connection>, ConnectionError> {
        let RefreshLock {
            opened,
            connection,
            mut row,
            now,
            _file,
            _process,
        } = lock;
        let mut connection = *connection;
        loop {
            let forced = with_forced(&connection.forced_refreshes, tokens.forced, now);
            let write = self.token_write(&opened, &connection, tokens, &forced, now)?;
            let locked = row.is_some();
            let written = match opened.store.write_tokens(row, &write).await {
                // The lock of a row ends when nothing is heard of its holder: what Zoho gave is written all the same.
                Err(_) if locked => opened.store.write_tokens(None, &write).await,
                written => written,
            };
            if written? {
                connection.forced_refreshes = forced;
                return Ok(Some(with_tokens(connection, tokens)));
            }
            let Some(stored) = opened.store.by_id(connection.id).await? else {
                return Ok(None);
            };
            let again = self.unseal(&opened, stored).await?;
            if token_of(&again) != token_of(&connection)
                || again.sealed_access_token == connection.sealed_access_token
            {
                return Ok(None);
            }
            connection = again;
            row = None;
        }
    }

    /// Writes why there is no token, for the next one to read.
    ///
    /// # Errors
    /// The row cannot be written.
    pub async fn store_failure(
        &self,
        lock: RefreshLock,
        failure: &RefreshFailure,
    ) -> Result<(), ConnectionError> {
        let RefreshLock {
            opened,
            connection,
            row,
            now,
            _file,
            _process,
        } = lock;
        let (outcome, forced) = match failure {
            RefreshFailure::Unusable { reason } => (
                Outcome::Failure {
                    status: Status::Unusable.as_str(),
                    reason: reason.clone(),
                    not_before: None,
                },
                false,
            ),
            RefreshFailure::CoolDown {
                reason,
                until,
                forced,
            } => (
                Outcome::Failure {
                    status: Status::Active.as_str(),
                    reason: reason.clone(),
                    not_before: Some(*until),
                },
                *forced,
            ),
        };
        let write = TokenWrite {
            id: connection.id,
            expected: connection.sealed_access_token.clone(),
            forced_refreshes: joined(&with_forced(&connection.forced_refreshes, forced, now)),
            now,
            outcome,
        };
        opened.store.write_tokens(row, &write).await.map(drop)
    }

    fn token_write(
        &self,
        opened: &Opened,
        connection: &Connection,
        tokens: &NewTokens,
        forced: &[i64],
        now: i64,
    ) -> Result<TokenWrite, ConnectionError> {
        let keys = match opened.holding(&connection.key_id) {
            Some(keys) => keys,
            None => self
                .keys(opened)?
                .ok_or_else(|| unknown_key(&connection.key_id, None, None))?,
        };
        let seal = |token: &SecretString, column| {
            let place = Place {
                table: &CONNECTIONS,
                row: &connection.id,
                user_id: &connection.user_id,
                column,
            };
            keys.seal(&place, &connection.key_id, token)
        };
        Ok(TokenWrite {
            id: connection.id,
            expected: connection.sealed_access_token.clone(),
            forced_refreshes: joined(forced),
            now,
            outcome: Outcome::Tokens {
                access_token: seal(&tokens.access_token, "access_token")?,
                refresh_token: tokens
                    .refresh_token
                    .as_ref()
                    .map(|token| seal(token, "refresh_token"))
                    .transpose()?,
                expires_at: tokens.token_expires_at,
                scopes: tokens.scopes.as_ref().map(|scopes| scopes.join(" ")),
                api_domain: tokens.api_domain.clone(),
            },
        })
    }
}

impl RefreshLock {
    /// The row as it was read under the lock.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// The row as it is after a refresh, for the call that made it, whether or not it could be written.
pub fn with_tokens(mut connection: Connection, tokens: &NewTokens) -> Connection {
    connection.access_token = Some(tokens.access_token.clone());
    connection.token_expires_at = Some(tokens.token_expires_at);
    if let Some(token) = &tokens.refresh_token {
        connection.refresh_token = Some(token.clone());
    }
    if let Some(scopes) = &tokens.scopes {
        connection.scopes.clone_from(scopes);
    }
    if let Some(domain) = &tokens.api_domain {
        connection.account.api_domain.clone_from(domain);
    }
    connection.status = Status::Active;
    connection.status_reason = None;
    connection.refresh_not_before = None;
    connection
}

fn token_of(row: &Connection) -> Option<&str> {
    row.access_token.as_ref().map(ExposeSecret::expose_secret)
}

fn busy(wait: Duration) -> ConnectionError {
    ConnectionError::RefreshBusy {
        seconds: wait.as_secs(),
    }
}

fn with_forced(times: &[i64], forced: bool, now: i64) -> Vec<i64> {
    let recent = times
        .iter()
        .copied()
        .filter(|time| *time <= now && now.saturating_sub(*time) < FORCED_WINDOW_SECONDS);
    recent.chain(forced.then_some(now)).collect()
}

fn joined(times: &[i64]) -> String {
    times.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}
