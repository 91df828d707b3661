//! A call that changes something, as it can be kept: a [`Write`] is used up by sending it.

use std::collections::BTreeSet;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::zoho::{Effect, Upload, Write};

/// Stands in the path or the body of a call for the id of what an act made.
pub const MADE: &str = "{made}";

/// A call that changes something, as it can be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    /// What it does.
    pub effect: Effect,
    /// The method of HTTP.
    pub method: String,
    /// One segment each; see [`MADE`].
    pub path: Vec<String>,
    /// In order.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// JSON.
    #[serde(default)]
    pub body: Option<Value>,
    /// What it is known by in the place of its body, where that says the moment it was planned at; it is not kept.
    #[serde(skip)]
    pub known_by: Option<Value>,
    /// A file in the place of a body; it is not kept.
    #[serde(skip)]
    pub file: Option<Upload>,
    /// Files that are uploaded before it is sent, whose ids go with its body as `attachmentIds`; they are not kept.
    #[serde(skip)]
    pub attached: Vec<Upload>,
    /// The scopes it needs.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// CRM: the moment since which nobody else may have changed the record.
    #[serde(default)]
    pub unmodified_since: Option<String>,
}

impl Sending {
    /// A call without anything in it yet.
    pub fn new<S: Into<String>>(effect: Effect, method: &Method, path: impl IntoIterator<Item = S>) -> Self {
        Sending {
            effect,
            method: method.to_string(),
            path: path.into_iter().map(Into::into).collect(),
            query: Vec::new(),
            body: None,
            known_by: None,
            file: None,
            attached: Vec::new(),
            scopes: Vec::new(),
            unmodified_since: None,
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// With the scopes it needs.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &[String]) -> Self {
        self.scopes.extend_from_slice(scopes);
        self
    }

    /// Leaves records out of a call that is about several: out of the lists of its body, and of the ids in its address.
    pub fn leave_out(&mut self, ids: &BTreeSet<String>) {
        if let Some(body) = &mut self.body {
            leave_out(body, ids);
        }
        for (_, value) in self.query.iter_mut().filter(|(name, _)| name == "ids") {
            let left: Vec<&str> = value.split(',').filter(|id| !ids.contains(*id)).collect();
            *value = left.join(",");
        }
    }

    /// The call as it is sent, recorded under the tool's name.
    ///
    /// # Errors
    /// It changes nothing.
    pub fn write(&self, tool: &str, product: Product) -> Result<Write, ToolError> {
        let method =
            Method::from_bytes(self.method.as_bytes()).map_err(|error| ToolError::internal(&error))?;
        let write = Write::new(tool, self.effect, method, product, self.path.clone())?;
        let mut write = write.with_scopes(self.scopes.clone());
        for (name, value) in &self.query {
            write = write.with_query(name, value);
        }
        if let Some(body) = &self.body {
            write = write.with_body(body.clone());
        }
        if let Some(file) = &self.file {
            write = write.with_file(file.clone());
        }
        Ok(match &self.unmodified_since {
            Some(moment) => write.if_unmodified_since(moment),
            None => write,
        })
    }
}

fn leave_out(value: &mut Value, ids: &BTreeSet<String>) {
    let is_one = |item: &Value| {
        let id = item.as_str().or_else(|| item.get("id").and_then(Value::as_str));
        id.is_some_and(|id| ids.contains(id))
    };
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_one(item));
            items.iter_mut().for_each(|item| leave_out(item, ids));
        }
        Value::Object(members) => members.values_mut().for_each(|member| leave_out(member, ids)),
        _ => {}
    }
}
