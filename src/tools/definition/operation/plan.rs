//! What a tool file says of a change that a Rust function plans.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ApiCall, Verb};
use crate::connections::Product;
use crate::tools::policy::Policy;
use crate::zoho::Effect;

/// A Rust function that plans a change and sends nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByPlan {
    /// `room::function` below `handlers`.
    pub plan: String,
    /// What it does at Zoho, at most.
    pub effect: Effect,
    /// The least policy under which it is offered; `confirm` where nothing is said.
    #[serde(default)]
    pub from: Policy,
    /// The products for whose modules and lookups a consent asks on its behalf.
    #[serde(default)]
    pub products: Vec<Product>,
    /// What it does to records of these products: a consent asks for what their modules need for it.
    #[serde(default)]
    pub deeds: Vec<Deed>,
    /// The OAuth scopes it needs beyond those.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// The call that takes a change back. `{made}` in its path stands for the id of what the change made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reversal {
    /// The HTTP method.
    pub method: Verb,
    /// As that of the change.
    pub path: String,
    /// The JSON body, with `{argument}` in place of values.
    #[serde(default)]
    pub body: Option<Value>,
}

impl Reversal {
    /// The whole call.
    pub fn of(&self, call: &ApiCall) -> ApiCall {
        ApiCall {
            method: self.method,
            path: self.path.clone(),
            query: Map::new(),
            body: self.body.clone(),
            effect: Effect::Remove,
            output: None,
            undo: None,
            ..call.clone()
        }
    }

    /// Whether it fits a change and its arguments.
    pub(super) fn check(&self, call: &ApiCall, declared: &Value) -> Result<(), String> {
        if call.effect == Effect::Read || self.method == Verb::Get {
            return Err("undo: only a change is taken back, by another".to_owned());
        }
        let reversal = self.of(call);
        let (path, others) = reversal.arguments()?;
        let unknown = |name: &&&str| **name != "made" && declared.get(**name).is_none();
        match path.iter().chain(&others).find(unknown) {
            Some(name) => Err(format!("undo: {{{name}}} is no argument of the tool")),
            None => Ok(()),
        }
    }
}

/// What is done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// It is made.
    Create,
    /// Its fields are changed.
    Change,
    /// It is taken away.
    Remove,
}

impl JsonSchema for Policy {
    fn schema_name() -> Cow<'static, str> {
        "Policy".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Policy::ALL.map(Policy::as_str) })
    }
}
