//! Whether there was a standard output when this process began. Rust's runtime opens `/dev/null` in the place of one that was
//! closed (`>&-`), and what is printed there is lost without an error; afterwards nothing tells it from the `/dev/null` of
//! somebody who wants no output, so it is looked at before.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn look() {
        let open = rustix::io::fcntl_getfd(rustix::stdio::stdout());
        CLOSED.store(open.is_err(), Ordering::Relaxed);
    }
}

/// Whether standard output was closed; not every system can be asked.
pub(super) fn is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}
