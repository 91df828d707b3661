//! A condition with more values than one call takes, in parts that have no record in common: a record has one of them only.

use std::collections::HashSet;

use super::{Condition, MOST_VALUES, Sort};
use crate::tools::error::ToolError;
use crate::tools::request::comparison::Comparison;
use crate::tools::request::ids::Known;

impl Condition<'_> {
    /// The parts, each with as many of the values as a call takes; none where a call takes it whole, or where records could
    /// be in several.
    ///
    /// # Errors
    /// A value that does not fit the field.
    pub(super) fn parts(
        &self,
        comparison: &Comparison,
        known: &mut Known<'_>,
    ) -> Result<Option<Vec<Comparison>>, ToolError> {
        let Comparison::OneOf(texts) = comparison else {
            return Ok(None);
        };
        if texts.len() <= MOST_VALUES || !self.has_one_value(known) || known.waits_for_types() {
            return Ok(None);
        }
        let mut seen = HashSet::new();
        let written = self.written_values(texts, known)?;
        let mut values: Vec<String> = Vec::new();
        for (text, written) in texts.iter().zip(written) {
            // A name and its id are one value; what is not found yet is none.
            if written.is_empty() || seen.insert(written) {
                values.push(text.clone());
            }
        }
        let parts = values.chunks(MOST_VALUES);
        Ok(Some(parts.map(|part| Comparison::OneOf(part.to_vec())).collect()))
    }

    /// Whether a record has one value there, compared as a whole: texts are found by a part of them, and a list may have
    /// several.
    fn has_one_value(&self, known: &mut Known<'_>) -> bool {
        let is_known = self.field == "id" || matches!(self.sort, Sort::User | Sort::Record | Sort::Number);
        is_known
            || matches!(
                Sort::of(known.type_of(&self.field)),
                Sort::User | Sort::Record | Sort::Number
            )
    }
}
