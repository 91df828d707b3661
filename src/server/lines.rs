//! The transport: one JSON message a line, read leniently, answered under the id it came with.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{
    ClientNotification, ErrorData, GetExtensions as _, JsonRpcMessage, RequestId, ServerNotification,
    ServerResult,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::batches::{Batch, Batches};
use super::id_of::IdOf;
use super::in_flight::{InFlight, Open, Place};
use super::refusal::{Refusal, not_of_mcp};
use super::written::{Line, answered, write};
use super::{elicit, lenient};
use crate::tools::Principal;

/// Longest message, in bytes; a longer one is answered with an error and skipped.
const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// Lines in and out; drops what comes before the first request, notices a closed output.
pub(super) struct Lines<R, W> {
    principal: Principal,
    reader: BufReader<R>,
    writer: Arc<Mutex<W>>,
    line: Vec<u8>,
    /// What is read of a line that is too long to be kept.
    overlong: Option<IdOf>,
    started: bool,
    /// Lines that were refused.
    refused: usize,
    refusing: Option<JoinHandle<io::Result<()>>>,
    in_flight: InFlight,
    batches: Arc<Batches>,
    /// What came with others in one batch and waits for nothing.
    ready: VecDeque<RxJsonRpcMessage<RoleServer>>,
    /// What the client was asked and has not replied to.
    asked: Vec<RequestId>,
    /// The client has closed its end; what it asked for before is still carried out.
    ended: bool,
    stop: CancellationToken,
    gone: CancellationToken,
}

impl<R: AsyncRead + Send + Unpin, W: AsyncWrite + Send + Unpin + 'static> Lines<R, W> {
    pub(super) fn new(
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
            overlong: None,
            started: false,
            refused: 0,
            refusing: None,
            in_flight: InFlight::default(),
            batches: Arc::default(),
            ready: VecDeque::new(),
            asked: Vec::new(),
            ended: false,
            stop,
            gone,
        }
    }

    /// What is asked and not answered, for who looks after the lines are gone.
    pub(super) fn open(&self) -> Arc<Open> {
        self.in_flight.open()
    }

    /// The next whole line, or `None` at the end. What was read of a line survives a cancelled call.
    async fn next_line(&mut self) -> Option<Vec<u8>> {
        loop {
            let available = match self.reader.fill_buf().await {
                Ok([]) | Err(_) => {
                    let rest = std::mem::take(&mut self.line);
                    return (!rest.is_empty() && self.overlong.is_none()).then_some(rest);
                }
                Ok(available) => available,
            };
            // What stands between two messages is passed over where it lies, however much there is of it.
            let blank = available.len() - available.trim_ascii_start().len();
            if blank > 0 && self.line.is_empty() && self.overlong.is_none() {
                self.reader.consume(blank);
                continue;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            let part = available.get(..end.unwrap_or(taken)).unwrap_or_default();
            if let Some(id) = &mut self.overlong {
                id.read(part);
            } else if self.line.len() + part.len() > LONGEST_LINE {
                let id = self.overlong.insert(IdOf::default());
                id.read(&std::mem::take(&mut self.line));
                id.read(part);
            } else {
                self.line.extend_from_slice(part);
            }
            self.reader.consume(taken);
            if end.is_some() {
                return Some(std::mem::take(&mut self.line));
            }
        }
    }

    /// The message with its sender, whoever holds the other end of the stream, and with the place it has.
    fn sent(&self, mut message: RxJsonRpcMessage<RoleServer>, place: Place) -> RxJsonRpcMessage<RoleServer> {
        if let JsonRpcMessage::Request(request) = &mut message {
            super::answer_unserved(&mut request.request);
            let with = request.request.extensions_mut();
            with.insert(self.principal.clone());
            with.insert(Arc::new(place));
        }
        message
    }

    /// What is handed on now of a line, nothing for one to pass over or of which all waits its turn, or what is wrong with it.
    fn message(&mut self, line: &[u8]) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
        if let Some(id) = self.overlong.take() {
            let error = ErrorData::parse_error("the message is longer than 16 MiB", None);
            return Err(Refusal::of(id.found(), error));
        }
        // What was meant cannot be told: what is searched for instead is found nowhere.
        let Ok(text) = std::str::from_utf8(line) else {
            let mut id = IdOf::default();
            id.read(line);
            let error = ErrorData::parse_error("the message is not in UTF-8: write it in that", None);
            return Err(Refusal::of(id.found(), error));
        };
        // Some hosts on Windows put a mark of the byte order before what they write.
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(None);
        }
        match text.starts_with('[') {
            true => self.batch(text),
            false => {
                let message = self.one(text)?;
                message.map_or(Ok(None), |message| self.admit(message, text.len()))
            }
        }
    }

    /// One message by itself, nothing for one to pass over, or what is wrong with it.
    fn one(&mut self, text: &str) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
        let text = lenient::amend(text);
        match lenient::read(&text) {
            // A client that could not read what it was asked cannot say either which question that was.
            Ok(JsonRpcMessage::Error(mut error)) if error.id.is_none() => {
                error.id = self.asked.pop();
                Ok(Some(JsonRpcMessage::Error(error)).filter(|_| self.started))
            }
            Ok(message) if self.started || is_request(&message) => {
                self.started = true;
                Ok(Some(message))
            }
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::debug!(%error, "a line that is no message");
                match serde_json::from_str::<Value>(&text) {
                    Ok(message) => match lenient::read_reply(&message, &self.asked) {
                        Some(reply) => Ok(Some(reply)),
                        None => not_of_mcp(&message).map_or(Ok(None), Err),
                    },
                    Err(broken) => Err(Refusal::of_broken(&text, &broken)),
                }
            }
        }
    }

    /// The messages of a batch, each as if it had come by itself; what its requests are answered with goes out together.
    fn batch(&mut self, text: &str) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
        let messages = self.batches.read(text)?;
        // Until its first request begins, much of the line is kept.
        let mut size = text.len();
        let mut batch = Batch::default();
        for message in messages.into_iter().map(RawValue::get) {
            let handed_on = self.one(message).and_then(|read| {
                let Some(read) = read else { return Ok(None) };
                let id = request_id(&read);
                let size = id.as_ref().map_or(0, |_| std::mem::take(&mut size));
                let handed_on = self.admit(read, size)?;
                id.into_iter().for_each(|id| batch.awaits(id));
                Ok(handed_on)
            });
            match handed_on {
                Ok(handed_on) => self.ready.extend(handed_on),
                Err(Refusal(answer)) => batch.answer(answer),
            }
        }
        batch.keep(|id| self.in_flight.knows(id));
        self.batches
            .begin(batch)
            .map_or(Ok(None), |line| Err(Refusal(line.text)))
    }

    /// What is handed on now: a request waits its turn, a cancellation ends the wait of its request.
    fn admit(
        &mut self,
        message: RxJsonRpcMessage<RoleServer>,
        size: usize,
    ) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
        match &message {
            JsonRpcMessage::Request(request) => {
                let id = request.id.clone();
                if self.in_flight.admit(id.clone(), size, message) {
                    return Ok(None);
                }
                let error = ErrorData::invalid_request("a request of this id is not answered yet", None);
                Err(Refusal::of(id, error))
            }
            JsonRpcMessage::Notification(notification) => {
                let ClientNotification::CancelledNotification(cancelled) = &notification.notification else {
                    return Ok(Some(message));
                };
                let Some(id) = cancelled.params.request_id.clone() else {
                    return Ok(Some(message));
                };
                if self.in_flight.open().is_answered(&id) {
                    return Ok(None);
                }
                if let Some(line) = self.batches.give_up(&id) {
                    self.write_aside(line);
                }
                let had_not_begun = self.in_flight.give_up(&id);
                Ok(Some(message).filter(|_| !had_not_begun))
            }
            JsonRpcMessage::Response(response) => {
                self.asked.retain(|id| *id != response.id);
                Ok(Some(message))
            }
            JsonRpcMessage::Error(error) => {
                self.asked.retain(|id| error.id.as_ref() != Some(id));
                Ok(Some(message))
            }
        }
    }

    /// Begins to write what a line is refused with.
    fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        let answers = Vec::new();
        self.write_aside(Line {
            text: refusal.0,
            answers,
        });
    }

    /// Begins to write a line. It is written whole even where [`Transport::receive`] is dropped, as it is with every answer
    /// that is ready meanwhile.
    fn write_aside(&mut self, line: Line) {
        let (writer, gone, open) = (Arc::clone(&self.writer), self.gone.clone(), self.in_flight.open());
        let written = async move { write(&writer, &gone, &open, line).await };
        self.refusing = Some(tokio::spawn(written));
    }

    /// Waits for the refusal on its way, so that no more than one is.
    async fn refusal_written(&mut self) {
        if let Some(refusing) = &mut self.refusing {
            let _ = refusing.await;
        }
        self.refusing = None;
    }

    /// Nothing more comes from the client; from now on the calls in flight have their time.
    fn end(&mut self) {
        self.ended = true;
        if !self.started && self.refused > 0 {
            tracing::warn!(
                lines = self.refused,
                "the client left before it sent a request that MCP knows"
            );
        }
        self.gone.cancel();
    }
}

fn is_request(message: &RxJsonRpcMessage<RoleServer>) -> bool {
    request_id(message).is_some()
}

fn request_id(message: &RxJsonRpcMessage<RoleServer>) -> Option<RequestId> {
    match message {
        JsonRpcMessage::Request(request) => Some(request.id.clone()),
        _ => None,
    }
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
        let (open, batches) = (self.in_flight.open(), Arc::clone(&self.batches));
        let id = answered(&item);
        if let Some(id) = &id {
            open.answer(id);
        }
        match &item {
            JsonRpcMessage::Request(question) => self.asked.push(question.id.clone()),
            JsonRpcMessage::Notification(told) => {
                if let ServerNotification::CancelledNotification(withdrawn) = &told.notification {
                    self.asked
                        .retain(|id| withdrawn.params.request_id.as_ref() != Some(id));
                }
            }
            JsonRpcMessage::Response(response) => {
                if let ServerResult::InitializeResult(agreed) = &response.result {
                    batches.agree(&agreed.protocol_version);
                }
            }
            _ => {}
        }
        async move {
            let text = serde_json::to_string(&item).map_err(io::Error::other)?;
            drop(item);
            let text = elicit::without_empty_id(text);
            let line = match id {
                Some(id) => batches.answered(id, text),
                None => Some(Line {
                    text,
                    answers: Vec::new(),
                }),
            };
            match line {
                Some(line) => write(&writer, &gone, &open, line).await,
                None => Ok(()),
            }
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let (stop, gone, open) = (self.stop.clone(), self.gone.clone(), self.in_flight.open());
        loop {
            self.refusal_written().await;
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            if let Some((request, place)) = self.in_flight.take() {
                return Some(self.sent(request, place));
            }
            if self.ended && !self.in_flight.has_waiting() {
                return None;
            }
            let (reads, ended) = (!self.ended && self.in_flight.has_room(), self.ended);
            let line = tokio::select! {
                line = self.next_line(), if reads => line,
                () = open.freed() => continue,
                () = stop.cancelled() => {
                    self.end();
                    return None;
                }
                () = gone.cancelled(), if !ended => return None,
            };
            let Some(line) = line else {
                self.end();
                continue;
            };
            match self.message(&line) {
                Ok(Some(message)) => return Some(message),
                Ok(None) => {}
                Err(refusal) => self.refuse(refusal),
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.writer.lock().await.flush().await
    }
}
