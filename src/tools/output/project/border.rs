//! What Zoho CRM gives only the beginning of, and how that shows: rich text of a list ends at a border, and a record says
//! itself of which subforms it has more rows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Record;

/// Characters after which CRM cuts rich text in lists.
const LONGEST: usize = 500;
/// Records that are named of those where a field may be cut.
const NAMED: usize = 5;

/// The members of a record that may go on.
#[derive(Debug, Default, Clone)]
pub struct Border {
    /// Texts that are as long as one that was cut.
    pub texts: Vec<String>,
    /// Subforms with more rows than are there.
    pub subforms: Vec<String>,
}

impl Border {
    /// Hears a member as Zoho wrote it.
    pub(super) fn hear(&mut self, key: &str, value: &Value) {
        let is_as_long = |text: &str| {
            let near = (LONGEST..=LONGEST * 4).contains(&text.len());
            near && (text.chars().count() == LONGEST || text.encode_utf16().count() == LONGEST)
        };
        if value.as_str().is_some_and(is_as_long) {
            self.texts.push(key.to_owned());
        }
    }

    /// Hears `$has_more`: `{"Subform": true}`.
    pub(super) fn go_on(&mut self, value: &Value) {
        let members = value.as_object().into_iter().flatten();
        let more = members.filter(|(_, more)| more.as_bool() == Some(true));
        self.subforms.extend(more.map(|(name, _)| name.clone()));
    }
}

/// Texts of a list that may be cut: their field, how many, and the first of the records they stand in.
pub type CutTexts = BTreeMap<String, (u64, Vec<String>)>;

/// What is told of texts that may be cut; `how` says where all of one is.
pub fn tell_cut(cut: &CutTexts, how: &str) -> Option<String> {
    let told = cut.iter().map(|(field, (number, first))| {
        let more = number.saturating_sub(first.len() as u64);
        let more = (more > 0).then(|| format!("{more} more"));
        let records: Vec<String> = first.iter().cloned().chain(more).collect();
        format!("{field} of {}", records.join(", "))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!(
            "Zoho CRM cuts rich text in lists: it ends at {LONGEST} characters and may go on in {}. {how}",
            told.join("; ")
        )
    })
}

impl Record {
    /// Adds its texts that may be cut.
    pub fn add_cut_texts(&self, cut: &mut CutTexts) {
        for field in &self.border.texts {
            let (number, first) = cut.entry(field.clone()).or_default();
            *number += 1;
            first.extend(self.id.clone().filter(|_| first.len() < NAMED));
        }
    }

    /// Takes the texts of another answer about the same record that go on where its own end.
    pub fn go_on_with(&mut self, full: Record) {
        let longer = |key: &String, own: Option<&Value>| {
            let length = |value: Option<&Value>| value.and_then(Value::as_str).map_or(0, str::len);
            length(full.shown.get(key)) > length(own)
        };
        let texts = std::mem::take(&mut self.border.texts);
        for key in texts {
            if longer(&key, self.shown.get(&key)) {
                let whole = full.shown.get(&key).cloned();
                self.shown.extend(whole.map(|whole| (key, whole)));
            }
        }
    }
}
