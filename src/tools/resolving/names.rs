//! The names of fields in a read's arguments, before Zoho is asked for records: a label or another spelling becomes the
//! API name, a name no field has is refused with the nearest ones, and a picklist value in another case is put right.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{absent, currency, own_values, signs};
use crate::connections::Product;
use crate::names::{self, clip, fold, letters, most_alike, pointer, same_but_for_number};
use crate::repair::{Access, Problem, Repair};
use crate::tools::advice::{Doubt, Finding, look};
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::Invocation;
use crate::tools::modules::{Module, Subject};
use crate::tools::request;
use crate::tools::settings::fields::{Field, join_labels, list_known};

/// What follows where nobody tells what fields there are.
const AS_GIVEN: &str = "Names of fields and values were taken as they were given.";
/// Names told as the nearest ones.
const NEAREST: usize = 3;
/// Names that no field has and that are told; those behind them are not looked at.
const MOST_PROBLEMS: usize = 12;

/// What the names and values in a call's arguments came to.
#[derive(Debug, Default)]
pub struct Settled {
    /// What was put right.
    pub repairs: Vec<Repair>,
    /// Values that their picklist does not have.
    pub odd: Vec<Finding>,
}

/// A name in the arguments that the module's own data does not settle.
struct Open {
    path: String,
    name: String,
}

/// Puts the names in `fields`, `sort_by` and `filters` right. Nobody is asked where the module's own data has them all, or
/// where no settings describe it; else Zoho's settings are, at most once while they are remembered.
///
/// # Errors
/// A name that no field of the module has.
pub(super) async fn settle(
    invocation: &Invocation<'_>,
    arguments: &mut Map<String, Value>,
) -> Result<Settled, ToolError> {
    let Some(subject) = whose_fields(arguments) else {
        return Ok(Settled::default());
    };
    let mut settled = Settled::default();
    let mut open = by_the_file(&subject, arguments, &mut settled.repairs);
    if subject.module.undescribed {
        return Ok(settled); // what else there is, its rows tell
    }
    let valued = arguments.get("filters").is_some() && !invocation.equipment().settings.fields.is_empty();
    let several = subject.product == Product::Crm && names_several(arguments);
    let several = several || signs::may_leave_out(arguments) || absent::may_say_nothing(arguments);
    let several = several || signs::may_begin(arguments, &subject) || own_values::may_be(arguments);
    let asks = several || currency::may_want(&subject, arguments);
    if open.is_empty() && !valued && !asks {
        return Ok(settled);
    }
    let Ok(session) = invocation.session(subject.product).await else {
        return Ok(settled); // the call itself meets what is wrong with the connection
    };
    let fields = if open.is_empty() && !asks {
        invocation.equipment().settings.fields.recall(session, &subject)
    } else {
        let mut listed = None;
        for anew in [false, true] {
            match invocation.fields(session, &subject, anew).await {
                Ok((fields, fresh)) => {
                    let all_known = open.iter().all(|one| has(&fields, &one.name));
                    listed = Some(fields);
                    if fresh || all_known {
                        break;
                    }
                }
                Err(error) => {
                    if several || !open.is_empty() {
                        invocation.miss_fields(&subject, &error, AS_GIVEN);
                    }
                    break;
                }
            }
        }
        listed
    };
    let Some(fields) = fields.filter(|fields| fields.iter().any(|field| !field.label.is_empty())) else {
        settled.repairs.extend(signs::begin(arguments, &subject, &[]));
        return Ok(settled);
    };
    if !open.is_empty() && rejoin(arguments, &fields) {
        open = by_the_file(&subject, arguments, &mut settled.repairs);
    }
    refuse_lists(&subject, &open, &fields)?;
    by_the_settings(&subject, open, arguments, &fields, &mut settled)?;
    let place = |repair: &Repair| (repair.path.len(), repair.path.clone());
    settled.repairs.sort_by_key(place);
    let absent = absent::leave_out_words(arguments, &subject, &fields);
    settled.repairs.extend(absent);
    settled.repairs.extend(signs::begin(arguments, &subject, &fields));
    settled.repairs.extend(own_values::put(arguments, &fields));
    settled.repairs.extend(signs::leave_out(arguments, &fields));
    values(arguments, &fields, &mut settled);
    currency::add_currency(arguments, &subject, &fields);
    Ok(settled)
}

/// A related list whose rows are of no module, where the file tells what they have: no settings describe them.
fn list_of_its_own(of: &Subject, list: &str) -> Option<Subject> {
    let module = match of.product {
        Product::Desk => {
            let wanted = fold(list);
            let mut lists = of.module.related.iter();
            let (_, list) = lists.find(|(name, _)| fold(name) == wanted)?;
            list.clone()
        }
        Product::Crm => Module::of_crm_list(list)?,
    };
    let is_told = !module.known.is_empty();
    is_told.then_some(Subject {
        product: of.product,
        module: Cow::Owned(Module {
            undescribed: true,
            ..module
        }),
        note: None,
    })
}

/// Whether a condition has several texts: of those that are no values of a picklist nothing would be said where others
/// find records.
fn names_several(arguments: &Map<String, Value>) -> bool {
    let conditions = arguments.get("filters").and_then(Value::as_object);
    let mut lists = conditions
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_array);
    lists.any(|items| items.len() > 1 && items.iter().all(Value::is_string))
}

/// The module whose fields the arguments name: of a related list that of its rows, or what the file tells of them.
fn whose_fields(arguments: &Map<String, Value>) -> Option<Subject> {
    let subject = request::subject(arguments).ok()?;
    match arguments.get("related").and_then(Value::as_str) {
        Some(list) => subject
            .of_related(list)
            .or_else(|| list_of_its_own(&subject, list)),
        None => Some(subject),
    }
}

/// Settles what the module's own data knows and gives the names it does not.
fn by_the_file(
    subject: &Subject,
    arguments: &mut Map<String, Value>,
    repairs: &mut Vec<Repair>,
) -> Vec<Open> {
    let known: Vec<&str> = list_known(&subject.module).collect();
    let crm = subject.product == Product::Crm;
    let mut open = Vec::new();
    if let Some(fields) = arguments.get_mut("fields").and_then(Value::as_array_mut) {
        for (index, place) in fields.iter_mut().enumerate() {
            let path = pointer::below("/fields", index);
            let Some(name) = place.as_str().map(str::to_owned) else {
                continue;
            };
            match spelt(&known, &name) {
                _ if crm && reaches_further(&name) => {}
                Some(right) if right == name => {}
                Some(right) => {
                    *place = Value::from(right);
                    repairs.push(renamed(path, &name, right));
                }
                None => open.push(Open { path, name }),
            }
        }
    }
    let sort = arguments.get("sort_by").and_then(Value::as_str);
    let conditions = arguments.get("filters").and_then(Value::as_object);
    let conditions = conditions
        .into_iter()
        .flat_map(Map::keys)
        .map(|key| (pointer::below("/filters", key), key.as_str()));
    let sort = sort.map(|name| ("/sort_by".to_owned(), name));
    for (path, name) in sort.into_iter().chain(conditions) {
        // `lastThread.direction` is a member of a field.
        let first = name.split('.').next().unwrap_or_default();
        let mut archived = subject.module.archive.iter().flat_map(|own| &own.list.always);
        let settled = spelt(&known, name).is_some()
            || archived.any(|own| fold(own) == fold(name))
            || crm && reaches_further(name)
            || !crm && known.iter().any(|one| request::same_filter(one, first));
        if !settled {
            let name = name.to_owned();
            open.push(Open { path, name });
        }
    }
    open
}

/// Puts the pieces of labels together that have separators in them: a text that holds several names was divided there.
fn rejoin(arguments: &mut Map<String, Value>, fields: &[Field]) -> bool {
    let given = request::texts(arguments, "fields");
    let labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
    let whole = join_labels(&given, &labels);
    let joined = whole.len() < given.len();
    if joined {
        arguments.insert("fields".to_owned(), Value::from(whole));
    }
    joined
}

/// `$approval_state` is no field of the settings, `Account_Name.Phone` one of another module.
fn reaches_further(name: &str) -> bool {
    name.starts_with('$') || name.contains('.')
}

/// The known name written so, but for case and separators.
fn spelt<'k>(known: &[&'k str], name: &str) -> Option<&'k str> {
    let exact = known.iter().find(|one| **one == name);
    let folded = fold(name);
    let close = || known.iter().find(|one| fold(one) == folded);
    exact.or_else(close).copied()
}

fn has(fields: &[Field], name: &str) -> bool {
    let wanted = letters(name);
    fields
        .iter()
        .any(|field| letters(&field.api_name) == wanted || letters(&field.label) == wanted)
}

fn renamed(path: String, from: &str, to: &str) -> Repair {
    Repair {
        path,
        rule: "field_name",
        from: clip(from, 80),
        to: to.to_owned(),
    }
}

/// Refuses names in `fields` that are those of related lists, which no row carries.
fn refuse_lists(subject: &Subject, open: &[Open], fields: &[Field]) -> Result<(), ToolError> {
    let mut asked = open
        .iter()
        .filter(|one| one.path.starts_with("/fields/") && !has(fields, &one.name));
    let list = |one: &Open| {
        let mut lists = subject.module.related.keys();
        let wanted = fold(&one.name);
        lists
            .find(|list| fold(list) == wanted || same_but_for_number(&fold(list), &wanted))
            .cloned()
    };
    let Some((one, list)) = asked.find_map(|one| Some((one, list(one)?))) else {
        return Ok(());
    };
    let got = format!("`{}`, a list beside each record", clip(&one.name, 60));
    let fix = format!("get_related_records with related:\"{list}\"");
    Err(ToolError::argument(
        &one.path,
        "a field of the records",
        got,
        Some(fix),
    ))
}

/// Settles the open names by the fields of the module.
fn by_the_settings(
    subject: &Subject,
    open: Vec<Open>,
    arguments: &mut Map<String, Value>,
    fields: &Arc<Vec<Field>>,
    settled: &mut Settled,
) -> Result<(), ToolError> {
    let mut problems: Vec<Problem> = Vec::new();
    for one in open {
        let doubt = Doubt {
            path: one.path,
            key_too: true,
        };
        for finding in look(Access::Read, arguments, &[doubt], fields) {
            if finding.is_about_a_name() && finding.change.is_none() {
                let mut problem = finding.into_problem();
                let way = subject.module.way_round(&one.name);
                problem.suggestion = Some(match problem.path.strip_prefix("/fields/") {
                    None if let Some(way) = way => way.to_owned(),
                    Some(_) if subject.product == Product::Desk => {
                        let module = &subject.module;
                        let is_shown = |field: &&Field| {
                            module.carries(&field.api_name) || field.api_name.starts_with("cf_")
                        };
                        let shown: Vec<Field> = fields.iter().filter(is_shown).cloned().collect();
                        tell_nearest(&one.name, &shown)
                    }
                    _ => tell_nearest(&one.name, fields),
                });
                problems.push(problem);
                if problems.len() == MOST_PROBLEMS {
                    return Err(refused(problems, subject));
                }
            } else if finding.is_about_a_name() {
                settled.repairs.extend(finding.apply(arguments));
            }
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(refused(problems, subject)),
    }
}

/// The refusal of names, told by the first; where Zoho Desk filters by some fields only, those are told once.
fn refused(problems: Vec<Problem>, subject: &Subject) -> ToolError {
    let Some(first) = problems.first() else {
        return ToolError::internal(&"a refusal of nothing");
    };
    let (path, expected, got) = (first.path.clone(), first.expected.clone(), first.got.clone());
    let mut refused = ToolError::argument(&path, expected, got, first.suggestion.clone());
    debug_assert!(refused.code == Code::InvalidArguments);
    let name = pointer::last_key(&path);
    let has_a_way = subject.module.way_round(&name).is_some();
    if subject.product == Product::Desk && path.starts_with("/filters/") && !has_a_way {
        let known = request::filterable(&subject.module).into_iter();
        let near = most_alike(
            &letters(&name),
            known.map(|one| (one, vec![letters(one)])),
            NEAREST,
        );
        let near = match near.is_empty() {
            true => String::new(),
            false => format!(", nearest: {}", near.join(", ")),
        };
        refused.next = format!(
            "{}. What rows show can be a filter{near}; get_modules lists those that Zoho itself has.",
            refused.next
        );
    }
    refused.problems = problems;
    refused
}

/// The fields most like a name that no field has, for a hint.
pub(in crate::tools) fn tell_nearest(name: &str, fields: &[Field]) -> String {
    let spelt = |field: &Field| vec![letters(&field.api_name), letters(&field.label)];
    let fields = fields.iter().map(|field| (field, spelt(field)));
    let near = most_alike(&letters(name), fields, NEAREST).into_iter();
    let told = near.map(|field| match &field.label {
        label if label.is_empty() || *label == field.api_name => format!("`{}`", field.api_name),
        label => format!("`{}` ({label})", field.api_name),
    });
    names::tell_nearest(
        &told.collect::<Vec<String>>(),
        "get_fields lists those that Zoho describes",
    )
}

/// Puts picklist values right that differ in case or punctuation only, and notes those the picklist does not have.
fn values(arguments: &mut Map<String, Value>, fields: &[Field], settled: &mut Settled) {
    let conditions = arguments.get("filters").and_then(Value::as_object);
    let paths: Vec<String> = conditions
        .into_iter()
        .flat_map(Map::keys)
        .map(|key| pointer::below("/filters", key))
        .collect();
    for path in paths {
        let doubt = Doubt { path, key_too: false };
        for finding in look(Access::Read, arguments, &[doubt], fields) {
            if finding.is_only_style() {
                settled.repairs.extend(finding.apply(arguments));
            } else {
                settled.odd.push(finding);
            }
        }
    }
}
