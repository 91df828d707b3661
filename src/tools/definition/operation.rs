//! What a tool does, as data. The vocabulary is closed: no conditions, no expressions.

mod plan;

use std::borrow::Cow;

use http::Method;
pub use plan::{ByPlan, Deed, Reversal};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::connections::Product;
use crate::tools::policy::Policy;
use crate::zoho::Effect;

/// What a tool does: a call to Zoho that is all data, a lookup of the module's product, or a function for what a table
/// cannot say.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Operation {
    /// One call to Zoho.
    Api(Box<ApiCall>),
    /// The lookup of this name of the product that has the module asked.
    Lookup(ByLookup),
    /// A Rust function.
    Handler(ByHandler),
    /// A Rust function that plans a change, which is then shown, agreed to, written down and sent as every other.
    Plan(ByPlan),
}

/// One call to Zoho. `{argument}` stands for the argument of that name: in the path a whole segment, in the query and in
/// the body a whole value, which is left out where the argument is not given. In a lookup `{module}` stands for the module
/// as the product's API names it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiCall {
    /// `desk` or `crm`.
    pub product: Product,
    /// The HTTP method.
    pub method: Verb,
    /// Below `/api/v1` (Desk) or `/crm/v8` (CRM), as `tickets/{id}/comments`.
    pub path: String,
    /// Query parameters, each a text or `{argument}`; a list is joined by commas.
    #[serde(default)]
    pub query: Map<String, Value>,
    /// The JSON body, with `{argument}` in place of values.
    #[serde(default)]
    pub body: Option<Value>,
    /// What it does at Zoho.
    pub effect: Effect,
    /// The OAuth scopes it needs, all of them.
    pub scopes: Vec<String>,
    /// What is shown of the answer; without it only that it is done.
    #[serde(default)]
    pub output: Option<Output>,
    /// What takes a change back; without it a person is told that nothing does.
    #[serde(default)]
    pub undo: Option<Reversal>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// Reads.
    Get,
    /// Makes, sends, or reads by a question in the body.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

/// What is shown of an answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What the records are, as answers name it; a module of `modules/` gives them links. Only a lookup leaves it out.
    #[serde(default)]
    pub module: Option<String>,
    /// The member that holds the records; without it the answer is one record.
    #[serde(default)]
    pub list: Option<String>,
    /// Where the one record lies, a JSON Pointer as `/data/0`; the whole answer where nothing is said.
    #[serde(default)]
    pub record: Option<String>,
    /// Members shown, in this order; all that are not null when none is named.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Members that hold HTML and are shown as text.
    #[serde(default)]
    pub html: Vec<String>,
    /// The list comes in pages, of this many rows at most: the arguments `limit`, `cursor`, `fields` and `format` are the
    /// executor's, as in `get_records`.
    #[serde(default)]
    pub page: Option<usize>,
    /// Nobody outside wrote a word of it: settings, names of views.
    #[serde(default)]
    pub of_our_own: bool,
}

/// A lookup of `modules/<product>.json`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByLookup {
    /// Its name, in both products.
    pub lookup: String,
    /// What it does at Zoho: it reads.
    pub effect: Effect,
}

/// A Rust function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByHandler {
    /// `room::function` below `handlers`.
    pub handler: String,
    /// What it does at Zoho, at most.
    pub effect: Effect,
    /// The products for whose modules and lookups a consent asks on its behalf.
    #[serde(default)]
    pub products: Vec<Product>,
    /// The OAuth scopes it needs beyond those.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// Arguments that are the executor's own where a list comes in pages.
const PAGING: [&str; 4] = ["limit", "cursor", "fields", "format"];

impl Operation {
    /// What the tool does at Zoho.
    pub fn effect(&self) -> Effect {
        match self {
            Operation::Api(call) => call.effect,
            Operation::Lookup(lookup) => lookup.effect,
            Operation::Handler(handler) => handler.effect,
            Operation::Plan(plan) => plan.effect,
        }
    }

    /// The least policy under which it is offered.
    pub fn from(&self) -> Policy {
        match self {
            Operation::Plan(plan) => plan.from,
            _ if self.effect() == Effect::Read => Policy::Off,
            _ => Policy::Confirm,
        }
    }

    /// What it does to records of its products.
    pub fn deeds(&self) -> &[Deed] {
        match self {
            Operation::Plan(plan) => &plan.deeds,
            _ => &[],
        }
    }

    /// The products whose modules and lookups it works on.
    pub fn products(&self) -> &[Product] {
        match self {
            Operation::Api(_) => &[],
            Operation::Lookup(_) => &[Product::Desk, Product::Crm],
            Operation::Handler(handler) => &handler.products,
            Operation::Plan(plan) => &plan.products,
        }
    }

    /// The scopes it needs beyond those of its products.
    pub fn scopes(&self) -> &[String] {
        match self {
            Operation::Api(call) => &call.scopes,
            Operation::Lookup(_) => &[],
            Operation::Handler(handler) => &handler.scopes,
            Operation::Plan(plan) => &plan.scopes,
        }
    }

    /// Whether it fits the arguments the tool takes: nothing is sent that is not declared, and no argument leads nowhere.
    pub(super) fn check(&self, input_schema: &Map<String, Value>) -> Result<(), String> {
        match self {
            Operation::Api(call) => call.check(input_schema),
            Operation::Lookup(lookup) if lookup.effect != Effect::Read => Err("a lookup reads".to_owned()),
            Operation::Plan(plan) if plan.effect == Effect::Read => {
                Err("a plan changes something".to_owned())
            }
            Operation::Lookup(_) | Operation::Handler(_) | Operation::Plan(_) => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?;
        let named = |name: &str| members.contains_key(name);
        let (handler, lookup, plan) = (named("handler"), named("lookup"), named("plan"));
        let whole = Value::Object(members);
        let read = if handler {
            ByHandler::deserialize(whole).map(Operation::Handler)
        } else if plan {
            ByPlan::deserialize(whole).map(Operation::Plan)
        } else if lookup {
            ByLookup::deserialize(whole).map(Operation::Lookup)
        } else {
            ApiCall::deserialize(whole).map(|call| Operation::Api(Box::new(call)))
        };
        read.map_err(|error| D::Error::custom(format_args!("operation: {error}")))
    }
}

impl ApiCall {
    /// The member of its answer that holds the records; empty where they are no list.
    pub fn list_key(&self) -> &str {
        let list = self.output.as_ref().and_then(|output| output.list.as_deref());
        list.unwrap_or_default()
    }

    /// The members shown of each record.
    pub fn fields(&self) -> &[String] {
        self.output.as_ref().map_or(&[], |output| &output.fields)
    }

    /// What of it is an argument's name: those in the path apart, for they must be given.
    fn arguments(&self) -> Result<(Vec<&str>, Vec<&str>), String> {
        let (mut path, mut others) = (Vec::new(), Vec::new());
        for segment in self.path.split('/') {
            match placeholder(segment)? {
                Some(name) => path.push(name),
                None if segment.is_empty() => return Err(format!("path: an empty segment in {}", self.path)),
                None => {}
            }
        }
        for (name, value) in &self.query {
            let text = value
                .as_str()
                .ok_or_else(|| format!("query: {name} is no text"))?;
            others.extend(placeholder(text)?);
        }
        if let Some(body) = &self.body {
            named_in(body, &mut others)?;
        }
        Ok((path, others))
    }

    fn check(&self, input_schema: &Map<String, Value>) -> Result<(), String> {
        self.check_effect()?;
        self.check_output()?;
        self.check_arguments(input_schema)
    }

    fn check_effect(&self) -> Result<(), String> {
        let fits = match self.effect {
            Effect::Read => matches!(self.method, Verb::Get | Verb::Post),
            _ => self.method != Verb::Get,
        };
        if !fits {
            return Err(format!("effect: not what {} does", self.method.as_str()));
        }
        if (self.method == Verb::Get) != self.body.is_none() && self.effect == Effect::Read {
            return Err("body: a read by POST has one, a GET has none".to_owned());
        }
        Ok(())
    }

    fn check_output(&self) -> Result<(), String> {
        let Some(output) = &self.output else {
            return Ok(());
        };
        if output.module.is_none() {
            return Err("output: `module` names what the records are".to_owned());
        }
        if output.list.is_some() && output.record.is_some() {
            return Err("output: either `list` or `record`".to_owned());
        }
        if output.page.is_some() && (output.list.is_none() || self.effect != Effect::Read) {
            return Err("output: only a `list` that is read comes in pages".to_owned());
        }
        Ok(())
    }

    fn check_arguments(&self, input_schema: &Map<String, Value>) -> Result<(), String> {
        let members = |key: &str| input_schema.get(key).cloned().unwrap_or_default();
        let (declared, required) = (members("properties"), members("required"));
        let (path, others) = self.arguments()?;
        let is_required = |name: &str| {
            required
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == name))
        };
        if let Some(name) = path.iter().find(|name| !is_required(name)) {
            return Err(format!("path: {{{name}}} is no required argument"));
        }
        if let Some(name) = others.iter().find(|name| declared.get(**name).is_none()) {
            return Err(format!("{{{name}}} is no argument of the tool"));
        }
        let paged = self.output.as_ref().is_some_and(|output| output.page.is_some());
        let used = |name: &str| {
            name == "connection"
                || path.contains(&name)
                || others.contains(&name)
                || paged && PAGING.contains(&name)
        };
        if let Some(undo) = &self.undo {
            undo.check(self, &declared)?;
        }
        let declared = declared.as_object().into_iter().flat_map(Map::keys);
        match declared.into_iter().find(|name| !used(name)) {
            Some(name) => Err(format!("the argument {name} goes nowhere")),
            None => Ok(()),
        }
    }
}

impl Verb {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }
}

impl From<Verb> for Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Put => Method::PUT,
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        }
    }
}

/// The argument a text stands for: `{name}` is one, anything else with a brace is nothing.
///
/// # Errors
/// A brace elsewhere: the vocabulary has no expressions.
pub fn placeholder(text: &str) -> Result<Option<&str>, String> {
    if !text.contains(['{', '}']) {
        return Ok(None);
    }
    let name = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default();
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(format!("{text}: `{{argument}}` stands alone or not at all"));
    }
    Ok(Some(name))
}

fn named_in<'a>(value: &'a Value, names: &mut Vec<&'a str>) -> Result<(), String> {
    match value {
        Value::String(text) => names.extend(placeholder(text)?),
        Value::Array(items) => items.iter().try_for_each(|item| named_in(item, names))?,
        Value::Object(members) => members.values().try_for_each(|member| named_in(member, names))?,
        _ => {}
    }
    Ok(())
}

impl JsonSchema for Effect {
    fn schema_name() -> Cow<'static, str> {
        "Effect".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Effect::ALL.map(Effect::as_str) })
    }
}

impl JsonSchema for Product {
    fn schema_name() -> Cow<'static, str> {
        "Product".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": [Product::Desk.as_str(), Product::Crm.as_str()] })
    }
}
