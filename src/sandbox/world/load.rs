//! A start made to order: calls that the products carry out as any other, customers who write, moves of the clock.

use std::collections::BTreeMap;

use ::http::{HeaderMap, HeaderValue, Method};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::World;
use crate::known::filled;
use crate::wire::Call;

/// One thing that is done; `call`, `customer`, `answers` or `clock` says which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Method and path: `POST /api/v1/tickets`.
    call: Option<String>,
    /// The JSON body of the call.
    body: Option<Value>,
    /// The Desk organization, if not the first.
    org: Option<String>,
    /// The name that later steps know the answer by: `${case.id}`.
    #[serde(rename = "as")]
    name: Option<String>,
    customer: Option<Said>,
    /// As `POST customer` takes it.
    answers: Option<Value>,
    /// As `POST clock` takes it.
    clock: Option<Value>,
}

/// A mail of a customer that comes in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    ticket: String,
    content: String,
}

impl World {
    /// `POST load {"steps": [..]}`: all of them, or nothing when one fails. Answers what later steps were told by name.
    pub(crate) fn load(&mut self, body: &Value) -> Result<Value, String> {
        let steps = body.get("steps").and_then(Value::as_array);
        let steps = steps.ok_or("steps: expected a list")?;
        let known = self.take(steps)?;
        Ok(json!({"ok": true, "known": known}))
    }

    /// Takes all steps, or none; what they are known by.
    pub(super) fn take(&mut self, steps: &[Value]) -> Result<BTreeMap<String, Value>, String> {
        let before = self.moment();
        let mut known = BTreeMap::new();
        for (number, step) in (1..).zip(steps) {
            if let Err(error) = self.step(step, &mut known) {
                self.go_back(before);
                return Err(format!("step {number}: {error}; nothing of it was done"));
            }
        }
        Ok(known)
    }

    fn step(&mut self, step: &Value, known: &mut BTreeMap<String, Value>) -> Result<(), String> {
        let step: Step = serde_json::from_value(filled(step, known)?).map_err(|error| error.to_string())?;
        let answer = match (step.call, step.customer, step.answers, step.clock) {
            (Some(call), None, None, None) => self.carry_out(&call, step.body, step.org)?,
            (None, Some(said), None, None) => {
                let now = self.control.clock.now();
                self.desk.hear(&said.ticket, &said.content, now)?
            }
            (None, None, Some(answers), None) => self.expect(answers)?,
            (None, None, None, Some(clock)) => {
                self.control.clock.change(&clock)?;
                self.control.clock.describe()
            }
            _ => return Err("expected one of call, customer, answers and clock".to_owned()),
        };
        if let Some(name) = step.name {
            known.insert(name, answer);
        }
        Ok(())
    }

    /// A call by somebody who may do everything; it is no part of the record.
    fn carry_out(&mut self, call: &str, body: Option<Value>, org: Option<String>) -> Result<Value, String> {
        let (method, path) = call.split_once(' ').ok_or("call: expected METHOD PATH")?;
        let mut headers = HeaderMap::new();
        if let Some(org) = org {
            let org = HeaderValue::try_from(org).map_err(|error| error.to_string())?;
            headers.insert("orgid", org);
        }
        let asked = Call {
            method: Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?,
            uri: path.parse().map_err(|error| format!("{path}: {error}"))?,
            headers,
            body: body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string())),
        };
        let grant = self.accounts.everything();
        let reply = self.answer(asked, Some(grant));
        let told = String::from_utf8_lossy(&reply.body);
        let value: Value = serde_json::from_str(&told).unwrap_or(Value::Null);
        if reply.status >= 400 || has_an_error(&value) {
            return Err(format!("{call}: {} {told}", reply.status));
        }
        Ok(match first(&value).get("details") {
            Some(details) => details.clone(),
            None => value,
        })
    }
}

/// Whether a row of any list says so: CRM answers a write of many with a row each.
fn has_an_error(value: &Value) -> bool {
    let lists = value.as_object().into_iter().flat_map(|members| members.values());
    let mut rows = lists.filter_map(Value::as_array).flatten();
    rows.any(|row| row["status"] == "error")
}

/// CRM answers a write with a row each: the first one's `details` hold the id.
fn first(value: &Value) -> &Value {
    &value["data"][0]
}
