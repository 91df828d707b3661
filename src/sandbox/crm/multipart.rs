//! The parts of a `multipart/form-data` body.

use bytes::Bytes;

/// A part of a form.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content: Bytes,
}

/// The parts, or nothing when the body is not such a form.
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Vec<Part> {
    let Some((_, boundary)) = content_type.split_once("boundary=") else {
        return Vec::new();
    };
    let boundary = boundary.split(';').next().unwrap_or("").trim().trim_matches('"');
    let mark = format!("--{boundary}").into_bytes();
    let mut found = Vec::new();
    let mut from = find(body, &mark, 0).map(|at| at + mark.len());
    while let Some(start) = from {
        let Some(end) = find(body, &mark, start) else {
            break;
        };
        found.extend(part(body, start, end));
        from = Some(end + mark.len());
    }
    found
}

fn part(body: &Bytes, start: usize, end: usize) -> Option<Part> {
    let gap = find(&body[..end], b"\r\n\r\n", start)?;
    let head = String::from_utf8_lossy(&body[start..gap]).into_owned();
    let disposition = head
        .lines()
        .find(|line| line.to_lowercase().starts_with("content-disposition"))?;
    let content = body.slice(gap + 4..end.saturating_sub(2).max(gap + 4));
    Some(Part {
        name: attribute(disposition, "name")?,
        file_name: attribute(disposition, "filename"),
        content,
    })
}

fn attribute(line: &str, name: &str) -> Option<String> {
    line.split(';').find_map(|piece| {
        let (key, value) = piece.trim().split_once('=')?;
        (key.eq_ignore_ascii_case(name)).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(body: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    body.get(from..)?
        .windows(wanted.len())
        .position(|window| window == wanted)
        .map(|at| at + from)
}
