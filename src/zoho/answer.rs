//! What an answer of Zoho is: what was asked for, a token that is turned down, another organization, a failure.

use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::error::{FieldError, ZohoError};
use super::http::Answer;
use super::request::Call;
use crate::names::{clean_line, clip};

/// Wait when Zoho asks for one without saying how long, in seconds.
const UNNAMED_WAIT: u64 = 10;

/// A successful answer of Zoho.
#[derive(Debug, Clone)]
pub struct ZohoResponse {
    /// JSON text in valid UTF-8; empty for "nothing found" (HTTP 204).
    pub body: Bytes,
    /// API credits left, when Zoho said so.
    pub credits_remaining: Option<u64>,
    /// When Zoho answered by its own clock, in epoch seconds, when it said so.
    pub date: Option<i64>,
}

/// What an error body says.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: String,
    fields: Vec<FieldError>,
    body: Value,
}

/// What to do about an answer.
pub(super) enum Verdict {
    /// It is what was asked for.
    Done(ZohoResponse),
    /// The token is not accepted: another one may be (HTTP 401).
    TokenRefused(String),
    /// The token belongs to another organization than the one named.
    WrongOrganization(String),
    /// It failed for good.
    Failed(ZohoError),
}

pub(super) fn judge(request: &Call, answer: Answer, now: i64) -> Verdict {
    match answer.status {
        200..=299 => success(request, answer, now),
        300..=399 => Verdict::Failed(redirected(request, &answer)),
        _ => failure(request, &answer, now),
    }
}

/// An answer that says nothing about what was asked leaves open whether a change happened.
fn open_for_writes(request: &Call, message: String) -> ZohoError {
    if request.is_write() {
        ZohoError::OutcomeUnknown { message }
    } else {
        ZohoError::unavailable(message)
    }
}

/// A redirect, which is never followed with a token: a read is answered so again, whenever it is repeated.
fn redirected(request: &Call, answer: &Answer) -> ZohoError {
    let target = answer
        .location
        .as_deref()
        .and_then(|location| Url::parse(location).ok());
    let host = target
        .and_then(|url| url.host_str().map(|host| format!(" to {host}")))
        .unwrap_or_default();
    let followed = "which is never followed with a token";
    if request.is_write() {
        let message = format!(
            "Zoho answered with a redirect ({}{host}), {followed}",
            answer.status
        );
        return ZohoError::OutcomeUnknown { message };
    }
    ZohoError::Rejected {
        status: answer.status,
        code: "redirect".to_owned(),
        message: format!("a redirect{host}, {followed}"),
        fields: Vec::new(),
        body: Box::default(),
    }
}

fn success(request: &Call, mut answer: Answer, now: i64) -> Verdict {
    let body = std::mem::take(&mut answer.body);
    let body = match std::str::from_utf8(&body) {
        Ok(text) if may_hold_surrogates(text) => Bytes::from(mend_surrogates(text)),
        Ok(_) => body,
        Err(_) => Bytes::from(mend_surrogates(&String::from_utf8_lossy(&body))),
    };
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        // 204 says that there is nothing; a list that has nothing to show says so, too.
        None if answer.status != 204 && !request.is_write() => Verdict::Failed(ZohoError::unavailable(
            format!("Zoho sent nothing with status {}", answer.status),
        )),
        None => Verdict::Done(ZohoResponse {
            body: Bytes::new(),
            credits_remaining: answer.credits_remaining,
            date: answer.date,
        }),
        Some(b'{' | b'[') if !request.is_write() && is_refusal(&body) => {
            failure(request, &Answer { body, ..answer }, now)
        }
        Some(b'{' | b'[') => Verdict::Done(ZohoResponse {
            body,
            credits_remaining: answer.credits_remaining,
            date: answer.date,
        }),
        Some(_) => {
            let message = format!(
                "Zoho sent a non-JSON answer with status {}: {}",
                answer.status,
                excerpt(&body)
            );
            Verdict::Failed(open_for_writes(request, message))
        }
    }
}

/// Longer bodies are looked into only where they begin as refusals do.
const SHORT: usize = 8 << 10;

/// Whether what came as a success says itself that it is none: Desk's `errorCode`, CRM's `"status":"error"`, alone or in
/// place of every row.
pub(super) fn is_refusal(body: &[u8]) -> bool {
    let begins = |start: &[u8]| {
        let signs = body.iter().filter(|byte| !byte.is_ascii_whitespace());
        signs.take(start.len()).eq(start)
    };
    if body.len() > SHORT && !begins(br#"{"data":[{"code":"#) && !begins(br#"{"errorCode":"#) {
        return false;
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let has = |value: &Value, key: &str| value.get(key).is_some_and(Value::is_string);
    let is_error = |value: &Value| {
        let status = value.get("status").and_then(Value::as_str);
        has(value, "code") && has(value, "message") && status == Some("error") && !has(value, "id")
    };
    let rows = body.get("data").and_then(Value::as_array);
    let all = rows.is_some_and(|rows| !rows.is_empty() && rows.iter().all(is_error));
    has(&body, "errorCode") && (has(&body, "message") || !has(&body, "id")) || is_error(&body) || all
}

/// The status that Zoho documents for a code which says by itself what kind of failure it is. It comes with others, too: 200
/// around a refusal.
fn status_of(code: &str) -> Option<u16> {
    match code {
        "INVALID_TOKEN"
        | "INVALID_OAUTH"
        | "AUTHENTICATION_FAILURE"
        | "SCOPE_MISMATCH"
        | "OAUTH_SCOPE_MISMATCH"
        | "INVALID_OAUTHSCOPE"
        | "OAUTH_ORG_MISMATCH" => Some(401),
        "TOO_MANY_REQUESTS" | "THRESHOLD_EXCEEDED" => Some(429),
        "INTERNAL_ERROR" | "INTERNAL_SERVER_ERROR" => Some(500),
        _ => None,
    }
}

fn failure(request: &Call, answer: &Answer, now: i64) -> Verdict {
    let refusal = read_refusal(&answer.body);
    let code = refusal.code.as_str();
    let status = match answer.status {
        200..=499 => status_of(code).unwrap_or(answer.status),
        other => other,
    };
    if matches!(status, 401 | 403) {
        if matches!(
            code,
            "SCOPE_MISMATCH" | "OAUTH_SCOPE_MISMATCH" | "INVALID_OAUTHSCOPE"
        ) {
            return Verdict::Failed(ZohoError::ScopeMissing {
                scopes: request.scopes.clone(),
            });
        }
        if code == "OAUTH_ORG_MISMATCH" {
            return Verdict::WrongOrganization(refusal.message);
        }
    }
    let renewable = [
        "INVALID_OAUTH",
        "UNAUTHORIZED",
        "INVALID_TOKEN",
        "AUTHENTICATION_FAILURE",
        "",
    ];
    if status == 401 && renewable.contains(&code) {
        return Verdict::TokenRefused(if code.is_empty() {
            "HTTP 401".to_owned()
        } else {
            refusal.code
        });
    }
    Verdict::Failed(match status {
        404 => ZohoError::NotFound {
            code: refusal.code,
            message: refusal.message,
        },
        429 => ZohoError::RateLimited {
            seconds: retry_after(answer, now).unwrap_or(UNNAMED_WAIT),
            reason: if code.is_empty() {
                "HTTP 429".to_owned()
            } else {
                refusal.code
            },
        },
        500..=599 => {
            let code = if code.is_empty() {
                String::new()
            } else {
                format!(" {code}")
            };
            let message = format!("Zoho failed to handle the call ({}{code})", answer.status);
            if request.is_write() {
                ZohoError::OutcomeUnknown { message }
            } else {
                ZohoError::Unavailable {
                    message,
                    seconds: retry_after(answer, now),
                }
            }
        }
        _ => {
            let mut refusal = refusal;
            if refusal.message.is_empty() {
                refusal.message = excerpt(&answer.body);
            }
            refusal.into_rejection(answer.status)
        }
    })
}

impl Refusal {
    /// The refusal as the failure of a call.
    pub(super) fn into_rejection(self, status: u16) -> ZohoError {
        ZohoError::Rejected {
            status,
            message: self.message,
            code: self.code,
            fields: self.fields,
            body: Box::new(self.body),
        }
    }
}

/// Seconds until Zoho wants to be asked again: `Retry-After` as seconds or as an HTTP date.
pub(super) fn retry_after(answer: &Answer, now: i64) -> Option<u64> {
    let text = answer.retry_after.as_deref()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let moment = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
    Some(u64::try_from(moment.saturating_sub(now)).unwrap_or(0))
}

/// Reads the error bodies of Desk (`errorCode`, `errors`) and of CRM (`code`, `details`, alone or in `data`).
pub(super) fn read_refusal(body: &[u8]) -> Refusal {
    let Ok(body) = serde_json::from_str::<Value>(&String::from_utf8_lossy(body)) else {
        return Refusal::default();
    };
    let word = |value: &Value, names: &[&str]| {
        let found = names.iter().find_map(|name| value.get(name)?.as_str());
        clean_line(found.unwrap_or_default())
    };
    let failed = |item: &&Value| word(item, &["status"]) != "success";
    let item = body
        .get("data")
        .and_then(Value::as_array)
        .and_then(|items| items.iter().find(failed))
        .unwrap_or(&body);
    let code = word(item, &["errorCode", "code"]);
    let message = word(item, &["message"]);
    let mut fields: Vec<FieldError> = body
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|error| FieldError {
            field: word(error, &["fieldName"]),
            kind: word(error, &["errorType"]),
            message: Some(word(error, &["errorMessage"])).filter(|text| !text.is_empty()),
        })
        .collect();
    let details = item.get("details").unwrap_or(&Value::Null);
    let missing = details.get("permissions").and_then(Value::as_array);
    let missing: Vec<&str> = missing.into_iter().flatten().filter_map(Value::as_str).collect();
    let message = match missing.as_slice() {
        [] => message,
        missing => format!("{message} (missing: {})", clean_line(missing.join(", "))),
    };
    let named = word(details, &["api_name", "param_name", "column_name", "json_path"]);
    let limit = details
        .get("limit")
        .filter(|limit| limit.is_number() || limit.is_string());
    let message = match limit.filter(|_| named.is_empty()) {
        Some(limit) => clean_line(format!("{message} (limit: {limit})")),
        None => message,
    };
    if !named.is_empty() {
        let expected = ["expected_data_type", "maximum_length", "reason", "limit"];
        let expected = expected.iter().find_map(|name| {
            details
                .get(name)
                .map(|value| clean_line(format!("{name}: {value}")))
        });
        fields.push(FieldError {
            field: named,
            kind: code.clone(),
            message: expected,
        });
    }
    Refusal {
        code,
        message,
        fields,
        body,
    }
}

/// The first 200 characters of a body, on one line; of a page of the web what is between its tags.
fn excerpt(body: &[u8]) -> String {
    const LOOKED_AT: usize = 4 << 10;
    const SHOWN: usize = 200;
    let begin = String::from_utf8_lossy(body.get(..LOOKED_AT).unwrap_or(body));
    let begin = match begin.starts_with('<') {
        true => begin
            .split('<')
            .filter_map(|piece| Some(piece.split_once('>')?.1))
            .collect::<Vec<_>>()
            .join(" "),
        false => begin.into_owned(),
    };
    let begin = clip(begin.trim(), SHOWN);
    let words = begin.split(|sign: char| sign.is_control() || sign.is_whitespace());
    words
        .filter(|word| !word.is_empty())
        .map(clean_line)
        .collect::<Vec<_>>()
        .join(" ")
}

fn may_hold_surrogates(text: &str) -> bool {
    text.contains("\\ud") || text.contains("\\uD")
}

/// Replaces each escaped half of a surrogate pair that stands alone by `\ufffd`: JSON readers refuse the
/// whole text otherwise.
fn mend_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let whole = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(true), Some(false)) => 12,
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (escape, after) = escape.split_at(whole);
        mended.push_str(escape);
        rest = after;
    }
    mended.push_str(rest);
    mended
}

/// Whether a text starts with an escaped surrogate: `Some(true)` for a leading one, `Some(false)` for a
/// trailing one.
fn surrogate(text: &str) -> Option<bool> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(true),
        0xdc00..=0xdfff => Some(false),
        _ => None,
    }
}
