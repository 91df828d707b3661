//! The records that an act on several is about: each read fresh, told together.

use futures_util::future::join_all;
use serde_json::json;

use super::written::{Written, is_so_already, one_with};
use super::{Context, case_id};
use crate::connections::Product;
use crate::names::clip;
use crate::tools::digest::digest;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::request::texts;
use crate::tools::writing::{Planned, Step, within};
use crate::zoho::Session;

/// Records that are read at once.
const AT_ONCE: usize = 4;
/// Ids that a failure names.
const MOST_NAMED: usize = 400;

/// Several records of a module as they are now.
pub(super) struct Several {
    pub(super) records: Vec<Written>,
}

/// The ids that `ids` and `ticket_numbers` name, each once, without those that the same act has done before.
///
/// # Errors
/// There is none, there are more than one act changes, or no case has one of the numbers.
pub(super) async fn ids(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
) -> Result<Vec<String>, ToolError> {
    let numbers = texts(context.arguments, "ticket_numbers");
    if !numbers.is_empty() && (subject.product, subject.module.name.as_str()) != (Product::Desk, "Cases") {
        let got = format!("{} of {}", subject.module.name, subject.product);
        return Err(ToolError::argument(
            "/ticket_numbers",
            "only for Desk cases",
            got,
            None,
        ));
    }
    let mut ids = texts(context.arguments, "ids");
    if ids.len() + numbers.len() == 0 {
        let fix = "send `ids`, or for cases `ticket_numbers`".to_owned();
        return Err(ToolError::argument("/ids", "at least one id", "none", Some(fix)));
    }
    within(
        context.invocation.equipment().bulk_limit,
        ids.len() + numbers.len(),
        false,
    )?;
    for number in &numbers {
        ids.push(case_id::by_number(session, subject, number).await?);
    }
    Ok(to_do(context, ids))
}

/// Each id once, without those of records that are done.
pub(super) fn to_do(context: Context<'_>, ids: Vec<String>) -> Vec<String> {
    let mut each: Vec<String> = Vec::new();
    for id in ids {
        if !each.contains(&id) && !context.done.contains(&id) {
            each.push(id);
        }
    }
    each
}

/// The records of these ids, read now, a few at a time.
///
/// # Errors
/// Some are not there, which are named, or Zoho does not show them.
pub(super) async fn read(session: &Session, subject: &Subject, ids: &[String]) -> Result<Several, ToolError> {
    read_with(session, subject, ids, None).await
}

/// The same, of Desk with what the calls include.
///
/// # Errors
/// As [`read`].
pub(super) async fn read_with(
    session: &Session,
    subject: &Subject,
    ids: &[String],
    include: Option<&str>,
) -> Result<Several, ToolError> {
    let (mut records, mut missing) = (Vec::new(), Vec::new());
    for some in ids.chunks(AT_ONCE) {
        let read = join_all(some.iter().map(|id| one_with(session, subject, id, include))).await;
        for (id, record) in some.iter().zip(read) {
            match record {
                Ok(record) => records.push(record),
                Err(error) if error.code == Code::NotFound && ids.len() > 1 => missing.push(id.as_str()),
                Err(error) => return Err(error),
            }
        }
    }
    if missing.is_empty() {
        return Ok(Several { records });
    }
    let named = clip(&missing.join(", "), MOST_NAMED);
    Err(ToolError::new(
        Code::NotFound,
        format!(
            "Nothing was sent: of {} records of {} Zoho does not know {}, or does not show them: {named}.",
            ids.len(),
            subject.module.name,
            missing.len()
        ),
        "Check these ids; search_records finds records. Call again without them only if the user means that.",
    ))
}

impl Several {
    /// The act on them.
    pub(super) fn planned(&self, subject: &Subject, what: &str, steps: Vec<Step>) -> Planned {
        let module = &subject.module.name;
        let common = Planned {
            seen: seen(self.records.iter()),
            ..Planned::of_steps(subject.product, module, what, steps)
        };
        match self.records.as_slice() {
            [one] => Planned {
                id: Some(one.id.clone()),
                label: one.label.clone(),
                link: one.link.clone(),
                word: one.number.clone(),
                ..common
            },
            several => Planned {
                label: match module.as_str() {
                    "Cases" => format!("{} cases", several.len()),
                    module => format!("{} records of {module}", several.len()),
                },
                word: Some(several.len().to_string()),
                ..common
            },
        }
    }

    /// What the records hold, in words: each value once, with how many hold it where they differ.
    pub(super) fn in_words(&self, words: Vec<Option<String>>) -> Option<String> {
        let mut counted: Vec<(Option<String>, usize)> = Vec::new();
        for word in words {
            match counted.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => counted.push((word, 1)),
            }
        }
        if let [(word, _)] = counted.as_slice() {
            return word.clone();
        }
        let told = counted.into_iter().map(|(word, count)| {
            let word = word.unwrap_or_else(|| "nothing".to_owned());
            format!("{word} ({count})")
        });
        Some(told.collect::<Vec<String>>().join(", "))
    }
}

/// When records were changed last, and a mark of which they are: one that was changed since, or is another, makes it another.
pub(super) fn seen<'a>(records: impl Iterator<Item = &'a Written>) -> Option<String> {
    let each: Vec<(&str, Option<&str>)> = records
        .map(|one| (one.id.as_str(), one.seen.as_deref()))
        .collect();
    if let [(_, seen)] = each.as_slice() {
        return seen.map(str::to_owned);
    }
    let last = each
        .iter()
        .filter_map(|(_, seen)| *seen)
        .max()
        .unwrap_or_default();
    let mark = digest(&format!("{each:?}"));
    Some(format!("{last} ({} records, {mark})", each.len()))
}

/// Nothing is to be done to any of them.
pub(super) fn are_so_already(subject: &Subject, session: &Session, count: usize) -> Answer {
    is_so_already(json!({ "done": "nothing", "count": count }), subject, session)
}
