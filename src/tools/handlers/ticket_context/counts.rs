//! What a case counts of its conversation and files, against what their lists brought: neither is believed alone.

use crate::tools::output::conversation::{FILE_COUNT, Row, count, is_comment};

/// Where a case counts its messages and its comments.
const COUNTS: [(&str, &str); 2] = [("threadCount", "messages"), ("commentCount", "comments")];

/// What a case counts and its conversation does not have.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    /// How many.
    pub(super) messages: usize,
    /// What is told of them.
    pub(super) told: Option<String>,
}

/// Messages and comments that the case counts.
pub(super) fn of_conversation(case: &Row) -> usize {
    COUNTS
        .iter()
        .map(|(key, _)| count(case, key).unwrap_or_default())
        .sum()
}

/// What a conversation lacks that was read to its end: each kind for itself where all of it is here, else all together.
/// `refused` of its rows are errors, which are told by themselves, each in the place of a message or comment.
pub(super) fn lacking(case: &Row, rows: &[Row], refused: usize, before: usize, more: bool) -> Lacking {
    if more {
        return Lacking::default();
    }
    let lines: Vec<(&str, usize, usize)> = match before + refused {
        0 => COUNTS
            .iter()
            .map(|(key, what)| {
                let listed = rows.iter().filter(|row| is_comment(row) == (*what == "comments"));
                (*what, count(case, key).unwrap_or_default(), listed.count())
            })
            .collect(),
        others => vec![(
            "messages and comments",
            of_conversation(case),
            others + rows.len(),
        )],
    };
    let short = lines.iter().filter(|(_, counted, listed)| counted > listed);
    let messages: usize = short.clone().map(|(_, counted, listed)| counted - listed).sum();
    let told = short.map(|(what, counted, listed)| tell(what, *counted, *listed));
    let told: Vec<String> = told.collect();
    Lacking {
        messages: messages + refused,
        told: (!told.is_empty()).then(|| format!("conversation: {}", told.join("; "))),
    }
}

/// What is told of files that the case counts and their list does not have.
pub(super) fn lacking_files(case: &Row, listed: usize) -> Option<String> {
    let counted = count(case, FILE_COUNT)?;
    (counted > listed).then(|| format!("attachments: {}", tell("files", counted, listed)))
}

fn tell(what: &str, counted: usize, listed: usize) -> String {
    format!("Zoho counts {counted} {what} of this case and lists {listed}")
}
