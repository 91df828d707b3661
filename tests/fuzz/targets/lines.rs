//! Whatever stands on standard input, the server ends with it and writes whole lines of messages only: an object, or, as
//! the revision 2025-03-26 has batches, a list of them that is not empty.
#![no_main]

use std::io::{self, Cursor};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll};

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tokio::io::AsyncWrite;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;
use zoho_mcp::cli::assemble;
use zoho_mcp::clock::Clock;
use zoho_mcp::config::{Config, Settings};
use zoho_mcp::server::{Server, stdio};
use zoho_mcp::tools::Principal;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());
static SERVED: LazyLock<(Server, Principal)> = LazyLock::new(|| {
    let settings = Settings {
        user: Some("anna".to_owned()),
        // Nothing can be opened there, so that no call goes anywhere.
        database_url: Some("sqlite:/nowhere/zoho-mcp.db".to_owned().into()),
        keyring: Some(false),
        ..Settings::default()
    };
    let config = Config::of_layers(settings, &|_| None).unwrap();
    let assembled = assemble::calling(&config, &Clock::fixed(1_795_198_200)).unwrap();
    (Server::new(assembled.tools), assembled.principal)
});

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl AsyncWrite for Written {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fuzz_target!(|bytes: &[u8]| {
    let written = Written::default();
    let (server, principal) = SERVED.clone();
    let reader = Cursor::new(bytes.to_vec());
    let served = stdio::serve(
        server,
        principal,
        reader,
        written.clone(),
        CancellationToken::new(),
    );
    RUNTIME.block_on(served).unwrap();
    let written = written.0.lock().unwrap();
    let lines = written.split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.is_empty()) {
        let messages = match serde_json::from_slice(line).expect("a line of JSON") {
            Value::Array(batch) => batch,
            message => vec![message],
        };
        assert!(!messages.is_empty(), "an answer of nothing");
        assert!(messages.iter().all(Value::is_object), "{messages:?}");
    }
});
