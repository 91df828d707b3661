//! Lists of Zoho's that could not be read during a call: nobody asks for one again, and an answer tells each once, with all
//! that follows from it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::ToolError;
use crate::connections::Product;

/// A list that could not be read.
#[derive(Debug)]
struct List {
    product: Product,
    what: String,
    failure: ToolError,
    follows: Vec<String>,
}

/// The lists that one call could not read.
#[derive(Debug, Default)]
pub(in crate::tools) struct Unread(Mutex<Vec<List>>);

/// What is told where a list could not be had.
pub(in crate::tools) fn tell(what: &str, failure: &ToolError) -> String {
    let why = failure.error.trim_end_matches('.');
    format!("Zoho's list of {what} could not be read: {why}.")
}

impl Unread {
    /// Why a list could not be read, if it could not.
    pub(in crate::tools) fn failure(&self, product: Product, what: &str) -> Option<ToolError> {
        let lists = self.lists();
        let mut lists = lists.iter();
        let list = lists.find(|list| (list.product, list.what.as_str()) == (product, what))?;
        Some(list.failure.clone())
    }

    /// Has a list that could not be read told, with what follows from it; told of nothing it is only not asked for again.
    pub(in crate::tools) fn add(
        &self,
        product: Product,
        what: &str,
        failure: &ToolError,
        follows: Option<&str>,
    ) {
        let mut lists = self.lists();
        let is_it = |list: &List| (list.product, list.what.as_str()) == (product, what);
        let place = lists.iter().position(is_it).unwrap_or(lists.len());
        if place == lists.len() {
            lists.push(List {
                product,
                what: what.to_owned(),
                failure: failure.clone(),
                follows: Vec::new(),
            });
        }
        let list = lists.get_mut(place);
        if let Some((list, follows)) = list.zip(follows) {
            list.follows.push(follows.to_owned());
        }
    }

    /// The notes of an answer, those about one list in one.
    pub(in crate::tools) fn join(&self, mut notes: Vec<String>) -> Vec<String> {
        for list in self.lists().iter() {
            let sentence = tell(&list.what, &list.failure);
            let about = notes.extract_if(.., |note| note.starts_with(&sentence));
            let about = about.filter_map(|note| Some(note.strip_prefix(&sentence)?.trim().to_owned()));
            let mut told: Vec<String> = Vec::new();
            for follows in list.follows.iter().cloned().chain(about) {
                if !told.contains(&follows) {
                    told.push(follows);
                }
            }
            if !told.is_empty() {
                notes.push(format!("{sentence} {}", told.join(" ")).trim_end().to_owned());
            }
        }
        notes
    }

    fn lists(&self) -> MutexGuard<'_, Vec<List>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
