//! MCP over standard input and output, or any pair of byte streams: one JSON message a line.

use std::io;
use std::time::Duration;

use rmcp::ServiceExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::lines::Lines;
use crate::tools::Principal;

/// How long calls in flight may take once the client has gone.
const DRAIN: Duration = Duration::from_millis(1_500);

/// Serves one client until it closes its end, stops reading, or `stop` is cancelled; calls in flight get a second and
/// a half, so that all has ended within two. A client that only probes and leaves is no error.
///
/// # Errors
/// The SDK could not serve at all, or answers cannot be written although the client has not left.
pub async fn serve<R, W>(
    server: super::Server,
    principal: Principal,
    reader: R,
    writer: W,
    stop: CancellationToken,
) -> io::Result<()>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let gone = CancellationToken::new();
    let lines = Lines::new(principal, reader, writer, stop.clone(), gone.clone());
    let open = lines.open();
    let serving = async {
        match server.serve(lines).await {
            Ok(running) => running.waiting().await.map(|_| ()).map_err(io::Error::other),
            Err(error) => {
                tracing::debug!(%error, "the client left before its first request");
                Ok(())
            }
        }
    };
    let outcome = tokio::select! {
        outcome = serving => outcome,
        () = async { gone.cancelled().await; tokio::time::sleep(DRAIN).await } => Ok(()),
    };
    let unanswered = open.unanswered();
    if unanswered > 0 {
        tracing::warn!(unanswered, "the end came before these requests were answered");
    }
    open.written().and(outcome)
}

/// Standard input and output, without a blocking thread where they are pipes.
///
/// # Errors
/// As [`serve`].
pub async fn serve_process(
    server: super::Server,
    principal: Principal,
    stop: CancellationToken,
) -> io::Result<()> {
    let (reader, writer) = rmcp::transport::stdio_pipes();
    serve(server, principal, reader, writer, stop).await
}
