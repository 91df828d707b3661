//! What mail programs write below an answer: the message that is answered, in the words and dates of their language.

use std::{collections::HashMap, sync::LazyLock};

use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::texts;

/// The words of a language.
#[derive(Deserialize)]
struct Words {
    /// From Monday.
    days: Vec<String>,
    months: Vec<String>,
    gmail: String,
    apple: String,
    /// From, sent, to, subject.
    outlook: [String; 4],
}

static WORDS: LazyLock<HashMap<&'static str, Words>> =
    LazyLock::new(|| serde_json::from_str(include_str!("mail.json")).expect("the words of mails are valid"));

/// What somebody writes mails with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    Zoho,
    Gmail,
    Outlook,
    Apple,
}

/// The message that is answered.
pub(crate) struct Answered<'a> {
    /// As Desk's picklist has it.
    pub(crate) language: &'a str,
    pub(crate) name: &'a str,
    pub(crate) mail: &'a str,
    pub(crate) to: &'a str,
    pub(crate) subject: &'a str,
    /// Seconds since 1970.
    pub(crate) second: i64,
    /// HTML.
    pub(crate) content: &'a str,
}

impl Answered<'_> {
    /// The HTML that `program` puts below an answer to it.
    pub(crate) fn below(&self, program: Program) -> String {
        let words = WORDS.get(self.language).unwrap_or(&WORDS["English"]);
        let content = self.content;
        let said = |pattern: &str| texts::escape(&self.fill(pattern, words));
        match program {
            // The class that readers of quotations know Zoho by (ProtonMail messageBlockquote.ts, Infomaniak), the line of its composer.
            Program::Zoho => format!(
                "<div class=\"zmail_extra\"><br><div>{}</div><blockquote style=\"border-left: 1px solid rgb(204,204,204); padding-left: 6px; margin: 0\">{content}</blockquote></div>",
                said("---- On {day}, {d} {month} {y} {time}:00 +0000 {name} <{mail}> wrote ----"),
            ),
            Program::Gmail => format!(
                "<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">{}<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">{content}</blockquote></div>",
                said(&words.gmail),
            ),
            Program::Apple => format!(
                "<div><br><blockquote type=\"cite\"><div>{}</div><br class=\"Apple-interchange-newline\"><div>{content}</div></blockquote></div>",
                said(&words.apple),
            ),
            Program::Outlook => format!(
                "<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\">{}</div><div>{content}</div>",
                self.header(words),
            ),
        }
    }

    fn header(&self, words: &Words) -> String {
        let sent = self.fill("{d} {month} {y} {time}", words);
        let from = format!("{} <{}>", self.name, self.mail);
        let lines = words.outlook.iter().zip([&from, &sent, self.to, self.subject]);
        lines
            .map(|(word, value)| format!("<b>{word}:</b> {}<br>", texts::escape(value)))
            .collect()
    }

    fn fill(&self, pattern: &str, words: &Words) -> String {
        let time = Timestamp::from_second(self.second).unwrap_or_default();
        let time = TimeZone::UTC.to_datetime(time);
        let day = time.weekday().to_monday_zero_offset() as usize;
        [
            ("{day}", words.days[day].clone()),
            ("{d}", time.day().to_string()),
            ("{month}", words.months[time.month() as usize - 1].clone()),
            ("{y}", time.year().to_string()),
            ("{time}", format!("{:02}:{:02}", time.hour(), time.minute())),
            ("{name}", self.name.to_owned()),
            ("{mail}", self.mail.to_owned()),
        ]
        .iter()
        .fold(pattern.to_owned(), |text, (key, value)| text.replace(key, value))
    }
}
