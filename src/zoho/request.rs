use http::Method;
use serde_json::Value;
use url::Url;

use super::error::ZohoError;
use crate::connections::Product;

/// One call to an API of Zoho, complete but for the server, the token and the organization, which a `Session`
/// adds.
#[derive(Debug, Clone)]
pub struct ZohoRequest {
    /// HTTP method.
    pub method: Method,
    /// Which API.
    pub product: Product,
    /// Path below `/api/v1` (Desk) or `/crm/v8` (CRM), one segment each, not yet percent-encoded.
    pub path: Vec<String>,
    /// Query parameters in order, not yet percent-encoded.
    pub query: Vec<(String, String)>,
    /// JSON body.
    pub body: Option<Value>,
    /// Whether it changes something: then it is sent once and never repeated.
    pub write: bool,
    /// The OAuth scopes it needs, for the error when one is missing.
    pub scopes: Vec<String>,
}

impl ZohoRequest {
    /// A read of one address.
    pub fn get<S: Into<String>>(product: Product, path: impl IntoIterator<Item = S>) -> Self {
        Self {
            method: Method::GET,
            product,
            path: path.into_iter().map(Into::into).collect(),
            query: Vec::new(),
            body: None,
            write: false,
            scopes: Vec::new(),
        }
    }

    /// A read that is sent as a POST, because its question is a JSON body.
    pub fn reading_post<S: Into<String>>(
        product: Product,
        path: impl IntoIterator<Item = S>,
        body: Value,
    ) -> Self {
        Self {
            method: Method::POST,
            body: Some(body),
            ..Self::get(product, path)
        }
    }

    /// Adds a query parameter.
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter, or gives the one that is there another value.
    pub fn replacing_query(mut self, name: &str, value: impl Into<String>) -> Self {
        match self.query.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.into(),
            None => self.query.push((name.to_owned(), value.into())),
        }
        self
    }

    /// Names the scopes the call needs.
    pub fn with_scopes(mut self, scopes: Vec<String>) -> Self {
        self.scopes.extend(scopes);
        self
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
            if matches!(segment.as_str(), "" | "." | "..") || has_control(segment) {
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
        Ok(url)
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn refused(part: &str, text: &str) -> ZohoError {
    ZohoError::InvalidRequest {
        message: format!("the {part} {text:?} cannot be sent to Zoho"),
    }
}
