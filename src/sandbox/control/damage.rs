//! Spoils an answer the product has given: the request was carried out, its caller may never know.

use std::time::Duration;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio_util::io::ReaderStream;

use super::{
    super::{door::Line, http::Reply, wire},
    fault::{Fault, Kind},
};

/// Pieces a slow answer comes in.
const PIECES: usize = 20;

/// Long enough for the first half to be on its way before the line is cut.
const FLUSHED: Duration = Duration::from_millis(20);

/// Sends the product's answer the way the fault wants it.
pub(crate) fn respond(mut reply: Reply, fault: &Fault, line: Line) -> Response {
    if reply.body.is_empty() {
        // Nothing found has no body, and a body is what is to be broken.
        reply = Reply {
            status: 200,
            body: Bytes::from_static(br#"{"data":[]}"#),
            ..reply
        };
    }
    let body = std::mem::take(&mut reply.body);
    let half = body.slice(..body.len() / 2);
    let body = match fault.kind {
        Kind::Truncated => Body::from(half),
        Kind::HalfOpen => piped(|pipe| half_open(pipe, half)),
        Kind::MidReset => piped(|pipe| cut_in_the_middle(pipe, half, line)),
        _ => {
            let pause = Duration::from_millis(fault.ms) / PIECES as u32;
            piped(move |pipe| slowly(pipe, body, pause))
        }
    };
    let mut response = wire::respond(reply);
    *response.body_mut() = body;
    response
}

fn piped<F>(write: impl FnOnce(DuplexStream) -> F) -> Body
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let (near, far) = duplex(64 << 10);
    tokio::spawn(write(near));
    Body::from_stream(ReaderStream::new(far))
}

/// The read ends when the caller has hung up.
async fn half_open(mut pipe: DuplexStream, half: Bytes) -> std::io::Result<()> {
    pipe.write_all(&half).await?;
    pipe.read_u8().await.map(|_| ())
}

async fn cut_in_the_middle(mut pipe: DuplexStream, half: Bytes, line: Line) -> std::io::Result<()> {
    pipe.write_all(&half).await?;
    tokio::time::sleep(FLUSHED).await;
    line.cut();
    pipe.write_all(b" ").await
}

async fn slowly(mut pipe: DuplexStream, body: Bytes, pause: Duration) -> std::io::Result<()> {
    for (place, piece) in body.chunks(body.len().div_ceil(PIECES)).enumerate() {
        if place > 0 {
            tokio::time::sleep(pause).await;
        }
        pipe.write_all(piece).await?;
    }
    Ok(())
}
