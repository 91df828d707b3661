//! MCP over standard input and output, or any pair of byte streams: one JSON message a line.

use super::{elicit, lenient};
use crate::tools::Principal;
use rmcp::model::{ErrorData, GetExtensions as _, JsonRpcMessage};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServiceExt as _};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Longest message, in bytes; a longer one is answered with an error and skipped.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// How long calls in flight may take once the client has gone.
const DRAIN: Duration = Duration::from_secs(2);

/// Serves one client until it closes its end, stops reading, or `stop` is cancelled; calls in flight get two
/// seconds. A client that only probes and leaves is no error.
///
/// # Errors
/// The SDK could not serve at all.
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
    let serving = async {
        match server.serve(lines).await {
            Ok(running) => running.waiting().await.map(|_| ()).map_err(io::Error::other),
            Err(error) => {
                tracing::debug!(%error, "the client left before its first request");
                Ok(())
            }
        }
    };
    tokio::select! {
        outcome = serving => outcome,
        () = async { gone.cancelled().await; tokio::time::sleep(DRAIN).await } => {
            tracing::debug!("calls in flight did not end in time");
            Ok(())
        }
    }
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

/// The transport: reads lines leniently, drops what comes before the first request, notices a closed output.
struct Lines<R, W> {
    principal: Principal,
    reader: BufReader<R>,
    writer: Arc<Mutex<W>>,
    line: Vec<u8>,
    overlong: bool,
    started: bool,
    stop: CancellationToken,
    gone: CancellationToken,
}

impl<R: AsyncRead + Send + Unpin, W: AsyncWrite + Send + Unpin + 'static> Lines<R, W> {
    fn new(
        principal: Principal,
        reader: R,
        writer: W,
        stop: CancellationToken,
        gone: CancellationToken,
    ) -> Self {
        Lines {
            principal,
            reader: BufReader::with_capacity(64 * 1024, reader),
            writer: Arc::new(Mutex::new(writer)),
            line: Vec::new(),
            overlong: false,
            started: false,
            stop,
            gone,
        }
    }

    /// The next whole line, or `None` at the end. What was read of a line survives a cancelled call.
    async fn next_line(&mut self) -> Option<Vec<u8>> {
        loop {
            let available = match self.reader.fill_buf().await {
                Ok([]) | Err(_) => {
                    let rest = std::mem::take(&mut self.line);
                    return (!rest.is_empty() && !self.overlong).then_some(rest);
                }
                Ok(available) => available,
            };
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            let part = available.get(..end.unwrap_or(taken)).unwrap_or_default();
            if self.line.len() + part.len() > LONGEST_LINE {
                self.line = Vec::new();
                self.overlong = true;
            } else if !self.overlong {
                self.line.extend_from_slice(part);
            }
            self.reader.consume(taken);
            if end.is_some() {
                return Some(std::mem::take(&mut self.line));
            }
        }
    }

    /// The message with its sender: whoever holds the other end of the stream.
    fn sent(&self, mut message: RxJsonRpcMessage<RoleServer>) -> RxJsonRpcMessage<RoleServer> {
        if let JsonRpcMessage::Request(request) = &mut message {
            request.request.extensions_mut().insert(self.principal.clone());
        }
        message
    }

    /// The message of a line, nothing for a line to pass over, or what is wrong with it.
    fn message(&mut self, line: &[u8]) -> Result<Option<RxJsonRpcMessage<RoleServer>>, ErrorData> {
        if std::mem::take(&mut self.overlong) {
            return Err(ErrorData::parse_error("the message is longer than 16 MiB", None));
        }
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match serde_json::from_str::<RxJsonRpcMessage<RoleServer>>(&lenient::wrap(text)) {
            Ok(message) if self.started || is_request(&message) => {
                self.started = true;
                Ok(Some(message))
            }
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::debug!(%error, "a line that is no message");
                Err(match serde_json::from_str::<serde::de::IgnoredAny>(text) {
                    Ok(_) => ErrorData::invalid_request("not a JSON-RPC message of MCP", None),
                    Err(_) => ErrorData::parse_error("not JSON", None),
                })
            }
        }
    }
}

fn is_request(message: &RxJsonRpcMessage<RoleServer>) -> bool {
    matches!(message, JsonRpcMessage::Request(_))
}

async fn write<W: AsyncWrite + Unpin>(
    writer: &Mutex<W>,
    gone: &CancellationToken,
    mut message: String,
) -> io::Result<()> {
    message.push('\n');
    let mut writer = writer.lock().await;
    let written = match writer.write_all(message.as_bytes()).await {
        Ok(()) => writer.flush().await,
        Err(error) => Err(error),
    };
    if written.is_err() {
        gone.cancel();
    }
    written
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let (writer, gone) = (Arc::clone(&self.writer), self.gone.clone());
        async move {
            let message = serde_json::to_string(&item).map_err(io::Error::other)?;
            write(&writer, &gone, elicit::without_empty_id(message)).await
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let (stop, gone) = (self.stop.clone(), self.gone.clone());
        loop {
            let line = tokio::select! {
                line = self.next_line() => line,
                () = stop.cancelled() => None,
                () = gone.cancelled() => None,
            };
            let Some(line) = line else {
                gone.cancel();
                return None;
            };
            match self.message(&line) {
                Ok(Some(message)) => return Some(self.sent(message)),
                Ok(None) => {}
                Err(error) => {
                    let refusal = serde_json::json!({ "jsonrpc": "2.0", "id": null, "error": error });
                    let _ = write(&self.writer, &self.gone, refusal.to_string()).await;
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.writer.lock().await.flush().await
    }
}
