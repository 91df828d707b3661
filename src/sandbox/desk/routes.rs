//! The operations served, as data: method, path, scopes, query parameters, body and which handler does the work.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http::Method;
use serde::Deserialize;
use serde_json::Value;

/// One operation of Desk that is served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Name of the handler; see `handlers`.
    #[serde(rename = "do")]
    pub handler: String,
    /// HTTP method, in capitals.
    pub method: String,
    /// As the official OpenAPI writes it, without `/api/v1`: `/tickets/{ticketId}`.
    pub path: String,
    /// The module worked on, when the handler serves several.
    #[serde(default)]
    pub module: String,
    /// The field of the module that must hold the record of the path.
    #[serde(rename = "where", default)]
    pub by: Option<String>,
    /// The list beside a record: comments, attachments, ...
    #[serde(default)]
    pub side: String,
    /// The key of the list in the answer, where it is not the module's own.
    #[serde(default)]
    pub key: Option<String>,
    /// Status of the answer when it goes well.
    #[serde(default = "ok")]
    pub status: u16,
    /// What a call costs of the day's credits.
    #[serde(default = "one")]
    pub credits: i64,
    /// Each must be granted.
    pub scopes: Vec<String>,
    /// The query parameters it reads; others are refused.
    #[serde(default)]
    pub query: BTreeMap<String, Param>,
    /// What the JSON body may hold.
    #[serde(default)]
    pub body: Option<Body>,
    /// A look moves on what is looked at.
    #[serde(default)]
    pub moves: bool,
}

impl Route {
    /// Whether something may be another after the call.
    pub(crate) fn is_write(&self) -> bool {
        self.method != "GET" || self.moves
    }
}

/// A query parameter as declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Param {
    /// JSON type of the value.
    #[serde(rename = "type")]
    pub kind: String,
    /// The values allowed; none named, all are.
    #[serde(rename = "enum", default)]
    pub values: Vec<String>,
    /// Whether it is a list, parted by commas.
    #[serde(default)]
    pub csv: bool,
    /// Whether it must be sent.
    #[serde(default)]
    pub required: bool,
    /// Smallest number.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(default)]
    pub max: Option<i64>,
    /// Fewest characters.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Most entries of a list.
    #[serde(default)]
    pub max_items: Option<usize>,
    /// What stands for a value that is not sent.
    #[serde(default)]
    pub default: Option<Value>,
    /// The field of the record that a list is filtered by, where the name does not say.
    #[serde(default)]
    pub field: Option<String>,
    /// How the field is compared.
    #[serde(default)]
    pub fit: Fit,
}

/// How a parameter and a field are compared.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The field has one of the values.
    #[default]
    Same,
    /// The field is the text, in which `*` stands for any.
    Like,
    /// The field begins with the text.
    Start,
}

/// A body, or a part of one, as declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Body {
    /// JSON type of the value.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Whether null is allowed.
    #[serde(default)]
    pub null: bool,
    /// The values allowed; none named, all are.
    #[serde(rename = "enum", default)]
    pub values: Vec<Value>,
    /// Members that must be sent.
    #[serde(default)]
    pub required: Vec<String>,
    /// Fewest characters.
    #[serde(default)]
    pub min_length: Option<usize>,
    /// Most characters.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Most entries of a list.
    #[serde(default)]
    pub max_items: Option<usize>,
    /// Members of an object.
    #[serde(default)]
    pub properties: BTreeMap<String, Body>,
    /// What each entry of a list may be.
    #[serde(default)]
    pub items: Option<Box<Body>>,
}

fn ok() -> u16 {
    200
}

fn one() -> i64 {
    1
}

/// Every operation served.
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    [
        include_str!("routes/tickets.json"),
        include_str!("routes/conversations.json"),
        include_str!("routes/customers.json"),
        include_str!("routes/activities.json"),
        include_str!("routes/staff.json"),
        include_str!("routes/settings.json"),
        include_str!("routes/dashboards.json"),
        include_str!("routes/templates.json"),
        include_str!("routes/skills.json"),
        include_str!("routes/holidays.json"),
        include_str!("routes/timers.json"),
        include_str!("routes/knowledge.json"),
        include_str!("routes/exports.json"),
        include_str!("routes/webhooks.json"),
        include_str!("routes/others.json"),
    ]
    .into_iter()
    .flat_map(|text| serde_json::from_str::<Vec<Route>>(text).expect("the route tables are valid"))
    .collect()
});

/// A path in its parts, with its operation.
type Shape = (Vec<&'static str>, &'static Route);

/// The operations by the first segment of their path.
static BY_FIRST: LazyLock<BTreeMap<&'static str, Vec<Shape>>> = LazyLock::new(|| {
    let mut shapes: BTreeMap<&'static str, Vec<Shape>> = BTreeMap::new();
    for route in ROUTES.iter() {
        let parts: Vec<&'static str> = route.path.split('/').skip(1).collect();
        shapes.entry(parts[0]).or_default().push((parts, route));
    }
    shapes
});

/// What a method and path lead to.
pub(crate) enum Found {
    /// The operation and the values of its path parameters, in order.
    Route(&'static Route, Vec<String>),
    /// The path is served with other methods only.
    OtherMethod,
    /// A path of a served shape whose id cannot be one.
    BadId,
    Nothing,
}

/// Finds the operation; literal segments win over parameters.
pub(crate) fn find(method: &Method, segments: &[&str]) -> Found {
    let mut best: Option<(usize, &'static Route, Vec<String>)> = None;
    let (mut other_method, mut bad_id) = (false, false);
    let literal = segments.first().and_then(|first| BY_FIRST.get(first));
    let custom = BY_FIRST.get("{moduleApiName}");
    for (parts, route) in literal.into_iter().chain(custom).flatten() {
        let Some((literals, values)) = fit(parts, segments) else {
            continue;
        };
        if !values.iter().all(|(name, value)| is_value(name, value)) {
            bad_id |= parts[0] != "{moduleApiName}";
        } else if route.method != method.as_str() {
            other_method = true;
        } else if best.as_ref().is_none_or(|(most, ..)| literals > *most) {
            best = Some((
                literals,
                route,
                values.into_iter().map(|(_, value)| value.to_owned()).collect(),
            ));
        }
    }
    let is_unserved = |entry: &&'static str| {
        let (verb, path) = entry.split_once(' ').unwrap_or(("", entry));
        let parts: Vec<&'static str> = path.split('/').skip(1).collect();
        (verb.is_empty() || verb == method.as_str()) && fit(&parts, segments).is_some()
    };
    match best {
        Some((_, route, values)) => Found::Route(route, values),
        None if UNSERVED.iter().any(is_unserved) => Found::Nothing,
        None if other_method => Found::OtherMethod,
        None if bad_id => Found::BadId,
        None => Found::Nothing,
    }
}

/// What Zoho documents and nobody here answers, where an address would be taken for that of a record or a method for a
/// wrong one: an address, or a method with one.
static UNSERVED: LazyLock<Vec<&str>> =
    LazyLock::new(|| serde_json::from_str(include_str!("routes/unserved.json")).expect("a list of paths"));

type PathValues<'a> = Vec<(&'static str, &'a str)>;

fn fit<'a>(pattern: &[&'static str], segments: &[&'a str]) -> Option<(usize, PathValues<'a>)> {
    if pattern.len() != segments.len() {
        return None;
    }
    let (mut literals, mut values) = (0, Vec::new());
    for (part, segment) in pattern.iter().copied().zip(segments) {
        if part.starts_with('{') {
            values.push((part, *segment));
        } else if part == *segment {
            literals += 1;
        } else {
            return None;
        }
    }
    Some((literals, values))
}

fn is_value(name: &str, value: &str) -> bool {
    match name {
        "{emailId}" => value.contains('@'),
        "{moduleApiName}" => super::modules::is_custom(value),
        // A language, with or without a country, and the code of a channel.
        "{locale}" | "{channelCode}" => value.starts_with(|letter: char| letter.is_ascii_alphabetic()),
        _ => !value.is_empty() && value.len() <= 20 && value.bytes().all(|byte| byte.is_ascii_digit()),
    }
}
