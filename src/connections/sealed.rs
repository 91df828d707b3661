//! Sealing for the rooms that keep secrets beside the connections, with the key of the connections.

use secrecy::SecretString;

use super::Connections;
use super::error::ConnectionError;
use super::seal::{self, Place};

impl Connections {
    /// Seals a secret for one place of another table in the same database.
    pub(crate) async fn seal(
        &self,
        place: &Place<'_>,
        secret: &SecretString,
    ) -> Result<String, ConnectionError> {
        let opened = self.opened().await?;
        let (keys, _lock) = self.keys_to_seal(&opened).await?;
        keys.seal(place, keys.sealing()?.id(), secret)
    }

    /// Opens what `seal` made for the same place.
    pub(crate) async fn open_sealed(
        &self,
        place: &Place<'_>,
        sealed: &str,
    ) -> Result<SecretString, ConnectionError> {
        let key = seal::key_id(sealed)
            .ok_or_else(|| ConnectionError::seal(format!("{place} is not sealed"), "start again"))?;
        let opened = self.opened().await?;
        self.keys_for(&opened, key).await?.open(place, sealed)
    }
}
