//! One call that has passed the checks, with what handlers need of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::modules::{self, Row, text};
use super::org::Org;
use super::refusal::Refusal;
use super::routes::Route;
use super::seed::Kind;
use super::times;
use crate::http::{Reply, Request};

/// What a handler answers.
pub(crate) type Answer = Result<Reply, Refusal>;

/// The call.
pub(crate) struct Call<'a> {
    pub(crate) org: &'a mut Org,
    pub(crate) organizations: &'a mut Arc<Vec<Row>>,
    pub(crate) request: &'a Request,
    pub(crate) route: &'static Route,
    /// The values of the path's parameters.
    pub(crate) path: Vec<String>,
    /// The checked body; empty when there is none.
    pub(crate) body: Map<String, Value>,
    /// 1 when lists count from one.
    pub(crate) from_base: u8,
}

impl Call<'_> {
    /// A query parameter, when it is sent and not empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.request.query(name).filter(|value| !value.is_empty())
    }

    /// The items of a comma-separated query parameter.
    pub(crate) fn items(&self, name: &str) -> Vec<String> {
        let value = self.query(name).unwrap_or_default();
        value
            .split(',')
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    }

    /// True when the query parameter says `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }

    /// The sandbox's now.
    pub(crate) fn moment(&self) -> Timestamp {
        self.request.now
    }

    /// Now in Desk's notation.
    pub(crate) fn now(&self) -> String {
        times::format(self.request.now)
    }

    /// The id of the user whom the token belongs to.
    pub(crate) fn me(&self) -> String {
        self.org.world.id(Kind::AGENT, self.org.sight.agent)
    }

    /// The text of a body key; empty when it is absent or null.
    pub(crate) fn sent(&self, name: &str) -> String {
        text(&self.body, name).to_owned()
    }

    /// The texts of a body key that is a list.
    pub(crate) fn sent_ids(&self, name: &str) -> Vec<String> {
        modules::texts(&self.body, name)
    }

    /// True when the body key is `true`.
    pub(crate) fn sent_flag(&self, name: &str) -> bool {
        modules::is(&self.body, name)
    }

    /// The id in the path at `position` as a number; 0 stands for none.
    pub(crate) fn path_number(&self, position: usize) -> u64 {
        self.path
            .get(position)
            .and_then(|id| id.parse().ok())
            .unwrap_or(0)
    }

    /// The module of the path's first segment.
    pub(crate) fn parent(&self) -> String {
        self.request.segments.first().cloned().unwrap_or_default()
    }

    /// The record of `module` that the path names first.
    pub(crate) fn record(&self, module: &str) -> Result<(u64, Row), Refusal> {
        let id = self.path_number(0);
        self.org
            .row(module, id)
            .map(|row| (id, row))
            .ok_or_else(Refusal::not_found)
    }

    /// The record of a list beside a record that the path names second, with its position.
    pub(crate) fn side_row(&self, module: &str, side: &str) -> Result<(u64, Vec<Row>, usize), Refusal> {
        let (owner, _) = self.record(module)?;
        let rows = self.org.side(module, owner, side);
        let id = self.path.get(1).cloned().unwrap_or_default();
        let at = rows
            .iter()
            .position(|row| text(row, "id") == id)
            .ok_or_else(Refusal::not_found)?;
        Ok((owner, rows, at))
    }

    /// Refuses when one of the ids is no record of the module.
    pub(crate) fn must_exist(&self, module: &str, ids: &[String], pointer: &str) -> Result<(), Refusal> {
        let missing: Vec<(String, &'static str)> = ids
            .iter()
            .enumerate()
            .filter(|(_, id)| self.org.row_of(module, id).is_none())
            .map(|(at, _)| (format!("{pointer}/{at}"), "invalid"))
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Refusal::invalid_data(&missing))
        }
    }

    /// Notes an event in a ticket's history.
    pub(crate) fn note(&mut self, ticket: u64, event: &str, info: Vec<Value>) {
        let (agent, now) = (self.org.row_of("agents", &self.me()), self.now());
        let name = agent
            .map(|(_, row)| text(&row, "name").to_owned())
            .unwrap_or_default();
        let row = json!({"eventName": event, "eventTime": now, "source": "Web", "actor": {"id": self.me(), "name": name, "type": "Agent"},
            "actorInfo": null, "eventInfo": info});
        if let Value::Object(row) = row {
            self.org.note(ticket, row);
        }
    }

    /// An answer with the operation's own success status and no body.
    pub(crate) fn done(&self) -> Answer {
        Ok(Reply::empty(self.route.status))
    }

    /// An answer with the operation's own success status and a record.
    pub(crate) fn with(&self, body: &Value) -> Answer {
        Ok(Reply::json(self.route.status, body))
    }

    /// A list as Desk sends it: under its key, or 204 without rows.
    pub(crate) fn list(&self, key: &str, rows: Vec<Value>) -> Answer {
        if rows.is_empty() {
            return Ok(Reply::empty(204));
        }
        // Not by `json!`, which makes every row anew.
        let list = Row::from_iter([(key.to_owned(), Value::Array(rows))]);
        Ok(Reply::json(200, &Value::Object(list)))
    }

    /// The answer to an operation on many ids: what became of each.
    pub(crate) fn results(&self, outcomes: Vec<(String, bool)>) -> Answer {
        let rows: Vec<Value> = outcomes
            .into_iter()
            .map(|(id, success)| {
                let errors = if success {
                    Value::Null
                } else {
                    json!({"errorCode": "URL_NOT_FOUND", "httpCode": "404"})
                };
                json!({"id": id, "success": success, "errors": errors})
            })
            .collect();
        Ok(Reply::json(200, &json!({"results": rows})))
    }
}
