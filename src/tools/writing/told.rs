//! What is told of an act that was sent.

use serde_json::{Map, json};

use super::act::Kept;
use crate::ledger::KnownWrite;
use crate::tools::output::Answer;

/// An act that is done.
pub(super) fn done(row: &KnownWrite, kept: &Kept) -> Answer {
    let mut data = Map::new();
    data.extend(kept.id.clone().map(|id| ("id".to_owned(), json!(id))));
    data.insert("done".to_owned(), json!(kept.what));
    data.insert("changes".to_owned(), json!(kept.lines));
    data.extend(kept.link.clone().map(|link| ("link".to_owned(), json!(link))));
    let mut write = Map::new();
    write.insert("id".to_owned(), json!(row.id));
    write.extend(
        kept.agreed_by
            .clone()
            .map(|by| ("agreed_by".to_owned(), json!(by))),
    );
    let can_be_undone = kept.undo.is_some();
    write.insert("undo_write".to_owned(), json!(can_be_undone));
    let mut answer = Answer::default()
        .with("data", data)
        .with("app_type", kept.product.as_str())
        .with("module", kept.module.as_str())
        .with("write", write);
    if !kept.lines.is_empty() {
        answer.untrusted.insert("changes".to_owned());
    }
    answer
}
