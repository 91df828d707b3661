//! The parts of a `multipart/form-data` body.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use multer::Multipart;

/// A part of a form.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) content: Bytes,
}

/// The parts up to the first that is none; nothing when the content type is not that of such a form.
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Vec<Part> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return Vec::new();
    };
    let form = Multipart::new(Body::from(body.clone()).into_data_stream(), boundary);
    // The whole body is here: nothing is waited for.
    match pin!(read(form)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parts) => parts,
        Poll::Pending => Vec::new(),
    }
}

async fn read(mut form: Multipart<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let Ok(content) = field.bytes().await else {
            break;
        };
        parts.push(Part {
            name,
            file_name,
            content_type,
            content,
        });
    }
    parts
}
