//! What goes out: one message a line, whatever reads it.

use std::io;

use rmcp::RoleServer;
use rmcp::model::{JsonRpcMessage, RequestId};
use rmcp::service::TxJsonRpcMessage;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::in_flight::Open;

/// What ends a line for some clients and may stand in a text of JSON as it is (typescript-sdk#2155,
/// claude-agent-sdk-typescript#137).
const LINE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The request that a message answers.
pub(super) fn answered(message: &TxJsonRpcMessage<RoleServer>) -> Option<RequestId> {
    match message {
        JsonRpcMessage::Response(response) => Some(response.id.clone()),
        JsonRpcMessage::Error(error) => error.id.clone(),
        _ => None,
    }
}

/// A line to be written, and the requests that it answers.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) answers: Vec<RequestId>,
}

/// Writes a line, whole; what it answers has kept its place until then.
pub(super) async fn write<W: AsyncWrite + Unpin>(
    writer: &Mutex<W>,
    gone: &CancellationToken,
    open: &Open,
    line: Line,
) -> io::Result<()> {
    let mut message = line.text;
    if message.contains(LINE_ENDS) {
        message = LINE_ENDS.iter().fold(message, |text, end| {
            text.replace(*end, &format!("\\u{:04x}", u32::from(*end)))
        });
    }
    message.push('\n');
    let mut writer = writer.lock().await;
    let written = match writer.write_all(message.as_bytes()).await {
        Ok(()) => writer.flush().await,
        Err(error) => Err(error),
    };
    line.answers.iter().for_each(|id| open.close(id));
    written.inspect_err(|error| {
        open.give_out(error);
        gone.cancel();
    })
}
