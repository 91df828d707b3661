//! A thread with a runtime of its own that serves until it is told to stop or dropped.

use std::{io, thread::JoinHandle};

use tokio::{runtime, sync::oneshot};

/// Reads that are answered at once, each on a thread.
const READERS: usize = 4;

/// What serves; dropping it ends it, with every connection it holds.
#[derive(Debug)]
pub(super) struct Thread {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Thread {
    /// `serve` ends when the receiver it is given has news.
    pub(super) fn start<F: Future<Output = ()>>(
        name: &str,
        serve: impl FnOnce(oneshot::Receiver<()>) -> F + Send + 'static,
    ) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(READERS)
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || runtime.block_on(serve(stopped)))?;
        Ok(Thread {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
