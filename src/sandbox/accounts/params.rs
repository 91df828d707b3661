//! Parameters of an OAuth call: query, urlencoded body, multipart body and Basic header are all good to Zoho.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::http::Request;

/// All parameters; where one comes twice the body wins over the query, and both over the header.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn of(request: &Request) -> Self {
        let mut all = form(&request.body, request.header("content-type").unwrap_or_default());
        all.extend(request.query.iter().cloned());
        if let Some((id, secret)) = request.header("authorization").and_then(basic) {
            all.push(("client_id".to_owned(), id));
            all.push(("client_secret".to_owned(), secret));
        }
        Params(all)
    }

    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|given| given == value)
    }
}

/// The fields of a form; a body that is neither kind of form has none.
pub(crate) fn form(body: &[u8], content_type: &str) -> Vec<(String, String)> {
    match content_type.split_once("boundary=") {
        Some((kind, boundary)) if kind.trim_start().starts_with("multipart/") => multipart(
            body,
            boundary.split(';').next().unwrap_or_default().trim_matches('"'),
        ),
        _ => url::form_urlencoded::parse(body).into_owned().collect(),
    }
}

fn multipart(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    text.split(delimiter.as_str()).filter_map(part).collect()
}

fn part(part: &str) -> Option<(String, String)> {
    let (head, value) = part.split_once("\r\n\r\n")?;
    let (_, name) = head.split_once(" name=\"")?;
    let (name, _) = name.split_once('"')?;
    Some((
        name.to_owned(),
        value.strip_suffix("\r\n").unwrap_or(value).to_owned(),
    ))
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
