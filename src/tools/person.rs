//! The person a call is made for, as far as a transport reaches them.

use std::pin::Pin;

/// What a [`Person`] is told, on its way.
pub type Telling<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Reaches the person who waits for a call, whatever the transport.
pub trait Person: Send + Sync {
    /// Hears which connection the call names, its repairs included, before anything is done; most people have no use for it.
    fn hear(&self, connection: Option<&str>) -> Telling<'_> {
        let _ = connection;
        Box::pin(std::future::ready(()))
    }

    /// Says what the call does.
    fn say(&self, message: String) -> Telling<'_>;

    /// Says how far a long job is, in records: so many done, of so many where the total is known.
    fn advance(&self, done: u64, total: Option<u64>, message: String) -> Telling<'_>;
}
