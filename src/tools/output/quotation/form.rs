//! How a program writes the line above a quotation: `on {day} {who} wrote`, and nothing else in it.

use serde::Deserialize;

use super::words::{LONGEST_DAY, without_end, without_start};

/// What stands at the ends of a day and of a sender.
const BETWEEN: [char; 4] = [' ', ',', '،', '、'];

/// The words around a day and a sender.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Form {
    ahead: String,
    between: String,
    behind: String,
    day_first: bool,
}

impl TryFrom<String> for Form {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let missing = || format!("`{text}` needs {{day}} and {{who}}");
        let (before_day, after_day) = text.split_once("{day}").ok_or_else(missing)?;
        let day_first = after_day.contains("{who}");
        let (ahead, between, behind) = if day_first {
            let (between, behind) = after_day.split_once("{who}").ok_or_else(missing)?;
            (before_day, between, behind)
        } else {
            let (ahead, between) = before_day.split_once("{who}").ok_or_else(missing)?;
            (ahead, between, after_day)
        };
        Ok(Form {
            ahead: ahead.to_owned(),
            between: between.to_owned(),
            behind: behind.to_owned(),
            day_first,
        })
    }
}

impl Form {
    /// Each way to part a line in this form into a sender and a day that is not too long to be one.
    pub(super) fn readings<'a>(&self, line: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let inside = without_start(line, &self.ahead).and_then(|rest| without_end(rest, &self.behind));
        let inside = inside.unwrap_or_default();
        let longest = LONGEST_DAY + self.between.chars().count() + 2 * BETWEEN.len();
        let before = match self.day_first {
            true => 0,
            false => inside.chars().count().saturating_sub(longest),
        };
        let splits = inside.char_indices().skip(before).take(longest);
        splits.filter_map(move |(at, sign)| {
            let (left, rest) = inside.split_at(at);
            let right = match self.between.trim().is_empty() {
                true => BETWEEN.contains(&sign).then_some(rest),
                false => without_start(rest, &self.between),
            };
            let (left, right) = (left.trim_matches(BETWEEN), right?.trim_matches(BETWEEN));
            Some(if self.day_first {
                (left, right)
            } else {
                (right, left)
            })
        })
    }

    /// Whether no verb and no other word tells that somebody wrote.
    pub(super) fn is_bare(&self) -> bool {
        let words = [&self.ahead, &self.between, &self.behind];
        words.iter().all(|words| words.trim_matches(BETWEEN).is_empty())
    }
}
