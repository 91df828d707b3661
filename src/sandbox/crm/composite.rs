//! Several requests in one. Source: the composite page of v2.1 to v8 and the OpenAPI set of August 2026 (five parts, their
//! keys, `rollback_on_fail`, the codes). (Assumed: the form of a part's answer beside its code.)

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::Call;
use super::schema::Row;
use super::state::Crm;
use crate::http::{Reply, Request};

mod references;

const KEY: &str = "__composite_requests";
/// Parts of one request.
const MOST: usize = 5;

/// `POST __composite_requests`
pub(crate) fn run(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let parts = call.objects(&body, KEY, MOST)?;
    for (at, part) in parts.iter().enumerate() {
        request(call, part, at)?;
    }
    let order = references::order(&parts)?;
    let before = (body.get("rollback_on_fail") == Some(&Value::Bool(true))).then(|| crm.clone());
    let mut told = vec![(false, Value::Null); parts.len()];
    let mut answers = BTreeMap::new();
    for at in order {
        let part = &parts[at];
        told[at] = match references::filled(part, &answers) {
            Ok(filled) => {
                let reply = match request(call, &filled, at) {
                    Ok(request) => (call.dispatch)(crm, &request),
                    Err(refusal) => refusal,
                };
                let outcome = outcome(part, &reply);
                if let Some(id) = references::id_of(part) {
                    answers.insert(id.to_owned(), outcome.1["details"]["response"]["body"].clone());
                }
                outcome
            }
            Err(written) => {
                let details = references::details(part, at, &written);
                (false, failure("INVALID_REFERENCE", &details, "invalid reference"))
            }
        };
    }
    if let Some(before) = before
        && told.iter().any(|(good, _)| !good)
    {
        *crm = before;
        for (good, row) in told.iter_mut().filter(|(good, _)| *good) {
            let response = row["details"].clone();
            *row = failure("ROLLBACK_PERFORMED", &response, "the request was rolled back");
            *good = false;
        }
    }
    Ok(results_as(
        KEY,
        200,
        told.into_iter().map(|(_, row)| row).collect(),
    ))
}

fn outcome(part: &Row, reply: &Reply) -> (bool, Value) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let mut details =
        json!({ "response": { "status_code": reply.status, "headers": headers, "body": body } });
    if let Some(id) = part.get("sub_request_id") {
        details["sub_request_id"] = id.clone();
    }
    // A part that did something for some of its records has not failed.
    let good = StatusCode::from_u16(reply.status).is_ok_and(|status| status.is_success());
    let row = match good {
        true => success(&details, "composite request executed successfully"),
        false => failure("PROCESSING_STOPPED", &details, "the request was not carried out"),
    };
    (good, row)
}

/// The part as a request of its own, with the token and the moment of the whole.
fn request(call: &Call<'_>, part: &Row, at: usize) -> Result<Request, Reply> {
    let path = |name: &str| format!("$.{KEY}[{at}].{name}");
    let text = |name: &str| {
        let given = part
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        given.ok_or_else(|| answer::mandatory(name, &path(name)))
    };
    let method = text("method")?;
    let known = ["GET", "POST", "PUT", "DELETE", "PATCH"].contains(&method);
    let method = Method::from_bytes(method.as_bytes()).ok().filter(|_| known);
    let method = method.ok_or_else(|| answer::invalid("method", "method", &path("method")))?;
    let uri = text("uri")?;
    let wrong = || answer::invalid("uri", "uri", &path("uri"));
    let url = url::Url::parse("http://sandbox")
        .and_then(|base| base.join(uri))
        .map_err(|_| wrong())?;
    let inside = url.path().strip_prefix("/crm/").ok_or_else(wrong)?;
    let decode = |segment: &str| {
        percent_encoding::percent_decode_str(segment)
            .decode_utf8_lossy()
            .into_owned()
    };
    let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in part
        .get("params")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        query.push((name.clone(), value));
    }
    let segments: Vec<String> = inside.split('/').map(decode).collect();
    // A request within one of its own kind would have no end.
    if segments.iter().any(|segment| segment == KEY) {
        return Err(answer::refuse(
            400,
            "LOOPING_FOUND",
            &json!({ "json_path": path("uri") }),
            "looping found",
        ));
    }
    Ok(Request {
        method,
        segments,
        query,
        body: part
            .get("body")
            .map_or_else(Default::default, |body| body.to_string().into()),
        ..call.request.clone()
    })
}
