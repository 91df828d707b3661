//! The person a call is made for, as far as a transport reaches them.

use super::landing::Landing;
use super::question::{Coming, Question, Reply};

/// What a [`Person`] is told, on its way.
pub type Telling<'a> = Coming<'a, ()>;

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

    /// Asks, and waits for the reply where it comes without another call; that may outlive this one. What is dropped before
    /// the reply is asked no longer.
    fn ask(&self, question: &Question) -> Coming<'static, Reply>;

    /// Whether the person waits at the call, however long a reply takes them.
    fn has_time(&self) -> bool {
        false
    }

    /// Says that a question the person has agreed to is done with.
    fn conclude(&self, question: &Question) -> Telling<'static> {
        let _ = question;
        Box::pin(std::future::ready(()))
    }

    /// Where the person's browser comes back to from a page of Zoho's; `None` where no page can be shown.
    fn landing(&self) -> Option<&dyn Landing> {
        None
    }
}
