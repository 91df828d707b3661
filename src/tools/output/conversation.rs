//! A case's conversation as people would retell it: in order, each message with its own words, and said what of it is
//! not there.

mod people;

pub use people::{People, addresses};
use serde_json::{Map, Value, json};

use super::quotation::{self, Earlier, OwnWords};
use crate::names::clip;

/// Files of one message that are named; more are counted.
const FILES: usize = 20;
/// Where a message says how many files it has.
pub const FILE_COUNT: &str = "attachmentCount";

/// A row as Zoho gave it, its HTML made text.
pub type Row = Map<String, Value>;

/// What is known of a message beyond its row in the list, which has a summary only.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// The row says it all: a comment.
    #[default]
    InRow,
    /// The message itself.
    Read(Row),
    /// It could not be read, and why.
    Unread(String),
}

/// How much of each message is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// With what it quotes of those before it.
    pub quoted: bool,
    /// The messages before it: what it quotes and none of them has is told, for nothing else has it.
    pub earlier: &'a [Earlier],
    /// Characters at most.
    pub longest: usize,
    /// Of what the case is about; what is quoted is about the same.
    pub subject: &'a str,
    /// Whose addresses go without saying.
    pub people: &'a People,
}

/// One message or comment as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its members.
    pub shown: Value,
    /// None of its own words is missing.
    pub whole: bool,
    /// Why it could not be read.
    pub unread: Option<String>,
}

/// The text under a key.
pub fn text<'a>(row: &'a Row, key: &str) -> Option<&'a str> {
    row.get(key).and_then(Value::as_str)
}

/// Whether a flag is set; Zoho's own samples quote some of theirs.
pub fn is_set(row: &Row, key: &str) -> bool {
    match row.get(key) {
        Some(Value::Bool(set)) => *set,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Whether a row is a comment; all others are messages.
pub fn is_comment(row: &Row) -> bool {
    text(row, "type") == Some("comment") || row.contains_key("commentedTime")
}

/// Whether a customer wrote it.
pub fn is_customers(row: &Row) -> bool {
    let author = row.get("author").or_else(|| row.get("commenter"));
    let kind = author
        .and_then(|author| author.get("type"))
        .and_then(Value::as_str);
    kind == Some("END_USER") || text(row, "direction") == Some("in")
}

/// Whether the customer waits for an answer, by rows that are newest first, where one of them tells: what they wrote last, a public comment
/// included, was not answered since. Nothing answers them that did not reach them: a message that failed, waits or is a
/// draft, one that was forwarded or written to somebody else or is private, a reply that no person wrote, an internal
/// comment.
pub fn customer_waits(rows: &[Row], people: &People) -> Option<bool> {
    let by_agent = |row: &Row| {
        let author = row.get("author").or_else(|| row.get("commenter"));
        let kind = author
            .and_then(|author| author.get("type"))
            .and_then(Value::as_str);
        kind.is_none_or(|kind| kind == "AGENT")
    };
    let turn = |row: &Row| match is_comment(row) {
        true => is_set(row, "isPublic").then(|| is_customers(row)),
        false if text(row, "direction") == Some("in") => Some(true),
        false => {
            let arrived = text(row, "status").is_none_or(|status| status == "SUCCESS");
            let is_private = text(row, "visibility").is_some_and(|who| who.eq_ignore_ascii_case("private"));
            let answers = arrived
                && !is_private
                && !is_set(row, "isForward")
                && by_agent(row)
                && people.are_addressed(row);
            (answers && text(row, "direction").is_some()).then_some(false)
        }
    };
    rows.iter().find_map(turn)
}

impl Entry {
    /// A row of the conversation with the body that was read for it.
    pub fn new(row: &Row, body: &Body, telling: Telling<'_>) -> Self {
        let full = match body {
            Body::Read(full) => full,
            Body::InRow | Body::Unread(_) => row,
        };
        let summary = [row, full]
            .into_iter()
            .find_map(|row| text(row, "summary"))
            .unwrap_or_default();
        let own = text(full, "content").or_else(|| text(full, "plainText"));
        // An empty body beside a summary that says something is not the message.
        let own = own.filter(|own| !own.trim().is_empty() || summary.trim().is_empty());
        let words = own.unwrap_or(summary);
        // A body without any content is all there is; a row without it stands for one that was not read.
        let summary_only = match body {
            Body::Read(_) => own.is_none() && !words.is_empty(),
            Body::InRow | Body::Unread(_) => own.is_none(),
        };
        let cut_by_zoho = is_set(full, "isContentTruncated");
        // A comment quotes nothing, and what is passed on is what the message is about.
        let forward = is_set(full, "isForward") || is_set(row, "isForward");
        let is_all_own = is_comment(row) || forward;
        let own_words = match telling.quoted || is_all_own || telling.earlier.is_empty() {
            true => None,
            false => {
                quotation::find(words).and_then(|found| found.without_known(telling.earlier, telling.subject))
            }
        };
        let (words, quoted) = match &own_words {
            Some(OwnWords { text, left_out }) => (text.as_str(), *left_out),
            None => (words.trim(), 0),
        };
        let left_out = words.chars().count().saturating_sub(telling.longest);
        let mut shown = described(row);
        let mut unnamed = telling.people.name_receivers(&mut shown, full, row);
        shown.insert("content".to_owned(), json!(clip(words, telling.longest)));
        shown.extend((quoted > 0).then(|| ("quoted_left_out".to_owned(), json!(quoted))));
        shown.extend((left_out > 0).then(|| ("characters_left_out".to_owned(), json!(left_out))));
        // Read, and nothing is in it: nobody need look for its words.
        let is_empty = words.is_empty() && matches!(body, Body::Read(_));
        let private = [full, row]
            .into_iter()
            .any(|row| text(row, "visibility") == Some("private"));
        for (mark, applies) in [
            ("forward", forward),
            ("private", private),
            ("summary_only", summary_only),
            ("truncated", cut_by_zoho),
            ("empty", is_empty),
        ] {
            shown.extend(applies.then(|| (mark.to_owned(), Value::Bool(true))));
        }
        unnamed += name_files(&mut shown, full, row);
        Entry {
            shown: Value::Object(shown),
            whole: left_out == 0 && !summary_only && !cut_by_zoho && unnamed == 0,
            unread: match body {
                Body::Unread(why) => Some(why.clone()),
                Body::InRow | Body::Read(_) => None,
            },
        }
    }

    /// Characters it takes in an answer: with the fence of its text, and the comma behind it.
    pub fn length(&self) -> usize {
        self.shown.to_string().chars().count() + 3
    }
}

/// The text of a message by which later ones that quote it are compared: its body, or what its row shows of it. An internal
/// comment and a draft are no news to those who quote: none of their words is known.
pub fn earlier(row: &Row, body: &Body) -> Earlier {
    let is_internal = is_comment(row) && !is_set(row, "isPublic");
    if is_internal || text(row, "status") == Some("DRAFT") {
        return Earlier::default();
    }
    let full = match body {
        Body::Read(full) => full,
        Body::InRow | Body::Unread(_) => row,
    };
    let said = ["content", "plainText"]
        .into_iter()
        .find_map(|key| text(full, key));
    let said = said.filter(|said| !said.trim().is_empty());
    let words = said.or_else(|| text(row, "summary")).unwrap_or_default();
    let people = ["fromEmailAddress", "to", "cc"];
    let people = people
        .iter()
        .filter_map(|key| text(full, key).or_else(|| text(row, key)));
    let author = row.get("author").or_else(|| full.get("author"));
    let files = full.get("attachments").and_then(Value::as_array);
    let called = files.into_iter().flatten().chain(author);
    let called = called.filter_map(|one| one.get("name").and_then(Value::as_str));
    Earlier::of(words, &people.chain(called).collect::<Vec<&str>>().join("; "))
}

/// Who wrote it, when, where and how.
fn described(row: &Row) -> Row {
    let author = row.get("author").or_else(|| row.get("commenter"));
    let name = author.and_then(|author| author.get("name").or_else(|| author.get("email")));
    let at = row.get("createdTime").or_else(|| row.get("commentedTime"));
    let comment = is_comment(row);
    let kind = if comment { "comment" } else { "message" };
    let unsent = |status: &&Value| **status != "SUCCESS";
    let members = [
        ("id", row.get("id").cloned()),
        ("at", at.cloned()),
        ("from", name.cloned()),
        ("kind", Some(json!(kind))),
        ("customer", is_customers(row).then_some(Value::Bool(true))),
        ("public", row.get("isPublic").filter(|_| comment).cloned()),
        ("channel", row.get("channel").filter(|_| !comment).cloned()),
        ("status", row.get("status").filter(unsent).cloned()),
    ];
    let known = members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    known.collect()
}

/// A count that Zoho tells, as a text or a number.
pub fn count(row: &Row, key: &str) -> Option<usize> {
    match row.get(key)? {
        Value::String(text) => text.parse().ok(),
        number => usize::try_from(number.as_u64()?).ok(),
    }
}

/// Names the files of a message; gives how many are only counted.
fn name_files(shown: &mut Row, full: &Row, row: &Row) -> usize {
    let files = full
        .get("attachments")
        .and_then(Value::as_array)
        .map(Vec::as_slice);
    let files = files.unwrap_or_default();
    // A row without an id is no file that anybody could fetch.
    let readable = files
        .iter()
        .filter_map(Value::as_object)
        .filter(|file| file.contains_key("id"));
    let named: Vec<Value> = readable.take(FILES).cloned().map(attachment).collect();
    let told = count(full, FILE_COUNT).or_else(|| count(row, FILE_COUNT));
    let all = files.len().max(told.unwrap_or_default());
    let unnamed = all.saturating_sub(named.len());
    shown.extend((!named.is_empty()).then(|| ("files".to_owned(), Value::Array(named))));
    shown.extend((unnamed > 0).then(|| ("files_total".to_owned(), json!(all))));
    unnamed
}

/// An attachment in the index: what it is and how to fetch it.
pub fn attachment(row: Map<String, Value>) -> Value {
    let kept = |key: &str| row.get(key).cloned();
    let members = [
        ("id", kept("id")),
        ("name", kept("name")),
        ("bytes", kept("size")),
        ("at", kept("createdTime")),
    ];
    members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

/// The state the case is held in, and the transitions out of it; none where the row is no blueprint.
pub fn blueprint(row: &Row) -> Option<Value> {
    let transitions = row.get("transitions")?.as_array()?.iter();
    let names: Option<Vec<Value>> = transitions
        .map(|transition| transition.get("name").cloned())
        .collect();
    let kept = |key: &str| row.get(key).map(|value| (key.to_owned(), value.clone()));
    let mut shown: Map<String, Value> = ["name", "state"].into_iter().filter_map(kept).collect();
    shown.insert("transitions".to_owned(), Value::Array(names?));
    Some(Value::Object(shown))
}

/// How fast the case was answered and solved, and how often: times in Zoho's words, none where nothing was. Nothing where
/// the row has none of these, or not as Zoho writes them.
pub fn metrics(row: &Row) -> Option<Value> {
    const OTHERS: [&str; 4] = [
        "totalResponseTime",
        "outgoingCount",
        "threadCount",
        "reassignCount",
    ];
    let is_read = |key: &str, read: bool| read || !row.contains_key(key);
    let times = ["firstResponseTime", "resolutionTime"];
    let counts = ["responseCount", "reopenCount"];
    let mut known = times.iter().chain(&counts).chain(&OTHERS);
    if !known.any(|key| row.contains_key(*key))
        || !times.iter().all(|key| is_read(key, text(row, key).is_some()))
        || !counts.iter().all(|key| is_read(key, count(row, key).is_some()))
    {
        return None;
    }
    let counted = |key: &str| count(row, key);
    let replied = counted("responseCount").is_some_and(|replies| replies > 0);
    let time = |key: &str, even_none: bool| {
        let time =
            text(row, key).filter(|time| even_none || time.contains(|digit| matches!(digit, '1'..='9')));
        time.map(|time| json!(time))
    };
    let members = [
        ("first_response", time("firstResponseTime", replied)),
        ("resolution", time("resolutionTime", false)),
        ("replies", counted("responseCount").map(|number| json!(number))),
        ("reopened", counted("reopenCount").map(|number| json!(number))),
    ];
    let known = members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Some(Value::Object(known.collect()))
}
