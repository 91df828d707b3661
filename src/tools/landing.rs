//! Where a browser comes back to from a page of Zoho's: each transport has its own place.

use std::error::Error;

use super::question::Coming;

/// The parameters a browser came back with, decoded.
pub type Callback = Vec<(String, String)>;

/// Why a sign-in came to nothing, as a sentence.
pub type Reason = Box<dyn Error + Send + Sync>;

/// What a callback is to the one who waits.
#[derive(Debug)]
pub enum Judged<T, E> {
    /// It belongs to no sign-in that is under way, is told so and not counted.
    Foreign,
    /// It ended a sign-in that others wait for.
    Others(Result<(), E>),
    /// It ends the wait.
    Awaited(Result<T, E>),
}

/// Says of each callback what it is.
pub type Judge = Box<dyn FnMut(Callback) -> Coming<'static, Judged<(), Reason>> + Send>;

/// A place that browsers come back to.
pub trait Landing: Send + Sync {
    /// Makes it ready for one consent, or says why that cannot be done now and what helps.
    fn open(&self) -> Coming<'_, Result<Box<dyn Returning>, Reason>>;
}

/// A place that is ready, until it is dropped.
pub trait Returning: Send {
    /// Its address, as it was registered with Zoho.
    fn redirect_uri(&self) -> String;

    /// Waits for the callback that the judge says is awaited; the browser is shown what each came to.
    fn answered(self: Box<Self>, judge: Judge) -> Coming<'static, Result<(), Reason>>;
}
