//! To whom a message went: told where that is not plain, so that a mail to somebody else does not read like an answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Row, is_comment, is_customers, text};

/// Addresses of one message that are named; more are counted.
const NAMED: usize = 10;

/// Whose addresses go without saying: the customer's, and our own.
#[derive(Debug, Default)]
pub struct People {
    customers: BTreeSet<String>,
    own: BTreeSet<String>,
}

impl People {
    /// Of a case and the rows of its conversation.
    pub fn of(case: &Row, rows: &[Row]) -> Self {
        let contact = case.get("contact").and_then(Value::as_object);
        let mut people = People::default();
        for (holder, key) in [
            (Some(case), "email"),
            (contact, "email"),
            (contact, "secondaryEmail"),
        ] {
            let address = holder.and_then(|holder| text(holder, key)).unwrap_or_default();
            people.customers.extend(addresses(address));
        }
        let id = text(case, "contactId").or_else(|| contact.and_then(|contact| text(contact, "id")));
        for row in rows.iter().filter(|row| !is_comment(row)) {
            let sender = addresses(text(row, "fromEmailAddress").unwrap_or_default());
            let author = row.get("author").and_then(|author| author.get("id"));
            match text(row, "direction") {
                Some("out") => people.own.extend(sender),
                Some("in") if id.is_some() && author.and_then(Value::as_str) == id => {
                    people.customers.extend(sender)
                }
                _ => {}
            }
        }
        people
    }

    /// Whether the customer is among the receivers of a message, as far as both are known.
    pub(super) fn are_addressed(&self, row: &Row) -> bool {
        let mut receivers = ["to", "cc", "bcc"]
            .into_iter()
            .flat_map(|key| addresses(text(row, key).unwrap_or_default()));
        let mut known = receivers.by_ref().peekable();
        known.peek().is_none()
            || self.customers.is_empty()
            || known.any(|address| self.customers.contains(&address))
    }

    /// Says to whom a message went and who had a copy of it, but for who does not need to be named; how many are only counted.
    pub(super) fn name_receivers(&self, shown: &mut Row, full: &Row, row: &Row) -> usize {
        let mut unnamed = 0;
        for key in ["to", "cc", "bcc"] {
            let told = text(full, key)
                .filter(|told| !told.is_empty())
                .or_else(|| text(row, key));
            let mut told = addresses(told.unwrap_or_default());
            match key {
                // Where it came in at one address, that is one of ours.
                "to" if is_customers(row) && told.len() == 1 => continue,
                "to" if is_customers(row) => told.retain(|address| !self.own.contains(address)),
                "to" if told.iter().all(|address| self.customers.contains(address)) => continue,
                _ => told.retain(|address| !self.own.contains(address)),
            }
            if told.is_empty() {
                continue;
            }
            let more = told.len().saturating_sub(NAMED);
            unnamed += more;
            told.truncate(NAMED);
            let more = (more > 0).then(|| format!("{more} more"));
            told.extend(more);
            shown.insert(key.to_owned(), json!(told.join(", ")));
        }
        unnamed
    }
}

/// The addresses in a line of them, in small letters: `"Aiko" <a@b.example>,c@d.example`.
pub fn addresses(line: &str) -> Vec<String> {
    let parts = line.split([',', ';']);
    let bare = |part: &str| {
        let part = part.rsplit_once('<').map_or(part, |(_, behind)| behind);
        let address = part.trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '"'));
        (address.contains('@') && !address.contains(char::is_whitespace)).then(|| address.to_lowercase())
    };
    parts.filter_map(bare).collect()
}
