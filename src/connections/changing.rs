//! What is changed of a row that is there: its name, its mark, its organizations; and its end.

use super::error::ConnectionError;
use super::{Connection, Connections, DeskOrganization};

impl Connections {
    /// Makes a connection the one its user's calls mean when they name none.
    ///
    /// # Errors
    /// The database cannot be opened, read or written.
    pub async fn set_default(&self, user_id: &str, id: i64) -> Result<(), ConnectionError> {
        self.opened()
            .await?
            .store
            .mark_default(user_id, id, self.clock.now())
            .await
    }

    /// Gives a connection another name.
    ///
    /// # Errors
    /// `NameTaken` when its user has one of that name, or the database cannot be written.
    pub async fn rename(&self, user_id: &str, id: i64, name: &str) -> Result<(), ConnectionError> {
        let opened = self.opened().await?;
        if opened
            .store
            .by_name(user_id, name)
            .await?
            .is_some_and(|row| row.id != id)
        {
            return Err(ConnectionError::NameTaken {
                name: name.to_owned(),
            });
        }
        opened.store.rename(user_id, id, name, self.clock.now()).await
    }

    /// Deletes a row; false when this user has none of that number. Revoking its token at Zoho comes first,
    /// elsewhere.
    ///
    /// # Errors
    /// The database cannot be opened, read or written.
    pub async fn remove(&self, user_id: &str, id: i64) -> Result<bool, ConnectionError> {
        self.opened().await?.store.remove(user_id, id).await
    }

    /// Writes the Desk organization that somebody chose and answers the row as it is then.
    ///
    /// # Errors
    /// The row is gone, or cannot be written.
    pub async fn set_desk_org(&self, id: i64, org: &DeskOrganization) -> Result<Connection, ConnectionError> {
        let opened = self.opened().await?;
        opened.store.set_desk_org(id, org, self.clock.now()).await?;
        self.read(&opened, id).await
    }

    /// Writes the Desk organization that was found for a row as it was before, and answers the row as it is then: on
    /// another one where another process has written a consent or an organization meanwhile, which stays.
    ///
    /// # Errors
    /// The row is gone, or cannot be written.
    pub async fn store_found_desk_org(
        &self,
        before: &Connection,
        org: &DeskOrganization,
    ) -> Result<Connection, ConnectionError> {
        let opened = self.opened().await?;
        opened
            .store
            .store_found_desk_org(before, org, self.clock.now())
            .await?;
        self.read(&opened, before.id).await
    }

    /// Writes the CRM organization number that was found for a row as it was before, unless it holds one or another
    /// consent by now; an empty one remembers that Zoho refused to tell it.
    ///
    /// # Errors
    /// The database cannot be opened, read or written.
    pub async fn set_crm_org(
        &self,
        before: &Connection,
        org: &str,
        name: Option<&str>,
    ) -> Result<(), ConnectionError> {
        self.opened()
            .await?
            .store
            .set_crm_org(before, org, name, self.clock.now())
            .await
    }
}
