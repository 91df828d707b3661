//! What `tool-schemas/modules/screen.json` says: which members of a record people look at first, and what they call them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::cli::paint::Mark;
use crate::tools::embedded;

/// The file, read once.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// Members by how soon a person looks for them.
    order: Vec<String>,
    /// What people call a member, where its name says it worse.
    heads: HashMap<String, String>,
    /// Members that hold an id, and where the name of what it is the id of stands.
    pub(super) named_by: HashMap<String, String>,
    /// What names an object besides what names most.
    pub(super) names: Vec<String>,
    /// What leads to the record's page: the first one there is.
    pub(super) linked: Vec<String>,
    /// What a record is called by.
    pub(super) titles: Vec<String>,
    /// Who wrote a message.
    pub(super) who: Vec<String>,
    /// When it was written.
    pub(super) when: Vec<String>,
    /// What it says.
    pub(super) text: Vec<String>,
    /// Members whose values have a colour.
    marked: Vec<String>,
    marks: Marks,
}

/// Values by what they mean to whoever looks over a list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    red: Vec<String>,
    yellow: Vec<String>,
    green: Vec<String>,
    quiet: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    embedded::read(
        include_str!("../../../tool-schemas/modules/screen.json"),
        "facts of the screen",
    )
});

/// What is known of members.
pub(super) fn known() -> &'static Known {
    &KNOWN
}

impl Known {
    /// How soon a person looks for a member; those nobody named come after, as they stand.
    pub(super) fn rank(&self, key: &str, place: usize) -> usize {
        let named = self.order.iter().position(|known| known == key);
        named.unwrap_or(self.order.len() + place)
    }

    /// Whether people look for a member.
    pub(super) fn is_looked_for(&self, key: &str) -> bool {
        self.order.iter().any(|known| known == key)
    }

    /// How a value of a member is marked.
    pub(super) fn mark(&self, key: &str, value: &str) -> Option<Mark> {
        if !self.marked.iter().any(|marked| marked == key) {
            return None;
        }
        let marks = &self.marks;
        let lists = [
            (&marks.red, Mark::Red),
            (&marks.yellow, Mark::Yellow),
            (&marks.green, Mark::Green),
            (&marks.quiet, Mark::Quiet),
        ];
        let found = lists
            .into_iter()
            .find(|(list, _)| list.iter().any(|known| known == value));
        found.map(|(_, mark)| mark)
    }

    /// What people call a member: its name in words, where nobody says otherwise. A name that is written without small
    /// letters, or with a prefix of one's own fields, is left as it is.
    pub(super) fn head(&self, key: &str) -> String {
        if let Some(head) = self.heads.get(key) {
            return head.clone();
        }
        let mut head = String::new();
        let parts = key.strip_prefix("cf.").unwrap_or(key).split('.');
        for (place, part) in parts.enumerate() {
            // What Zoho marks its own later fields of CRM by.
            let part = part.trim_start_matches('$');
            let part = part.strip_suffix("__s").unwrap_or(part);
            if place > 0 {
                head.push(' ');
            }
            match self.heads.get(part) {
                Some(known) if place == 0 => head.push_str(known),
                _ if part.starts_with("cf_") => head.push_str(part),
                _ => in_words(part, place == 0, &mut head),
            }
        }
        head
    }
}

/// `createdTime` and `Created_Time` as `Created time`.
fn in_words(name: &str, is_first: bool, into: &mut String) {
    let signs: Vec<char> = name.chars().collect();
    let has_small = signs.iter().any(|sign| sign.is_lowercase());
    let mut before = ' ';
    for (place, sign) in signs.iter().copied().enumerate() {
        let next_is_small = signs.get(place + 1).is_some_and(|next| next.is_lowercase());
        let begins = sign.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next_is_small);
        if begins || sign == '_' {
            into.push(' ');
        }
        match sign {
            '_' => {}
            sign if place == 0 && is_first => into.extend(sign.to_uppercase()),
            sign if has_small && sign.is_uppercase() && next_is_small => into.extend(sign.to_lowercase()),
            sign => into.push(sign),
        }
        before = sign;
    }
}
