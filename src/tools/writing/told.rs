//! What is told of an act that was sent.

use std::collections::BTreeSet;

use serde_json::{Map, json};

use super::act::{GoesOn, Kept};
use super::parts;
use crate::ledger::KnownWrite;
use crate::names::clip;
use crate::tools::output::Answer;

/// Told where not all of an act is done.
const NOT_WHOLE: &str = "It is NOT done to all records: the lists say which, and why. The same call again does what is left; \
    call with other arguments to leave a record out.";

/// Characters of a line that is told of what is done: whoever asked for it knows the rest.
const MOST_TOLD: usize = 240;

/// Lines that an answer has room for.
const MOST_LINES: usize = 60;

/// The first lines, each with so many characters, and the count of what is left out.
pub(super) fn in_short(lines: &[String], most: usize) -> Vec<String> {
    let short = |line: &String| match line.chars().count().saturating_sub(most) {
        0 => line.clone(),
        more => format!("{} [{more} more characters]", clip(line, most)),
    };
    let more = lines.len().saturating_sub(MOST_LINES);
    let more = (more > 0).then(|| format!("and {more} more lines"));
    lines.iter().take(MOST_LINES).map(short).chain(more).collect()
}

/// The answer of an act that did what another one had left: what that did is told, and how it is taken back.
pub(super) fn goes_on(mut answer: Answer, part: &GoesOn) -> Answer {
    if !part.told.is_empty() {
        answer.notes.push(format!(
            "It did what {id} had left; `earlier` are the records that {id} did, and undo_write of {id} takes those back.",
            id = part.id
        ));
        answer = answer.with("earlier", json!({ "write": part.id, "records": part.told }));
        answer.untrusted.insert("earlier".to_owned());
    }
    answer
}

/// An act that is done, or as much of it as is.
pub(super) fn done(row: &KnownWrite, kept: &Kept) -> Answer {
    let mut data = Map::new();
    let mut untrusted = BTreeSet::new();
    data.extend(kept.id.clone().map(|id| ("id".to_owned(), json!(id))));
    data.insert("done".to_owned(), json!(kept.what));
    // Of an act that was done in part, the lines are those of all of it.
    let changes = match kept.is_whole() {
        true => "changes",
        false => "planned_changes",
    };
    data.insert(changes.to_owned(), json!(in_short(&kept.lines, MOST_TOLD)));
    if kept.is_of_several() {
        let rows = kept.told();
        data.insert("count".to_owned(), json!(rows.len()));
        data.insert("records".to_owned(), json!(rows));
        untrusted.insert("records".to_owned());
    }
    if !kept.lines.is_empty() {
        untrusted.insert(changes.to_owned());
    }
    if let Some(made) = &kept.made {
        data.insert("made".to_owned(), made.clone());
        untrusted.insert("made".to_owned());
    }
    data.extend(kept.link.clone().map(|link| ("link".to_owned(), json!(link))));
    let mut write = Map::new();
    write.insert("id".to_owned(), json!(row.id));
    write.extend(
        kept.agreed_by
            .clone()
            .map(|by| ("agreed_by".to_owned(), json!(by))),
    );
    let can_be_undone = !kept.undos().is_empty();
    write.insert("undo_write".to_owned(), json!(can_be_undone));
    let mut answer = Answer::default()
        .with("data", data)
        .with("app_type", kept.product.as_str())
        .with("module", kept.module.as_str())
        .with("write", write);
    if !kept.is_whole() {
        answer = answer.with("complete", false);
        answer.notes.push(NOT_WHOLE.to_owned());
        for (name, rows) in parts::left(&kept.parts) {
            untrusted.insert(name.clone());
            answer.body.insert(name, rows);
        }
    }
    answer.untrusted = untrusted;
    answer
}
