//! A key as people write it.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use zeroize::Zeroizing;

use super::error::ConnectionError;
use super::seal::{SealKey, random};

/// How a key is written, for the errors about one that is not.
pub(crate) const FORM: &str =
    "a key is 32 random bytes as base64 or 64 hexadecimal digits, for example from `openssl rand -base64 32`";

/// A new key of 32 random bytes.
pub(crate) fn new_key() -> Result<SealKey, ConnectionError> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    random(bytes.as_mut_slice())?;
    Ok(SealKey::new(bytes))
}

/// Reads a key as people write it: base64 (either alphabet, padded or not) or hexadecimal.
pub(crate) fn parse(text: &str) -> Option<SealKey> {
    let engine = |alphabet| {
        GeneralPurpose::new(
            alphabet,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        )
    };
    let text = text.trim();
    let bytes = if text.len() == 64 {
        let digits: Option<Vec<u8>> = text
            .as_bytes()
            .chunks_exact(2)
            .map(|pair| {
                std::str::from_utf8(pair)
                    .ok()
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            })
            .collect();
        digits?
    } else {
        engine(&alphabet::STANDARD)
            .decode(text)
            .or_else(|_| engine(&alphabet::URL_SAFE).decode(text))
            .ok()?
    };
    let bytes = Zeroizing::new(bytes);
    <[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .map(|bytes| SealKey::new(Zeroizing::new(bytes)))
}

/// A key as `parse` reads it.
pub(crate) fn encode(key: &SealKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.bytes()))
}
