//! What is logged while a test runs.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Level};

/// While a process has one listener, `tracing` asks the thread that first comes by a line whether anybody wants it, and keeps
/// the answer for all: in a test without a listener that is no. Of two it asks each.
static WANTS_NOTHING: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// Hands a listener what this thread logs until the guard is dropped, whatever other tests log meanwhile.
pub(crate) fn listening(listener: impl Into<Dispatch>) -> DefaultGuard {
    LazyLock::force(&WANTS_NOTHING);
    tracing::dispatcher::set_default(&listener.into())
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything this thread logs from now on, the crates below included.
pub(crate) struct Logs {
    sink: Sink,
    _listening: DefaultGuard,
}

impl Logs {
    pub(crate) fn listen(level: Level) -> Self {
        let sink = Sink::default();
        let writer = sink.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Logs {
            sink,
            _listening: listening(subscriber),
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.sink.0.lock().unwrap().clone()).unwrap()
    }
}
