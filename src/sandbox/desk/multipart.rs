//! The one file of a `multipart/form-data` body.

use bytes::Bytes;

use super::org::File;
use super::refusal::Refusal;
use crate::http::Request;

/// The largest file a ticket takes, in bytes.
const LARGEST: usize = 20 * 1024 * 1024;

/// The part named `file`.
pub(crate) fn file(request: &Request) -> Result<File, Refusal> {
    let content_type = request.header("content-type").unwrap_or_default();
    if !content_type.starts_with("multipart/form-data") {
        return Err(Refusal::wrong_content_type());
    }
    let boundary = content_type
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="));
    let boundary = boundary
        .map(|boundary| boundary.trim_matches('"'))
        .ok_or_else(Refusal::bad_request)?;
    let found = parts(&request.body, boundary)
        .into_iter()
        .find_map(|(head, bytes)| as_file(&head, bytes));
    let file = found.ok_or_else(|| Refusal::invalid_field("/file", "missing"))?;
    if file.bytes.len() > LARGEST {
        return Err(Refusal::too_big());
    }
    Ok(file)
}

/// Head and content of every part.
fn parts(body: &Bytes, boundary: &str) -> Vec<(String, Bytes)> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = find(body, mark.as_bytes()).map(|at| at + mark.len());
    while let Some(start) = rest {
        let Some(length) = find(&body[start..], format!("\r\n{mark}").as_bytes()) else {
            break;
        };
        let part = body.slice(start..start + length);
        if let Some(head_end) = find(&part, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
            parts.push((head, part.slice(head_end + 4..)));
        }
        rest = Some(start + length + 2 + mark.len());
    }
    parts
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn as_file(head: &str, bytes: Bytes) -> Option<File> {
    let line = |name: &str| head.lines().find(|line| line.to_lowercase().starts_with(name));
    let disposition = line("content-disposition:")?;
    if !disposition.contains("name=\"file\"") {
        return None;
    }
    let name = disposition
        .split("filename=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("file")
        .to_owned();
    let content_type = line("content-type:")
        .and_then(|line| line.split_once(':'))
        .map(|(_, kind)| kind.trim());
    Some(File {
        name,
        content_type: content_type.unwrap_or("application/octet-stream").to_owned(),
        bytes,
    })
}
