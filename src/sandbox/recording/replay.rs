//! The same call gets the same answer, with no account behind.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{Request as Incoming, State},
    response::Response,
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{Asked, Line, call_of, shape::SECRET};
use crate::{
    http::Reply,
    wire::{Call, respond},
};

/// What was asked, and the answers to it that are still to come; the last one stays.
struct Kept {
    asked: Asked,
    answers: VecDeque<Line>,
}

/// A recording, and the moment it begins at.
pub(super) struct Lines {
    kept: Vec<Kept>,
    begins: Option<String>,
}

pub(super) fn read(file: &Path) -> io::Result<Lines> {
    let mut lines = Lines {
        kept: Vec::new(),
        begins: None,
    };
    for (number, line) in (1..).zip(BufReader::new(File::open(file)?).lines()) {
        let line: Line = serde_json::from_str(&line?)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("line {number}: {error}")))?;
        lines.begins.get_or_insert_with(|| line.at.clone());
        match lines.kept.iter_mut().find(|kept| kept.asked == line.asked) {
            Some(kept) => kept.answers.push_back(line),
            None => lines.kept.push(Kept {
                asked: line.asked.clone(),
                answers: VecDeque::from([line]),
            }),
        }
    }
    Ok(lines)
}

type Shared = Arc<(Mutex<Lines>, String)>;

pub(super) async fn serve(listener: TcpListener, url: String, lines: Lines, stopped: oneshot::Receiver<()>) {
    let shared: Shared = Arc::new((Mutex::new(lines), url));
    let app = Router::new().fallback(answer).with_state(shared);
    super::serve(listener, app, stopped).await;
}

async fn answer(State(shared): State<Shared>, incoming: Incoming) -> Response {
    let call = match call_of(incoming).await {
        Ok(call) => call,
        Err(refusal) => return refusal,
    };
    let (lines, url) = &*shared;
    let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    respond(match call.uri.path() {
        "/__sandbox/client" => Reply::json(
            200,
            &json!({ "client_id": "1000.RECORDED", "client_secret": SECRET, "refresh_token": SECRET }),
        ),
        "/__sandbox/clock" => Reply::json(200, &json!({ "now": lines.begins, "stands_at": lines.begins })),
        _ => lines.answer(&call, url),
    })
}

impl Lines {
    fn answer(&mut self, call: &Call, url: &str) -> Reply {
        let asked = Asked::of(call);
        let kept = self.kept.iter_mut().find(|kept| kept.asked == asked);
        let answers = kept.map(|kept| &mut kept.answers);
        let next = answers.and_then(|answers| {
            if answers.len() > 1 {
                answers.pop_front()
            } else {
                answers.front().cloned()
            }
        });
        let Some(mut line) = next else {
            let told = json!({ "error": "the recording has no such call", "unserved": true, "asked": asked });
            return Reply::json(404, &told);
        };
        if line.answer.get("api_domain").is_some() {
            line.answer["api_domain"] = json!(url);
        }
        let mut reply = match &line.left_out {
            Some(what) => Reply::json(
                line.status,
                &json!({ "error": format!("left out of the recording: {what}") }),
            ),
            None if line.answer.is_null() => Reply::empty(line.status),
            None => Reply::json(line.status, &line.answer),
        };
        if let Some(after) = line.retry_after {
            reply = reply.with("retry-after", after);
        }
        reply
    }
}
