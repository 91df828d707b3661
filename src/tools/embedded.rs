//! Data that is built into the program: where it is broken, it is as if there were none, and the log says so.

use serde::de::DeserializeOwned;

/// The data of a text that is built in; `what` it is, is told where it is broken.
pub fn read<T: DeserializeOwned + Default>(text: &str, what: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "the embedded {what} cannot be read");
        T::default()
    })
}
