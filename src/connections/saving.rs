//! A consent becomes a row with a name of its own, and never takes the place of one of another server unasked.

use super::error::ConnectionError;
use super::seal::random;
use super::store::{NewRow, StoredRow};
use super::{Connection, Connections, NewConnection, Opened};
use crate::names::hexadecimal;

impl Connections {
    /// The accounts server of the user's row of that name; `None` when there is no such row.
    ///
    /// # Errors
    /// The database cannot be opened, read or written.
    pub async fn accounts_server(
        &self,
        user_id: &str,
        name: &str,
    ) -> Result<Option<String>, ConnectionError> {
        let row = self.opened().await?.store.by_name(user_id, name).await?;
        Ok(row.map(|row| row.accounts_url))
    }

    /// The accounts servers of all rows there are.
    ///
    /// # Errors
    /// The database cannot be opened, read or written.
    pub async fn servers(&self) -> Result<Vec<String>, ConnectionError> {
        self.opened().await?.store.servers().await
    }

    /// Stores a consent: a new row, or the user's row of that name made whole again.
    ///
    /// # Errors
    /// `OtherServer` when that row is of another accounts server: its tokens would be lost for something else; or the
    /// database or the key cannot be used.
    pub async fn save(&self, new: &NewConnection) -> Result<Connection, ConnectionError> {
        self.save_over(new, false).await
    }

    /// Stores a consent, whatever the row of that name was good for: somebody has said so.
    ///
    /// # Errors
    /// The database or the key cannot be used.
    pub async fn replace(&self, new: &NewConnection) -> Result<Connection, ConnectionError> {
        self.save_over(new, true).await
    }

    async fn save_over(
        &self,
        new: &NewConnection,
        of_any_server: bool,
    ) -> Result<Connection, ConnectionError> {
        let now = self.clock.now();
        self.save_row(&NewRow {
            new,
            consent: new_consent()?,
            now,
            created_at: now,
            of_any_server,
        })
        .await
    }
}

/// What tells a consent from every other one, in this database and in any.
pub(super) fn new_consent() -> Result<String, ConnectionError> {
    let mut bytes = [0; 16];
    random(&mut bytes)?;
    Ok(hexadecimal(&bytes))
}

/// The row of a version before with its consent named.
pub(super) async fn with_consent(opened: &Opened, row: StoredRow) -> Result<StoredRow, ConnectionError> {
    opened.store.name_consent(row.id, &new_consent()?).await?;
    let named = opened.store.by_id(row.id).await?;
    named.ok_or(ConnectionError::NoConnection)
}
