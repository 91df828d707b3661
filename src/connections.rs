//! Whose Zoho account a call may use: the table `zoho_connections`, its secrets at rest, and who may refresh
//! a token.

#![deny(clippy::missing_errors_doc)]

mod changing;
mod connection;
mod disguise;
mod error;
mod import;
mod key;
mod key_file;
mod key_settings;
mod keys;
mod keys_in_use;
mod mark;
mod naming;
mod os_keyring;
mod refresh_lock;
mod rekey;
mod saving;
mod seal;
mod sealed;
mod secrets;
mod standing;
mod store;
mod surroundings;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

pub use connection::{
    Account, Caller, Connection, DeskOrganization, NewConnection, NewTokens, OrgSource, Product,
    RefreshFailure, Status,
};
pub use error::ConnectionError;
pub use import::{ImportClient, Imported};
pub use key_file::make_key_file;
pub(crate) use key_file::readable_by_others;
pub use key_settings::KeySettings;
pub use keys::KeySource;
use keys::Keys;
pub use naming::check_name;
pub use os_keyring::{KEYRING_SERVICE, Keyring, KeyringEntries};
use refresh_lock::ProcessLocks;
pub use refresh_lock::{FORCED_REFRESHES, FORCED_WINDOW_SECONDS, Refresh, RefreshLock, with_tokens};
pub use rekey::NewKey;
use saving::with_consent;
use seal::CONNECTIONS;
pub(crate) use seal::{Place, Table, random};
pub use secrets::Secrets;
pub use standing::{LONGEST_COOL_DOWN, Standing};
use store::{NewRow, SealedSecrets, Store, StoredRow};
pub use surroundings::{PrivateFile, Unwritable};

use crate::clock::Clock;
use crate::database::{self, Database, Door};

/// One row for a listing: also shown when its secrets cannot be opened, so that it can be removed.
#[derive(Debug)]
pub struct Entry {
    /// Number of the row.
    pub id: i64,
    /// Its user.
    pub user_id: String,
    /// Its name.
    pub name: String,
    /// Marked by `connections use`.
    pub is_default: bool,
    /// Of a server that this process reaches: calls that name no connection take no other.
    pub is_near: bool,
    /// The row, or why it cannot be opened.
    pub connection: Result<Connection, ConnectionError>,
}

/// The numbers of the rows that calls use when they name none: the one of the name given, else of each user, among those
/// of a server that is reached, the one marked by `connections use`, else the newest. The entries are those of
/// [`Connections::list`].
pub fn in_use(entries: &[Entry], named: Option<&str>) -> Vec<i64> {
    let mut used: Vec<&Entry> = Vec::new();
    for entry in entries {
        match used.iter_mut().find(|one| one.user_id == entry.user_id) {
            _ if named.is_some_and(|name| name != entry.name) => {}
            None => used.push(entry),
            Some(one) if (entry.is_near, entry.is_default) > (one.is_near, one.is_default) => *one = entry,
            Some(_) => {}
        }
    }
    used.iter().map(|entry| entry.id).collect()
}

/// The table of connections. Nothing is opened before the first use, and what could not be opened is tried
/// again next time.
pub struct Connections {
    door: Door,
    key: KeySettings,
    clock: Clock,
    /// The sandbox that is reached, and nothing else with it.
    sandbox: Option<String>,
    current: RwLock<Option<Arc<Opened>>>,
    locks: ProcessLocks,
}

pub(crate) struct Opened {
    store: Store,
    keys: RwLock<Option<Arc<Keys>>>,
    keyring_keys: RwLock<Option<Arc<Keys>>>,
}

impl Connections {
    /// Takes where connections are kept and what seals them; touches neither the disk nor the network.
    pub fn new(database: Database, key: KeySettings, clock: Clock) -> Self {
        Self {
            door: Door::new(database),
            key,
            clock,
            sandbox: None,
            current: RwLock::new(None),
            locks: ProcessLocks::default(),
        }
    }

    /// The same, of a process that reaches this sandbox and nothing else: its rows are meant before all others.
    #[must_use]
    pub fn beside_sandbox(mut self, address: Option<String>) -> Self {
        self.sandbox = address;
        self
    }

    /// What the servers look like whose rows are meant: a pattern of SQL.
    fn near(&self) -> &str {
        self.sandbox.as_deref().unwrap_or("https://%")
    }

    fn is_near(&self, accounts_url: &str) -> bool {
        match &self.sandbox {
            Some(address) => accounts_url.trim_end_matches('/') == address,
            None => accounts_url.starts_with("https://"),
        }
    }

    /// The clock that `created_at`, cool-downs and expiry are read from.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The connection a call means, read from the table now; fails when there is none, when it is not clear whose is
    /// meant, or when Zoho has refused it for good. Without a name it is the one marked by `connections use`, else the
    /// newest.
    ///
    /// # Errors
    /// `NoConnection`, `ChooseUser`, `Unusable`, or the row cannot be read or unsealed.
    pub async fn resolve(&self, who: &Caller, name: Option<&str>) -> Result<Connection, ConnectionError> {
        let connection = self.find(who, name).await?;
        if connection.status == Status::Unusable {
            let reason = connection
                .status_reason
                .unwrap_or_else(|| "refused by Zoho".to_owned());
            return Err(ConnectionError::Unusable {
                name: connection.name,
                reason,
            });
        }
        Ok(connection)
    }

    /// Like `resolve`, and also finds a connection that can no longer be used: for showing and mending it.
    ///
    /// # Errors
    /// `NoConnection`, `ChooseUser`, or the row cannot be read or unsealed.
    pub async fn find(&self, who: &Caller, name: Option<&str>) -> Result<Connection, ConnectionError> {
        let opened = self.opened().await?;
        let row = match (who, name) {
            (Caller::User(user), None) => opened.store.of_user(user, self.near()).await?,
            (Caller::User(user), Some(name)) => return self.find_named(&opened, user, name).await,
            (Caller::Only, None) => opened.store.of_only_user(self.near()).await?,
            (Caller::Only, Some(name)) => {
                let user = self.only_user().await?;
                return self.find_named(&opened, &user, name).await;
            }
        };
        match row {
            Some(row) => self.unseal(&opened, row).await,
            None if *who == Caller::Only => {
                self.only_user().await?;
                Err(ConnectionError::NoConnection)
            }
            None => Err(ConnectionError::NoConnection),
        }
    }

    /// The only user of the database. Where there are several they are named to the owner of a file, and nobody in a
    /// database that many share.
    ///
    /// # Errors
    /// `NoConnection` where there is none, `ChooseUser` where there are several.
    pub async fn only_user(&self) -> Result<String, ConnectionError> {
        let is_own = self.door.is_own();
        let most = if is_own { i64::MAX } else { 2 };
        let users = self.opened().await?.store.users(most).await?;
        match <[String; 1]>::try_from(users) {
            Ok([user]) => Ok(user),
            Err(nobody) if nobody.is_empty() => Err(ConnectionError::NoConnection),
            Err(users) => Err(ConnectionError::ChooseUser {
                users: if is_own { users } else { Vec::new() },
            }),
        }
    }

    async fn find_named(
        &self,
        opened: &Opened,
        user: &str,
        name: &str,
    ) -> Result<Connection, ConnectionError> {
        if let Some(row) = opened.store.by_name(user, name).await? {
            return self.unseal(opened, row).await;
        }
        let names = opened.store.names(user).await?;
        if names.is_empty() {
            return Err(ConnectionError::NoConnection);
        }
        Err(ConnectionError::UnknownConnection {
            name: name.to_owned(),
            names,
        })
    }

    /// The row of that number, read now.
    ///
    /// # Errors
    /// There is no such row, or it cannot be read or unsealed.
    pub async fn get(&self, id: i64) -> Result<Connection, ConnectionError> {
        let opened = self.opened().await?;
        self.read(&opened, id).await
    }

    /// Every row of the caller, the newest first.
    ///
    /// # Errors
    /// The database cannot be read, or `ChooseUser`.
    pub async fn list(&self, who: &Caller) -> Result<Vec<Entry>, ConnectionError> {
        match who {
            Caller::User(user) => self.list_of(Some(user)).await,
            Caller::Only => match self.only_user().await {
                Ok(user) => self.list_of(Some(&user)).await,
                Err(ConnectionError::NoConnection) => Ok(Vec::new()),
                Err(error) => Err(error),
            },
        }
    }

    /// Every row there is, each user's newest first: for the owner of the database.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_all(&self) -> Result<Vec<Entry>, ConnectionError> {
        self.list_of(None).await
    }

    async fn list_of(&self, user: Option<&str>) -> Result<Vec<Entry>, ConnectionError> {
        let opened = self.opened().await?;
        let rows = opened.store.all(user).await?;
        let mut keys = HashMap::new();
        let mut entries = Vec::new();
        for row in rows {
            if !keys.contains_key(&row.key_id) {
                keys.insert(row.key_id.clone(), self.keys_for(&opened, &row.key_id).await);
            }
            let keys = keys.get(&row.key_id).cloned();
            tracing::trace!(target: "zoho_mcp::connections::row", connection = row.id, "read and opened");
            entries.push(Entry {
                id: row.id,
                user_id: row.user_id.clone(),
                name: row.name.clone(),
                is_default: row.is_default,
                is_near: self.is_near(&row.accounts_url),
                connection: keys
                    .unwrap_or_else(|| Err(keys::unknown_key(&row.key_id, None, None)))
                    .and_then(|keys| row.open(&keys)),
            });
        }
        Ok(entries)
    }

    async fn save_row(&self, row: &NewRow<'_>) -> Result<Connection, ConnectionError> {
        let opened = self.opened().await?;
        let (keys, _lock) = self.keys_to_seal(&opened).await?;
        let key_id = keys.sealing()?.id();
        let new = row.new;
        let id = opened.store.upsert(row, |id| {
            let seal = |secret, column| {
                keys.seal(
                    &Place {
                        table: &CONNECTIONS,
                        row: &id,
                        user_id: &new.user_id,
                        column,
                    },
                    key_id,
                    secret,
                )
            };
            Ok(SealedSecrets {
                key_id: key_id.to_owned(),
                client_secret: seal(&new.account.client_secret, "client_secret")?,
                access_token: new
                    .access_token
                    .as_ref()
                    .map(|token| seal(token, "access_token"))
                    .transpose()?,
                refresh_token: new
                    .refresh_token
                    .as_ref()
                    .map(|token| seal(token, "refresh_token"))
                    .transpose()?,
            })
        });
        let id = id.await?;
        self.read(&opened, id).await
    }

    async fn read(&self, opened: &Opened, id: i64) -> Result<Connection, ConnectionError> {
        let row = opened
            .store
            .by_id(id)
            .await?
            .ok_or(ConnectionError::NoConnection)?;
        self.unseal(opened, row).await
    }

    async fn unseal(&self, opened: &Opened, row: StoredRow) -> Result<Connection, ConnectionError> {
        tracing::trace!(target: "zoho_mcp::connections::row", connection = row.id, "read and opened");
        let row = match row.consent.is_empty() {
            true => Box::pin(with_consent(opened, row)).await?,
            false => row,
        };
        let keys = self.keys_for(opened, &row.key_id).await?;
        row.open(&keys)
    }

    /// The table in the open database, with the keys that were read for it: those of a file that was replaced
    /// open nothing in its successor.
    async fn opened(&self) -> Result<Arc<Opened>, ConnectionError> {
        let database = self.database().await?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = current.as_ref().filter(|opened| opened.store.is_in(&database)) {
            return Ok(Arc::clone(opened));
        }
        let opened = Arc::new(Opened {
            store: Store::new(database),
            keys: RwLock::new(None),
            keyring_keys: RwLock::new(None),
        });
        *current = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// The database the rows lie in.
    pub(crate) async fn database(&self) -> Result<Arc<database::Opened>, ConnectionError> {
        Ok(self.door.open().await?)
    }

    fn sqlite_file(&self) -> Option<&PathBuf> {
        self.door.file()
    }
}
