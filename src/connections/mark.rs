//! Marks that this installation alone can make: a message authentication code whose key is derived from the one that seals.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{hkdf, hmac};

use super::Connections;
use super::error::ConnectionError;

/// What keys for marks are told from all others derived from the same one by.
const SALT: &[u8] = b"marks of zoho_mcp, 1";
/// Bytes of a mark: as many as nobody guesses within the minutes it is good for.
const LENGTH: usize = 16;

impl Connections {
    /// The mark of a text for this purpose.
    pub(crate) async fn mark(&self, purpose: &'static str, text: &str) -> Result<String, ConnectionError> {
        let opened = self.opened().await?;
        let (keys, _lock) = self.keys_to_seal(&opened).await?;
        let underivable =
            |_| ConnectionError::seal("no key can be derived", "this is a fault of the program");
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(keys.sealing()?.bytes());
        let purpose = [purpose.as_bytes()];
        let derived = secret.expand(&purpose, hmac::HMAC_SHA256).map_err(underivable)?;
        let mark = hmac::sign(&hmac::Key::from(derived), text.as_bytes());
        Ok(URL_SAFE_NO_PAD.encode(mark.as_ref().get(..LENGTH).unwrap_or_default()))
    }
}
