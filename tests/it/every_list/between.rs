//! A proxy between server and sandbox that spoils one list of one path as it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION,
    TRANSFER_ENCODING,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::bed;

/// A list of an answer: the path asked, and where it lies in the body, `*` for any place in another list.
pub(super) type List = (String, String);

/// What stands for a row that cannot be read.
pub(super) const UNREADABLE: u64 = 4_711_000_123;

/// Whether a list lies in another, or in what is no list: a refusal is no matter of its own.
pub(super) fn is_inner(list: &List) -> bool {
    list.1.contains('/')
}

/// Where lists of objects lie, these and all inside of them.
fn places(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let below = |key: &str| match at {
        "" => key.to_owned(),
        at => format!("{at}/{key}"),
    };
    match value {
        Value::Array(items) => {
            if items.iter().any(Value::is_object) {
                found.insert(at.to_owned());
            }
            items.iter().for_each(|item| places(item, &below("*"), found));
        }
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, member)| places(member, &below(key), found));
        }
        _ => {}
    }
}

/// The first list that lies at a place.
fn first_at<'v>(value: &'v mut Value, place: &str) -> Option<&'v mut Vec<Value>> {
    let Some((key, rest)) = place.split_once('/') else {
        let list = if place == "*" { None } else { value.get_mut(place) };
        return list.and_then(Value::as_array_mut).filter(|rows| !rows.is_empty());
    };
    match key {
        "*" => value
            .as_array_mut()?
            .iter_mut()
            .find_map(|item| first_at(item, rest)),
        key => first_at(value.get_mut(key)?, rest),
    }
}

/// What becomes of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harm {
    /// A row that is none, before the others.
    Unreadable,
    /// Zoho refuses.
    Refused,
    /// A refusal that comes as a success.
    Disguised,
    /// The answer without its list.
    Missing,
    /// Hundreds of rows more, each of them new.
    More,
    /// No row at all, as Zoho says it where there is none.
    Emptied,
}

impl Harm {
    pub(super) const ALL: [Harm; 5] = [
        Harm::Unreadable,
        Harm::Refused,
        Harm::Disguised,
        Harm::Missing,
        Harm::More,
    ];

    fn done_to(self, body: &mut Value, list: &str) -> StatusCode {
        match self {
            Harm::Unreadable => first_at(body, list).unwrap().insert(0, json!(UNREADABLE)),
            Harm::Refused | Harm::Disguised => {
                *body = json!({ "errorCode": "UNPROCESSABLE_ENTITY", "code": "INVALID_DATA", "status": "error",
                    "message": "spoilt on purpose", "details": {} });
            }
            Harm::Missing => {
                body.as_object_mut().unwrap().shift_remove(list);
            }
            Harm::Emptied => first_at(body, list).unwrap().clear(),
            Harm::More => {
                let rows = first_at(body, list).unwrap();
                let first = rows[0].clone();
                rows.extend((0..400).map(|number| another(&first, number)));
            }
        }
        match self {
            Harm::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        }
    }
}

/// A row like this one, with ids and names of its own.
fn another(row: &Value, number: u64) -> Value {
    let names = [
        "name",
        "api_name",
        "apiName",
        "apiKey",
        "plural_label",
        "displayLabel",
        "field_label",
        "display_value",
        "actual_value",
        "value",
    ];
    match row {
        Value::Object(members) => {
            let own = members.iter().map(|(key, value)| match value {
                Value::String(_) if key == "id" => (key.clone(), json!(new_id(number))),
                Value::String(text) if names.contains(&key.as_str()) => {
                    (key.clone(), json!(format!("{text}_{}", new_id(number))))
                }
                other => (key.clone(), another(other, number)),
            });
            Value::Object(own.collect())
        }
        Value::Array(items) => items.iter().map(|item| another(item, number)).collect(),
        other => other.clone(),
    }
}

fn new_id(number: u64) -> String {
    format!("489731000999{number:06}")
}

/// How many of the rows that [`Harm::More`] adds stand in a text.
pub(super) fn new_rows_in(text: &str) -> usize {
    (0..400).filter(|number| text.contains(&new_id(*number))).count()
}

/// A whole answer that stands in place of Zoho's own.
#[derive(Clone, Copy)]
pub(crate) struct Instead {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Spoilt,
}

#[derive(Clone, Copy)]
pub(crate) enum Spoilt {
    /// Nothing of it is left.
    Whole(&'static str),
    /// What became of it on its way; nothing where it stays as it is.
    OnItsWay(fn(&[u8]) -> Option<Vec<u8>>),
}

impl Spoilt {
    fn made_of(self, answer: &[u8]) -> Option<Vec<u8>> {
        match self {
            Spoilt::Whole(text) => Some(text.into()),
            Spoilt::OnItsWay(spoil) => spoil(answer),
        }
    }
}

#[derive(Default)]
struct Told {
    seen: BTreeSet<List>,
    spoilt: Option<(List, Harm)>,
    /// How often each path was asked for.
    asked: BTreeMap<String, usize>,
    /// From which time on a path is answered otherwise.
    instead: Option<(String, usize, Instead)>,
}

#[derive(Clone)]
pub(crate) struct Between {
    /// The places of the sandbox and of this proxy, as URLs write them.
    upstream: String,
    own: String,
    http: reqwest::Client,
    told: Arc<Mutex<Told>>,
}

impl Between {
    /// A proxy before a server, and where it listens.
    pub(crate) async fn before(url: &str) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let between = Between {
            upstream: url.trim_start_matches("http://").to_owned(),
            own: listener.local_addr().unwrap().to_string(),
            http: bed::http()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            told: Arc::default(),
        };
        let url = format!("http://{}", between.own);
        let proxy = Router::new().fallback(pass).with_state(between.clone());
        tokio::spawn(async move { axum::serve(listener, proxy).await });
        (between, url)
    }

    /// From now on this list is spoilt, or none.
    pub(super) fn spoil(&self, harm: Option<(List, Harm)>) {
        self.told.lock().unwrap().spoilt = harm;
    }

    /// Until this is told again a path is answered so from its `first` time on, which counts from 0.
    pub(crate) fn answer(&self, instead: Option<(&str, usize, Instead)>) {
        let mut told = self.told.lock().unwrap();
        told.asked.clear();
        told.instead = instead.map(|(path, first, instead)| (path.to_owned(), first, instead));
    }

    /// How often each path of the products was asked for since [`Self::answer`].
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.told.lock().unwrap().asked)
    }

    fn stand_in(&self, path: &str) -> Option<Instead> {
        let mut told = self.told.lock().unwrap();
        let times = told.asked.entry(path.to_owned()).or_default();
        *times += 1;
        let time = *times;
        let (meant, first, instead) = told.instead.as_ref()?;
        (meant == path && time > *first).then_some(*instead)
    }

    /// The lists that came by since this was asked.
    pub(super) fn lists(&self) -> BTreeSet<List> {
        std::mem::take(&mut self.told.lock().unwrap().seen)
    }

    /// The text with this proxy in place of the sandbox.
    fn renamed(&self, text: &str) -> String {
        let encoded = |place: &str| place.replace(':', "%3A");
        let text = text.replace(&self.upstream, &self.own);
        text.replace(&encoded(&self.upstream), &encoded(&self.own))
    }

    fn judge(&self, path: &str, body: &mut Value) -> Option<StatusCode> {
        let mut told = self.told.lock().unwrap();
        let mut found = BTreeSet::new();
        places(body, "", &mut found);
        told.seen
            .extend(found.into_iter().map(|list| (path.to_owned(), list)));
        let ((spoilt, list), harm) = told.spoilt.clone()?;
        let holds_it = spoilt == path && first_at(body, &list).is_some();
        holds_it.then(|| harm.done_to(body, &list))
    }
}

async fn pass(State(between): State<Between>, request: Request) -> Response {
    let (mut asked, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    asked.headers.remove(ACCEPT_ENCODING);
    asked.headers.remove(CONTENT_LENGTH);
    let path = asked.uri.path().to_owned();
    let target = format!("http://{}{}", between.upstream, asked.uri);
    let forwarded = between.http.request(asked.method, target).headers(asked.headers);
    let answer = forwarded.body(body).send().await.unwrap();
    let (mut status, mut headers) = (answer.status(), answer.headers().clone());
    for name in [CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    if let Some(place) = headers.get_mut(LOCATION) {
        *place = between.renamed(place.to_str().unwrap()).parse().unwrap();
    }
    let mut bytes = answer.bytes().await.unwrap();
    if let Ok(text) = std::str::from_utf8(&bytes) {
        bytes = between.renamed(text).into();
    }
    let product = path.starts_with("/api/") || path.starts_with("/crm/");
    if let Some(mut body) = serde_json::from_slice(&bytes).ok().filter(|_| product)
        && let Some(spoilt) = between.judge(&path, &mut body)
    {
        (status, bytes) = (spoilt, body.to_string().into());
    }
    if product
        && let Some(instead) = between.stand_in(&path)
        && let Some(body) = instead.body.made_of(&bytes)
    {
        status = StatusCode::from_u16(instead.status).unwrap();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(instead.content_type));
        headers.remove(CONTENT_DISPOSITION);
        bytes = body.into();
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
