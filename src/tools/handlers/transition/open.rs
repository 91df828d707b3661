//! The blueprint that holds a record: its state, the transitions that are open and what each asks for.

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::names::letters;
use crate::tools::error::{Code, ToolError};
use crate::tools::handlers::on_record::body_of;
use crate::tools::modules::Subject;
use crate::tools::writing::plain;
use crate::zoho::{Read, Session};

/// CRM's word for a record that no blueprint holds.
const NOT_HELD: &str = "RECORD_NOT_IN_PROCESS";

/// The blueprint that holds a record.
pub(in crate::tools::handlers) struct Blueprint {
    name: Option<String>,
    /// The field whose values are its states, as requests and as people name it.
    pub(super) field: String,
    pub(super) label: String,
    pub(super) state: String,
    open: Vec<Transition>,
    /// Transitions of this state whose conditions the record does not meet.
    pub(super) closed: usize,
}

/// A transition that is open.
pub(super) struct Transition {
    pub(super) id: String,
    pub(super) name: String,
    /// The state it leads to.
    pub(super) to: Option<String>,
    /// What it asks for: the field, and whether it must be there.
    fields: Vec<(String, bool)>,
}

/// The blueprint that holds a record; none where it is free.
///
/// # Errors
/// Zoho refused.
pub(in crate::tools::handlers) async fn blueprint(
    session: &Session,
    subject: &Subject,
    id: &str,
) -> Result<Option<Blueprint>, ToolError> {
    let path = [subject.address(), id];
    let path: Vec<&str> = match subject.product {
        Product::Desk => path.into_iter().chain(["blueprint"]).collect(),
        Product::Crm => path.into_iter().chain(["actions", "blueprint"]).collect(),
    };
    let read = Read::get(subject.product, path).with_scopes(subject.module.scopes.clone());
    let body = match body_of(session, &read).await {
        Ok(body) => body,
        Err(error) if error.rejection.as_ref().is_some_and(|why| why.code == NOT_HELD) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(match subject.product {
        Product::Desk => of_desk(&body),
        Product::Crm => body.get("blueprint").and_then(of_crm),
    })
}

fn text(value: &Value, place: &str) -> Option<String> {
    value.pointer(place).and_then(plain)
}

fn of_desk(body: &Value) -> Option<Blueprint> {
    let all = body.get("transitions")?.as_array()?;
    let one = |transition: &Value| {
        Some(Transition {
            id: text(transition, "/id")?,
            name: text(transition, "/name").unwrap_or_default(),
            to: text(transition, "/toState/name").or_else(|| text(transition, "/toState")),
            fields: asked(
                transition,
                &["apiName", "name", "fieldName"],
                &["isMandatory", "mandatory"],
            ),
        })
    };
    Some(Blueprint {
        name: text(body, "/name"),
        field: "status".to_owned(),
        label: "Status".to_owned(),
        state: text(body, "/state/name").or_else(|| text(body, "/state"))?,
        open: all.iter().filter_map(one).collect(),
        closed: 0,
    })
}

fn of_crm(body: &Value) -> Option<Blueprint> {
    let all = body.get("transitions")?.as_array()?;
    let is_open = |transition: &&Value| transition.get("criteria_matched") != Some(&Value::Bool(false));
    let one = |transition: &Value| {
        Some(Transition {
            id: text(transition, "/id")?,
            name: text(transition, "/name").unwrap_or_default(),
            to: text(transition, "/next_field_value"),
            fields: asked(transition, &["api_name"], &["mandatory"]),
        })
    };
    let field = text(body, "/process_info/api_name")?;
    let open: Vec<Transition> = all.iter().filter(is_open).filter_map(one).collect();
    Some(Blueprint {
        name: text(body, "/process_info/name"),
        label: text(body, "/process_info/field_label").unwrap_or_else(|| field.clone()),
        state: text(body, "/process_info/field_value")?,
        field,
        closed: all.iter().filter(|transition| !is_open(transition)).count(),
        open,
    })
}

/// The fields that a transition asks for.
fn asked(transition: &Value, names: &[&str], mandatory: &[&str]) -> Vec<(String, bool)> {
    let all = transition.get("fields").and_then(Value::as_array);
    let one = |field: &Value| {
        let name = names.iter().find_map(|name| field.get(*name).and_then(plain))?;
        let must = mandatory
            .iter()
            .any(|name| field.get(*name) == Some(&Value::Bool(true)));
        Some((name, must))
    };
    all.into_iter().flatten().filter_map(one).collect()
}

impl Transition {
    /// The fields it cannot do without.
    pub(super) fn needs(&self) -> impl Iterator<Item = &String> {
        let needed = self.fields.iter().filter(|(_, must)| *must);
        needed.map(|(name, _)| name)
    }

    fn shown(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(self.id));
        shown.insert("name".to_owned(), json!(self.name));
        shown.extend(self.to.clone().map(|to| ("to".to_owned(), json!(to))));
        let fields = self.fields.iter().map(|(name, must)| match must {
            true => json!({ "field": name, "mandatory": true }),
            false => json!({ "field": name }),
        });
        if !self.fields.is_empty() {
            shown.insert("fields".to_owned(), fields.collect());
        }
        Value::Object(shown)
    }

    fn told(&self) -> String {
        match &self.to {
            Some(to) => format!("\"{}\" (to {to})", self.name),
            None => format!("\"{}\"", self.name),
        }
    }
}

impl Blueprint {
    /// The transition of this id or name.
    ///
    /// # Errors
    /// None that is open is called so, or several are.
    pub(super) fn transition(&self, named: &str) -> Result<&Transition, ToolError> {
        let wanted = letters(named);
        let by_id = self.open.iter().find(|one| one.id == named);
        let mut by_name = self
            .open
            .iter()
            .filter(|one| !wanted.is_empty() && letters(&one.name) == wanted);
        match (by_id, by_name.next(), by_name.next()) {
            (Some(one), ..) | (None, Some(one), None) => Ok(one),
            _ => {
                let expected = format!("the id or name of one that is open: {}", self.told());
                Err(ToolError::argument(
                    "/transition",
                    expected,
                    format!("`{named}`"),
                    None,
                ))
            }
        }
    }

    /// As an answer shows it.
    pub(super) fn shown(&self) -> impl Iterator<Item = (String, Value)> {
        let name = self
            .name
            .clone()
            .map(|name| ("blueprint".to_owned(), json!(name)));
        let open: Vec<Value> = self.open.iter().map(Transition::shown).collect();
        let rest = [
            ("state".to_owned(), json!(self.state)),
            ("transitions".to_owned(), json!(open)),
        ];
        name.into_iter().chain(rest)
    }

    fn told(&self) -> String {
        match self.open.is_empty() {
            true => "none is".to_owned(),
            false => {
                let all: Vec<String> = self.open.iter().map(Transition::told).collect();
                all.join(", ")
            }
        }
    }
}

/// Refuses a status that a blueprint gives: only its transitions change it. Where Zoho does not say whether one holds the
/// case, it says so to the change itself.
///
/// # Errors
/// A blueprint holds it.
pub(in crate::tools::handlers) async fn refuse_held(
    session: &Session,
    subject: &Subject,
    id: &str,
) -> Result<(), ToolError> {
    let Ok(Some(held)) = blueprint(session, subject, id).await else {
        return Ok(());
    };
    let name = held.name.as_deref().unwrap_or("of its own");
    Err(ToolError::new(
        Code::Rejected,
        format!(
            "Nothing was sent: the blueprint \"{name}\" holds the record in {}, and only a transition changes that.",
            held.state
        ),
        format!(
            "perform_transition performs one of those that are open: {}.",
            held.told()
        ),
    ))
}
