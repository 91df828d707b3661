//! The proof of RFC 7636 that who exchanges a code is who asked for it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::zoho::error::ZohoError;

/// One proof that the process which exchanges a code is the one that asked for it (RFC 7636, `S256`).
#[derive(Debug, Clone)]
pub struct Pkce {
    /// Sent with the code.
    pub verifier: SecretString,
    /// Sent with the consent.
    pub challenge: String,
}

impl Pkce {
    /// A new random pair; fails only when the operating system gives no random numbers.
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn new() -> Result<Self, ZohoError> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| ZohoError::Internal {
            message: error.to_string(),
        })?;
        let verifier = URL_SAFE_NO_PAD.encode(bytes);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        Ok(Self {
            verifier: verifier.into(),
            challenge,
        })
    }
}
