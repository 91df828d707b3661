//! Parameters of an OAuth call: query, urlencoded body, multipart body and Basic header are all good to Zoho.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;

use crate::{http::Request, multipart};

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
    if !content_type.trim_start().starts_with("multipart/") {
        return url::form_urlencoded::parse(body).into_owned().collect();
    }
    let text = |content: &[u8]| String::from_utf8_lossy(content).into_owned();
    multipart::parts(content_type, &Bytes::copy_from_slice(body))
        .into_iter()
        .map(|part| (part.name, text(&part.content)))
        .collect()
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
