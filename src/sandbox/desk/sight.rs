//! What whoever calls sees of an organization and may do in it: administrators everything, others what their profile and
//! their departments give them.
//!
//! That fields without permission are left out is documented of answers (field-level security); that a condition on one
//! finds nothing, and a write takes it for a field that is not there, is a guess.

use std::borrow::Cow;

use serde_json::Value;

use super::clauses::{Clause, Test};
use super::modules::{self, Row, text};
use super::refusal::Refusal;
use super::routes::Route;
use crate::http::Request;
use crate::permissions::desk::{department_field, group, rule};

/// Who calls; the default is the administrator of the seed, from whom nobody takes anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    /// Which agent of the seed.
    pub(crate) agent: u64,
    pub(crate) limits: Option<Limits>,
}

/// What somebody who is no administrator has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    pub(crate) permissions: Value,
    pub(crate) departments: Vec<String>,
    pub(crate) hidden: Vec<Hidden>,
    pub(crate) light: bool,
    /// A list of the agent's own departments is what is asked for.
    pub(crate) own: bool,
}

/// A field that is not shown.
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    pub(crate) module: String,
    pub(crate) name: String,
    /// What `customFields` call it.
    pub(crate) label: String,
}

impl Sight {
    /// That of somebody who is no agent of any organization.
    pub(crate) fn nobody() -> Self {
        Sight {
            agent: 0,
            limits: Some(Limits::default()),
        }
    }

    /// Whether the profile lets its agents make this call at all.
    pub(crate) fn permits(&mut self, route: &Route, request: &Request) -> Result<(), Refusal> {
        let Some(limits) = &mut self.limits else {
            return Ok(());
        };
        let rule = rule(&route.method, &route.path);
        limits.own = rule.own;
        let named = group(first(request));
        let body = request.json().unwrap_or_default();
        let asked = group(body["module"].as_str().unwrap_or_default());
        let may = |name: &String| {
            let (group, name) = name.split_once('.').unwrap_or_default();
            limits.permissions[group][name] == true
        };
        if rule.needed(&[("{m}", named), ("{asked}", asked)]).iter().all(may) {
            Ok(())
        } else {
            Err(Refusal::forbidden())
        }
    }

    /// Refuses a record that is not within reach.
    pub(crate) fn may_reach(&self, module: &str, row: &Row) -> Result<(), Refusal> {
        self.limits
            .as_ref()
            .map_or(Ok(()), |limits| limits.may_reach(module, row))
    }

    /// The conditions of a list, with those that keep out what is not seen.
    pub(crate) fn narrow<'c>(&self, module: &str, clauses: &'c [Clause]) -> Cow<'c, [Clause]> {
        let Some(limits) = &self.limits else {
            return Cow::Borrowed(clauses);
        };
        let mut all: Vec<Clause> = clauses.iter().map(|clause| limits.seen(module, clause)).collect();
        all.extend(department_field(module).map(|field| Clause::one_of(field, limits.departments.clone())));
        if module == "departments" && limits.own {
            all.push(Clause::one_of("id", limits.departments.clone()));
        }
        if module == "fields" {
            all.extend(limits.hidden.iter().map(|hidden| {
                let other =
                    |field: &str, value: &str| Clause::new(field, Test::NoneOf(vec![value.to_owned()]));
                Clause::either(vec![
                    other("_module", &hidden.module),
                    other("apiName", &hidden.name),
                ])
            }));
        }
        Cow::Owned(all)
    }

    /// Takes the fields that are not seen out of a record, or out of what a layout places.
    pub(crate) fn hide(&self, module: &str, row: &mut Row) {
        let Some(limits) = &self.limits else { return };
        if module == "layouts" {
            return limits.hide_in_layout(row);
        }
        for hidden in limits.hidden.iter().filter(|hidden| hidden.module == module) {
            row.shift_remove(&hidden.name);
            for (map, name) in [("cf", &hidden.name), ("customFields", &hidden.label)] {
                if let Some(custom) = row.get_mut(map).and_then(Value::as_object_mut) {
                    custom.shift_remove(name);
                }
            }
        }
    }

    /// Takes what became of fields that are not seen out of an event of a ticket.
    pub(crate) fn hide_in_history(&self, event: &mut Value) {
        let (Some(limits), Some(changes)) = (&self.limits, event["eventInfo"].as_array_mut()) else {
            return;
        };
        let name = |change: &Value| change["propertyName"].as_str().unwrap_or_default().to_owned();
        changes.retain(|change| !limits.hides("tickets", &name(change)));
        for change in changes {
            for side in ["previousValue", "updatedValue"] {
                let map = name(change);
                let Some(value) = change["propertyValue"]
                    .get_mut(side)
                    .filter(|value| value.is_object())
                else {
                    continue;
                };
                let mut row = Row::from_iter([(map.clone(), value.take())]);
                self.hide("tickets", &mut row);
                *value = row.shift_remove(&map).unwrap_or_default();
            }
        }
    }
}

impl Limits {
    /// Refuses a record of another department, and a field that is not seen.
    pub(crate) fn may_reach(&self, module: &str, row: &Row) -> Result<(), Refusal> {
        if module == "fields" && self.hides(text(row, "_module"), text(row, "apiName")) {
            return Err(Refusal::not_found());
        }
        let Some(field) = department_field(module) else {
            return Ok(());
        };
        let of = match row.get(field) {
            Some(Value::Array(_)) => modules::texts(row, field),
            _ => vec![text(row, field).to_owned()],
        };
        if of.iter().any(|department| self.departments.contains(department)) {
            Ok(())
        } else {
            Err(Refusal::forbidden())
        }
    }

    fn hides(&self, module: &str, field: &str) -> bool {
        let name = field.trim_start_matches("cf.");
        let hides = |hidden: &Hidden| hidden.module == module && hidden.name == name;
        self.hidden.iter().any(hides)
    }

    /// A condition that finds nothing by what is not seen.
    fn seen(&self, module: &str, clause: &Clause) -> Clause {
        match &clause.test {
            Test::Either(parts) => Clause::either(parts.iter().map(|part| self.seen(module, part)).collect()),
            _ if self.hides(module, &clause.field) => Clause::either(Vec::new()),
            _ => clause.clone(),
        }
    }

    fn hide_in_layout(&self, row: &mut Row) {
        let module = text(row, "module").to_owned();
        let sections = row.get_mut("sections").and_then(Value::as_array_mut);
        for section in sections.into_iter().flatten() {
            if let Some(fields) = section["fields"].as_array_mut() {
                fields.retain(|field| !self.hides(&module, field["apiName"].as_str().unwrap_or_default()));
            }
        }
    }
}

/// The first segment of a path.
pub(crate) fn first(request: &Request) -> &str {
    request.segments.first().map_or("", String::as_str)
}
