//! Any case, followed to its end: every message is told once, in its place, with its own words, or with a mark of what of
//! them is not there.
//!
//! The model serves a case as Zoho's OpenAPI describes it: `/conversations` in pages by `from` (0 is the first) and `limit`,
//! rows of threads with a summary only (`ThreadListItem`), comments with their content, each thread by itself with
//! `isContentTruncated`, all of it under `/fullContent`.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use zoho_mcp::tools::output::fence::bare;
use zoho_mcp::tools::output::list::BUDGET;

use super::{comment, row};
use crate::connections_rooms::fake::{self, House, Scripted};

const CASE: &str = "/api/v1/tickets/1892000000042034";
/// Characters one message takes at most.
const ENTRY: usize = 3000;
/// Files of a message that are named.
const NAMED: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    In,
    Out,
    Draft,
    Failed,
    Forward,
    Internal,
    Public,
}

/// What Zoho answers where the body of a message is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Served {
    Whole,
    Refused,
    Gone,
    Nonsense,
    /// The content is empty, and the summary is not.
    Hollow,
    /// Cut, and all of it elsewhere, or nowhere.
    Cut {
        elsewhere: bool,
    },
}

#[derive(Debug, Clone)]
struct Message {
    kind: Kind,
    said: &'static str,
    times: usize,
    html: bool,
    served: Served,
    files: usize,
}

impl Message {
    fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Internal | Kind::Public)
    }

    fn text(&self) -> String {
        self.said.repeat(self.times).trim().to_owned()
    }

    fn content(&self) -> String {
        match self.html {
            true => format!(
                "<div>{}</div>",
                self.text().replace('<', "&lt;").replace('\n', "<br>")
            ),
            false => self.text(),
        }
    }

    fn listed(&self, id: &str) -> Value {
        let content_type = if self.html { "html" } else { "plainText" };
        if self.is_comment() {
            let mut listed = comment(id, &self.content(), content_type);
            listed["isPublic"] = json!(self.kind == Kind::Public);
            return listed;
        }
        let mut listed = row(id, if self.kind == Kind::In { "in" } else { "out" }, self.said);
        listed["isForward"] = json!(self.kind == Kind::Forward);
        listed["attachmentCount"] = json!(self.files.to_string());
        match self.kind {
            Kind::Draft => listed["status"] = json!("DRAFT"),
            Kind::Failed => listed["status"] = json!("FAILED"),
            _ => {}
        }
        listed
    }

    fn thread(&self, id: &str, whole: bool) -> Value {
        let mut thread = self.listed(id);
        let content = self.content();
        thread["contentType"] = json!(if self.html { "text/html" } else { "text/plain" });
        thread["content"] = match (self.served, whole) {
            (Served::Hollow, _) => json!(""),
            (Served::Cut { .. }, false) => json!(self.said),
            _ => json!(content),
        };
        thread["isContentTruncated"] = json!(!whole && matches!(self.served, Served::Cut { .. }));
        let files = (0..self.files)
            .map(|number| json!({ "id": format!("{id}{number:03}"), "name": format!("{number}.log") }));
        thread["attachments"] = files.collect();
        thread
    }

    fn serve(&self, id: &str, whole: bool) -> Scripted {
        let refusal = |status, code: &str| {
            fake::json(status, &json!({ "errorCode": code, "message": "no" }).to_string())
        };
        match self.served {
            Served::Refused => refusal(403, "FORBIDDEN"),
            Served::Gone => refusal(404, "URL_NOT_FOUND"),
            Served::Nonsense => fake::json(200, "[]"),
            Served::Cut { elsewhere: false } if whole => refusal(404, "URL_NOT_FOUND"),
            _ => fake::json(200, &self.thread(id, whole).to_string()),
        }
    }

    /// Whether the body itself is not to be had.
    fn has_no_body(&self) -> bool {
        !self.is_comment() && !matches!(self.served, Served::Whole | Served::Cut { .. })
    }

    fn is_cut(&self) -> bool {
        !self.is_comment() && self.served == Served::Cut { elsewhere: false }
    }
}

fn id_of(place: usize) -> String {
    format!("1892000000{place:06}")
}

/// A case that consists of these, newest first, and counts so many threads more.
fn serve(messages: &[Message], unlisted: usize, path: &str, query: &str) -> Option<Scripted> {
    let part = path.strip_prefix(CASE)?;
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.parse::<usize>().unwrap())
    };
    let nothing = || Scripted {
        status: 204,
        headers: Vec::new(),
        body: Vec::new(),
    };
    let list = |rows: Vec<Value>| match rows.is_empty() {
        true => nothing(),
        false => fake::json(200, &json!({ "data": rows }).to_string()),
    };
    Some(match part {
        "" => {
            let comments = messages.iter().filter(|message| message.is_comment()).count();
            let threads = messages.len() - comments + unlisted;
            let case = json!({
                "id": "1892000000042034", "subject": "Told", "status": "Open",
                "threadCount": threads.to_string(), "commentCount": comments.to_string(),
            });
            fake::json(200, &case.to_string())
        }
        "/conversations" => {
            let rows = messages
                .iter()
                .enumerate()
                .map(|(place, message)| message.listed(&id_of(place)));
            list(
                rows.skip(number("from").unwrap_or(0))
                    .take(number("limit").unwrap_or(100))
                    .collect(),
            )
        }
        "/latestThread" => match messages.iter().position(|message| !message.is_comment()) {
            Some(place) => messages[place].serve(&id_of(place), false),
            None => nothing(),
        },
        "/metrics" => fake::json(200, r#"{"responseCount":"0"}"#),
        "/attachments" | "/History" | "/blueprint" => nothing(),
        _ => {
            let thread = part.strip_prefix("/threads/")?;
            let (id, whole) = match thread.strip_suffix("/fullContent") {
                Some(id) => (id, true),
                None => (thread, false),
            };
            let place = (0..messages.len()).find(|place| id_of(*place) == id)?;
            messages[place].serve(id, whole)
        }
    })
}

/// All answers about a case, its cursors followed to the end.
async fn told(messages: &[Message], quoted: bool, unlisted: usize) -> Vec<Value> {
    let (house, mut wire) = House::served().await;
    let messages = messages.to_vec();
    house
        .fake
        .follow(move |path, query| serve(&messages, unlisted, path, query));
    let mut arguments = json!({ "id": "1892000000042034", "include_quoted": quoted });
    let mut answers = Vec::new();
    loop {
        let answer = wire.call("get_ticket_context", arguments.clone()).await;
        let next = answer["next_cursor"].clone();
        answers.push(answer);
        match next {
            Value::String(_) => arguments["cursor"] = next,
            _ => return answers,
        }
        assert!(answers.len() < 300, "no end");
    }
}

/// What is wrong with how one message is told.
fn fault(entry: &Value, message: &Message) -> Option<String> {
    let text = bare(entry["content"].as_str()?).trim_end_matches('…').to_owned();
    let left_out = entry["characters_left_out"].as_u64().unwrap_or(0) as usize;
    let whole = message.text();
    let says = |mark: &str| entry[mark] == true;
    let named = entry["files"].as_array().map_or(0, Vec::len);
    let files = if message.is_comment() { 0 } else { message.files };
    let marks = (says("summary_only"), says("truncated"));
    if marks != (message.has_no_body(), message.is_cut()) {
        return Some(format!("is marked {marks:?}"));
    }
    if entry["quoted_left_out"] != Value::Null {
        return Some("quotes nobody".to_owned());
    }
    let expected = match message.has_no_body() || message.is_cut() {
        true => message.said.trim().to_owned(),
        false => whole,
    };
    if !expected.starts_with(&text) || text.chars().count() + left_out != expected.chars().count() {
        return Some(format!(
            "says {} and leaves out {left_out} of {}",
            text.chars().count(),
            expected.chars().count()
        ));
    }
    if left_out > 0 && text.chars().count() + 1 < ENTRY {
        return Some("is cut although there was room".to_owned());
    }
    let unnamed = files.saturating_sub(NAMED);
    // Files of a message that could not be read are counted by its row.
    let total = entry["files_total"].as_u64().unwrap_or(named as u64) as usize;
    (total != files || !message.has_no_body() && unnamed + named != files)
        .then(|| format!("{named} of {files} files, {total} in all"))
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let kind = select(vec![
        Kind::In,
        Kind::Out,
        Kind::Out,
        Kind::Draft,
        Kind::Failed,
        Kind::Forward,
        Kind::Internal,
        Kind::Public,
    ]);
    let said = select(vec![
        "ok",
        "Any news?",
        "On it.",
        "a < b > c\nOn it.",
        "Thanks\n- Aiko",
    ]);
    let times = select(vec![1, 1, 1, 1, 40, 900]);
    let served = select(vec![
        Served::Whole,
        Served::Whole,
        Served::Whole,
        Served::Whole,
        Served::Whole,
        Served::Whole,
        Served::Whole,
        Served::Refused,
        Served::Gone,
        Served::Nonsense,
        Served::Hollow,
        Served::Cut { elsewhere: true },
        Served::Cut { elsewhere: false },
    ]);
    let files = select(vec![0, 0, 0, 0, 2, 25]);
    let message = (kind, said, times, any::<bool>(), served, files).prop_map(
        |(kind, said, times, html, served, files)| Message {
            kind,
            said,
            times,
            html,
            served,
            files,
        },
    );
    let number = prop_oneof![3 => 0..12_usize, 2 => 12..100_usize, 2 => 97..230_usize];
    number.prop_flat_map(move |number| prop::collection::vec(message.clone(), number))
}

/// What the customer wrote last takes the place of the oldest that were told: of a message that makes room nothing is said.
#[tokio::test]
async fn a_message_that_is_not_shown_is_not_said_to_be_unread() {
    let long = |kind, served| Message {
        kind,
        said: "On it.",
        times: 483,
        html: false,
        served,
        files: 0,
    };
    let mut messages = vec![long(Kind::Out, Served::Whole); 7];
    messages.push(long(Kind::Out, Served::Refused));
    messages.extend(vec![long(Kind::Out, Served::Whole); 8]);
    messages.push(long(Kind::In, Served::Whole));
    let answers = told(&messages, false, 0).await;
    let first = &answers[0];
    assert_eq!(
        first["data"]["last_customer_message"]["id"],
        json!(id_of(16)),
        "{first:#}"
    );
    assert!(
        first["data"]["conversation"].as_array().unwrap().len() < 8,
        "{first:#}"
    );
    assert!(
        !first["notes"].to_string().contains("could not be read"),
        "{first:#}"
    );
    assert!(
        answers[1]["notes"]
            .to_string()
            .contains("1 messages could not be read"),
        "{:#}",
        answers[1]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_pages_of_a_case_have_every_message_once(
        messages in messages(), quoted in any::<bool>(), unlisted in select(vec![0_usize, 0, 0, 1, 7]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answers = runtime.block_on(told(&messages, quoted, unlisted));
        let mut next = 0;
        // What one answer does not show is missing in all of them.
        let mut marked = false;
        for answer in &answers {
            prop_assert!(answer["error"].is_null(), "{answer:#}");
            prop_assert!(answer.to_string().chars().count() <= BUDGET + 1000);
            let entries = answer["data"]["conversation"].as_array().unwrap();
            let mut unread: BTreeMap<String, usize> = BTreeMap::new();
            let apart = &answer["data"]["last_customer_message"]["id"];
            if let Some(place) = (0..messages.len()).find(|place| json!(id_of(*place)) == *apart)
                && messages[place].has_no_body() && messages[place].served != Served::Hollow
            {
                *unread.entry(format!("{:?}", messages[place].served)).or_default() += 1;
            }
            for entry in entries.iter().rev() {
                prop_assert_eq!(&entry["id"], &json!(id_of(next)));
                let message = &messages[next];
                if let Some(fault) = fault(entry, message) {
                    prop_assert!(false, "{fault}: {message:?} {entry:#}");
                }
                let marks = ["summary_only", "truncated", "characters_left_out", "files_total"];
                marked |= marks.iter().any(|mark| !entry[mark].is_null());
                if message.has_no_body() && message.served != Served::Hollow {
                    *unread.entry(format!("{:?}", message.served)).or_default() += 1;
                }
                next += 1;
            }
            let last = answer["next_cursor"].is_null();
            let notes = answer["notes"].to_string();
            let told = unread.values().all(|times| notes.contains(&format!("{times} messages could not be read")));
            prop_assert!(told, "{unread:?}: {notes}");
            prop_assert_eq!(answer["complete"] == true, last && !marked && unlisted == 0, "{}", answer);
            let shown_in_all = answers.len() == 1 && unlisted == 0;
            let total = answer["data"]["conversation_total"].as_u64();
            let at_least = answer["data"]["conversation_total_at_least"].as_u64();
            prop_assert_eq!(total.or(at_least).is_none(), shown_in_all, "{}", answer);
            prop_assert!(total.is_none_or(|total| total == (messages.len() + unlisted) as u64), "{answer:#}");
            prop_assert!(at_least.is_none_or(|known| known <= messages.len() as u64 && known > next as u64), "{answer:#}");
        }
        prop_assert_eq!(next, messages.len());
        let customers = messages.iter().position(|message| message.kind == Kind::In);
        if let Some(place) = customers {
            let data = &answers[0]["data"];
            let among = data["conversation"].as_array().unwrap().iter().any(|entry| entry["id"] == json!(id_of(place)));
            prop_assert!(among || data["last_customer_message"]["id"] == json!(id_of(place)), "{data:#}");
        }
    }
}
