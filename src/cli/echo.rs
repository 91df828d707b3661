//! What a terminal shows of what is typed. A question for a secret hides it; should a signal end the program meanwhile, the
//! terminal is left as it was found.

use super::Failure;

/// From the first call on a signal that ends the program gives the terminal back as it is now.
///
/// # Errors
/// There is no terminal, or signals cannot be heard.
#[cfg(unix)]
#[expect(clippy::exit, reason = "the thread that would return reads from the terminal")]
pub(super) fn keep() -> Result<(), Failure> {
    use std::sync::OnceLock;

    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use tokio_util::sync::CancellationToken;

    use super::ending::{STOPPED, on_signal};

    static KEPT: OnceLock<()> = OnceLock::new();
    if KEPT.set(()).is_err() {
        return Ok(());
    }
    let found = tcgetattr(rustix::stdio::stdin())?;
    on_signal(&CancellationToken::new(), move || {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &found);
        std::process::exit(STOPPED.into());
    })?;
    Ok(())
}

/// Drops what has been typed at the terminal and that nobody has read.
#[cfg(unix)]
pub(super) fn forget_typed() {
    use rustix::termios::{QueueSelector, tcflush};
    let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
}

/// A console is asked line by line.
#[cfg(not(unix))]
pub(super) fn forget_typed() {}

/// A console gives itself back.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub(super) fn keep() -> Result<(), Failure> {
    Ok(())
}
