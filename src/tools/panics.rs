//! A panic is a fault of this server like any other: it ends the call it happened in, and nothing else.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::pin::pin;
use std::sync::Once;
use std::task::Poll;

thread_local! {
    static GUARDS: Cell<usize> = const { Cell::new(0) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught: where it happened. What it said is not kept, for it may quote a customer or a secret.
#[derive(Debug)]
pub struct Panicked {
    place: String,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a panic at {}", self.place)
    }
}

/// Runs a future whose panics are outcomes.
///
/// # Errors
/// It panicked.
pub async fn catch<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| match guard(|| work.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ok),
        Err(panicked) => Poll::Ready(Err(panicked)),
    })
    .await
}

/// Runs a function whose panics are outcomes.
///
/// # Errors
/// It panicked.
pub fn guard<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    listen();
    GUARDS.set(GUARDS.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDS.set(GUARDS.get() - 1);
    outcome.map_err(|payload| match payload.downcast::<Panicked>() {
        Ok(elsewhere) => *elsewhere,
        Err(_) => Panicked {
            place: PLACE.take().unwrap_or_else(|| "an unknown place".to_owned()),
        },
    })
}

/// Runs a function on a thread where it holds up nobody; its panic goes on here.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(|| guard(work)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panicked)) => resume_unwind(Box::new(panicked)),
        // The program ends: nobody waits for the outcome any more.
        Err(_) => std::future::pending().await,
    }
}

/// From the first guard on, the place of a guarded panic is kept for who catches it; others go on as before.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if GUARDS.try_with(Cell::get).unwrap_or_default() > 0 {
                let place = panic.location().map(ToString::to_string);
                let _ = PLACE.try_with(|kept| kept.replace(place));
            } else {
                before(panic);
            }
        }));
    });
}
