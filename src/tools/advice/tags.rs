//! After nothing was found by a tag: the tags most like it, where one call lists them.

use crate::names::most_alike;
use crate::tools::invocation::Invocation;
use crate::tools::modules::{Kind, Subject};
use crate::tools::request::ListQuery;
use crate::tools::settings::named::{self, Named};
use crate::zoho::Session;

/// Tags told.
const NEAREST: usize = 5;

/// What is told of the tags of the department asked for; Zoho lists them department by department. Where they cannot be had
/// nothing is known of them.
pub(super) async fn tell_nearest(
    invocation: &Invocation<'_>,
    session: &Session,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Option<String> {
    let tag = query.only_text("tag")?;
    if !subject.module.related.contains_key("tags") {
        return None;
    }
    let Some(department) = department(invocation, session, query).await else {
        return Some(
            "Zoho lists tags by department: with one departmentId beside it the nearest are told.".to_owned(),
        );
    };
    let (tags, are_all) = named::tags(session, &department.id).await.ok()?;
    let spelt = tags.iter().map(|tag| (tag.as_str(), vec![tag.to_lowercase()]));
    let near = most_alike(&tag.to_lowercase(), spelt, NEAREST);
    let most = if are_all { "" } else { "most used " };
    Some(match near.is_empty() {
        true => format!(
            "None of the {} {most}tags of {} is like it.",
            tags.len(),
            department.name
        ),
        false => format!(
            "Of the {most}tags of {} these are most like it: {}.",
            department.name,
            near.join(", ")
        ),
    })
}

/// The one department that cases are asked of.
async fn department(invocation: &Invocation<'_>, session: &Session, query: &ListQuery<'_>) -> Option<Named> {
    let wanted = query.only_text("departmentId")?.to_lowercase();
    let names = &invocation.equipment().settings.names;
    let (known, _) = names.of(session, None, Kind::Department, false).await.ok()?;
    let is_it = |one: &&Named| one.id == wanted || one.name.trim().to_lowercase() == wanted.trim();
    known.iter().find(is_it).cloned()
}
