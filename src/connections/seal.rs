//! Sealing one secret for one place.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::ConnectionError;
use crate::names::hexadecimal;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 24;

/// One 256-bit key of XChaCha20-Poly1305 and the name it goes by in sealed text.
pub(crate) struct SealKey {
    id: String,
    bytes: Zeroizing<[u8; 32]>,
}

impl SealKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let mut id = hexadecimal(&Sha256::digest(bytes.as_slice()));
        id.truncate(8);
        Self { id, bytes }
    }

    /// First eight hexadecimal digits of the key's SHA-256.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.bytes))
    }

    /// Seals `plain` for one place of the table as `v1.<key id>.<nonce>.<ciphertext>`; twice the same text
    /// never comes out.
    pub(crate) fn seal(&self, place: &Place<'_>, plain: &SecretString) -> Result<String, ConnectionError> {
        let mut nonce = [0u8; NONCE_BYTES];
        random(&mut nonce)?;
        let data = place.associated_data();
        let payload = Payload {
            msg: plain.expose_secret().as_bytes(),
            aad: data.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| {
                ConnectionError::seal(
                    format!("{place} cannot be sealed"),
                    "the value is too long to be a token",
                )
            })?;
        let (nonce, sealed) = (URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(sealed));
        Ok(format!("{VERSION}.{}.{nonce}.{sealed}", self.id))
    }

    /// Opens what `seal` made for the same place; anything swapped, cut, edited or foreign is refused.
    pub(crate) fn open(&self, place: &Place<'_>, sealed: &str) -> Result<SecretString, ConnectionError> {
        let refused = || {
            ConnectionError::seal(
                format!(
                    "{place} cannot be opened: it was sealed for another row, user or column, or was changed"
                ),
                "restore the row from a backup, or connect again",
            )
        };
        let (nonce, ciphertext) = parts(sealed)
            .filter(|parts| parts.0 == self.id)
            .map(|parts| parts.1)
            .ok_or_else(refused)?;
        let nonce: [u8; NONCE_BYTES] = URL_SAFE_NO_PAD
            .decode(nonce)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(refused)?;
        let ciphertext = URL_SAFE_NO_PAD.decode(ciphertext).map_err(|_| refused())?;
        let data = place.associated_data();
        let payload = Payload {
            msg: ciphertext.as_slice(),
            aad: data.as_bytes(),
        };
        let plain = Zeroizing::new(
            self.cipher()
                .decrypt(&XNonce::from(nonce), payload)
                .map_err(|_| refused())?,
        );
        std::str::from_utf8(&plain)
            .map(SecretString::from)
            .map_err(|_| refused())
    }
}

/// The id of the key a sealed text names; `None` when it is no sealed text at all.
pub(crate) fn key_id(sealed: &str) -> Option<&str> {
    parts(sealed).map(|(id, _)| id)
}

fn parts(sealed: &str) -> Option<(&str, (&str, &str))> {
    let mut parts = sealed.split('.');
    let found = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (found.0 == VERSION && parts.next().is_none()).then_some((found.1, (found.2, found.3)))
}

/// A table that holds sealed text, and what one of its rows is called.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) one: &'static str,
}

/// The table of connections.
pub(crate) const CONNECTIONS: Table = Table {
    name: "zoho_connections",
    one: "connection",
};

/// The one cell of a table a secret belongs to; part of what is authenticated.
pub(crate) struct Place<'a> {
    pub(crate) table: &'static Table,
    pub(crate) row: &'a (dyn fmt::Display + Sync),
    pub(crate) user_id: &'a str,
    pub(crate) column: &'static str,
}

impl Place<'_> {
    fn associated_data(&self) -> String {
        format!(
            "{}|{}|{}|{}",
            self.table.name, self.row, self.user_id, self.column
        )
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the stored {} of {} {}",
            self.column, self.table.one, self.row
        )
    }
}

/// Fills `bytes` from the operating system's random source.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), ConnectionError> {
    getrandom::fill(bytes).map_err(|error| {
        ConnectionError::seal(
            format!("the operating system gave no random numbers ({error})"),
            "nothing can be sealed until it does",
        )
    })
}
