//! What is sent to Zoho: a read, which may be sent again, or a write, which is used up by sending it.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::error::ZohoError;
use super::link::is_record_id;
use super::upload::Upload;
use crate::connections::Product;
use crate::names::clip;

/// Characters of what cannot be sent, in the refusal.
const SHOWN: usize = 80;
/// Longest address that the HTTP client can send, in characters.
const LONGEST_URL: usize = 65_000;

/// What a call does at Zoho.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Makes something new.
    Create,
    /// Changes what is there.
    Change,
    /// Takes something away.
    Remove,
    /// Reaches a person outside: a message that cannot be called back.
    Send,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Effect; 5] = [
        Effect::Read,
        Effect::Create,
        Effect::Change,
        Effect::Remove,
        Effect::Send,
    ];

    /// The word tool files have for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Change => "change",
            Self::Remove => "remove",
            Self::Send => "send",
        }
    }
}

/// One call to an API of Zoho, complete but for the server, the token and the organization, which a `Session`
/// adds.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) product: Product,
    /// Below `/api/v1` (Desk) or `/crm/v8` (CRM), one segment each, not yet percent-encoded.
    pub(super) path: Vec<String>,
    /// In order, not yet percent-encoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Value>,
    /// In the place of a body.
    pub(super) file: Option<Upload>,
    pub(super) effect: Effect,
    /// The OAuth scopes it needs, for the error when one is missing.
    pub(super) scopes: Vec<String>,
    /// CRM: the moment since which nobody else may have changed the record.
    pub(super) unmodified_since: Option<String>,
}

/// A call that changes nothing: it may be sent as often as it takes.
#[derive(Debug, Clone)]
pub struct Read(pub(super) Call);

/// A call that changes something. It cannot be copied, and [`Session::write`](super::Session::write) takes it: so it is
/// sent once, whatever becomes of its answer.
///
/// ```
/// use zoho_mcp::zoho::{Session, Write};
/// async fn once(session: &Session, write: Write) {
///     let _ = session.write(write).await;
/// }
/// ```
///
/// A second time is no program:
///
/// ```compile_fail,E0382
/// use zoho_mcp::zoho::{Session, Write};
/// async fn twice(session: &Session, write: Write) {
///     let _ = session.write(write).await;
///     let _ = session.write(write).await;
/// }
/// ```
///
/// Nor is a copy:
///
/// ```compile_fail,E0599
/// use zoho_mcp::zoho::{Session, Write};
/// async fn copied(session: &Session, write: Write) {
///     let _ = session.write(write.clone()).await;
/// }
/// ```
#[derive(Debug)]
pub struct Write {
    pub(super) call: Call,
    /// Under what its outcome is recorded.
    pub(super) act: String,
}

impl Read {
    /// A read of one address.
    pub fn get<S: Into<String>>(product: Product, path: impl IntoIterator<Item = S>) -> Self {
        Self(Call {
            method: Method::GET,
            product,
            path: path.into_iter().map(Into::into).collect(),
            query: Vec::new(),
            body: None,
            file: None,
            effect: Effect::Read,
            scopes: Vec::new(),
            unmodified_since: None,
        })
    }

    /// The same read as a POST, because its question is a JSON body.
    pub fn asking(mut self, body: Value) -> Self {
        self.0.method = Method::POST;
        self.0.body = Some(body);
        self
    }

    /// Adds a query parameter.
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.query.push((name.into(), value.into()));
        self
    }

    /// Adds query parameters before those that are there.
    pub fn put_query_first(mut self, parameters: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let parameters = parameters
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        self.0.query.splice(0..0, parameters);
        self
    }

    /// Names the scopes the call needs.
    pub fn with_scopes(mut self, scopes: Vec<String>) -> Self {
        self.0.scopes.extend(scopes);
        self
    }

    /// Its path, one segment each.
    pub fn path(&self) -> &[String] {
        &self.0.path
    }

    /// The scopes the call needs.
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }
}

impl Write {
    /// A change at one address; `act` is what its outcome is recorded under.
    ///
    /// # Errors
    /// The effect is that of a read, or the method changes nothing: a read is no [`Write`].
    pub fn new<S: Into<String>>(
        act: impl Into<String>,
        effect: Effect,
        method: Method,
        product: Product,
        path: impl IntoIterator<Item = S>,
    ) -> Result<Self, ZohoError> {
        let act = act.into();
        if effect == Effect::Read || method == Method::GET {
            return Err(ZohoError::Internal {
                message: format!("{act} is a read and no change"),
            });
        }
        let mut call = Read::get(product, path).0;
        (call.method, call.effect) = (method, effect);
        Ok(Self { call, act })
    }

    /// Adds a query parameter.
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.query.push((name.into(), value.into()));
        self
    }

    /// Gives it a JSON body.
    pub fn with_body(mut self, body: Value) -> Self {
        self.call.body = Some(body);
        self
    }

    /// Gives it a file in the place of a body.
    pub fn with_file(mut self, file: Upload) -> Self {
        self.call.file = Some(file);
        self
    }

    /// Names the scopes the call needs.
    pub fn with_scopes(mut self, scopes: Vec<String>) -> Self {
        self.call.scopes.extend(scopes);
        self
    }

    /// Has CRM refuse it where the record was changed after this moment, written as CRM itself writes it.
    pub fn if_unmodified_since(mut self, moment: impl Into<String>) -> Self {
        self.call.unmodified_since = Some(moment.into());
        self
    }

    /// What it does.
    pub fn effect(&self) -> Effect {
        self.call.effect
    }
}

impl Call {
    /// Whether it may change something: then it is sent once, and what came of it may be unknown.
    pub(super) fn is_write(&self) -> bool {
        self.effect != Effect::Read
    }

    /// The media type and the bytes of what goes with it.
    pub(super) fn content(&self) -> Option<(String, Vec<u8>)> {
        match (&self.file, &self.body) {
            (Some(file), _) => Some(file.form()),
            (None, Some(body)) => Some(("application/json".to_owned(), body.to_string().into_bytes())),
            (None, None) => None,
        }
    }

    /// The address on `server`. A segment that could climb, and a line break anywhere, is refused, not
    /// mended.
    pub(super) fn url(&self, server: &Url) -> Result<Url, ZohoError> {
        let mut url = server.clone();
        let root: &[&str] = match self.product {
            Product::Desk => &["api", "v1"],
            Product::Crm => &["crm", "v8"],
        };
        for segment in &self.path {
            if !is_segment(segment) {
                return Err(refused("path", segment));
            }
        }
        for (name, value) in &self.query {
            if name.is_empty()
                || has_control(name)
                || value.chars().any(|sign| matches!(sign, '\r' | '\n' | '\0'))
            {
                return Err(refused("parameter", name));
            }
        }
        url.path_segments_mut()
            .map_err(|()| ZohoError::Internal {
                message: "a server without a path".to_owned(),
            })?
            .clear()
            .extend(root)
            .extend(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        match url.as_str().len() {
            length if length > LONGEST_URL => Err(self.too_long(length)),
            _ => Ok(url),
        }
    }
}

impl Call {
    fn too_long(&self, length: usize) -> ZohoError {
        let longest = self.query.iter().max_by_key(|(_, value)| value.len());
        let most = longest.map_or("its path", |(name, _)| name);
        ZohoError::InvalidRequest {
            message: format!(
                "the call would be {length} characters long, {LONGEST_URL} can be sent, and most of it is `{most}`: give \
                 fewer or shorter values and make several calls"
            ),
        }
    }
}

/// Whether a text can be a segment of a path: a name or an id, of which Zoho's are numbers of 64 bits. One that came in an
/// answer may be anything.
fn is_segment(text: &str) -> bool {
    const LONGEST: usize = 200;
    let is_loud = |sign: char| {
        sign.is_control()
            || sign.is_whitespace()
            || matches!(sign, '/' | '\\' | '%' | '?' | '#' | '&' | ';' | ':')
    };
    let is_number = text.starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '+'))
        && text
            .chars()
            .all(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '+' | '.' | 'e' | 'E'));
    let is_odd = matches!(text, "" | "." | "..") || text.len() > LONGEST || text.contains(is_loud);
    !is_odd && (!is_number || is_record_id(text))
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn refused(part: &str, text: &str) -> ZohoError {
    let text = clip(text, SHOWN);
    ZohoError::InvalidRequest {
        message: format!("the {part} {text:?} cannot be sent to Zoho"),
    }
}
