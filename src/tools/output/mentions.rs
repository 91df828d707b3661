//! People who are mentioned in a comment: Zoho writes `zsu[@user:1234567890]zsu` where a reader sees a name.

use serde_json::Value;

const OPEN: &str = "zsu[@";
const CLOSE: &str = "]zsu";
/// What stands between them, at most.
const LONGEST: usize = 60;

/// The text with names in place of ids, by the comment's own list of those it mentions; `@user:1234567890` where that does
/// not name them.
pub(super) fn name_mentioned(text: String, mentioned: &Value) -> String {
    if !text.contains(OPEN) {
        return text;
    }
    let mut named = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once(OPEN) {
        named.push_str(before);
        let is_id = |sign: &char| sign.is_ascii_alphanumeric() || *sign == ':';
        let length = behind.chars().take(LONGEST).take_while(is_id).count();
        let who = behind.split_at_checked(length);
        let who = who.and_then(|(who, after)| Some((who, after.strip_prefix(CLOSE)?)));
        let Some((who, after)) = who else {
            named.push_str(OPEN);
            rest = behind;
            continue;
        };
        named.push('@');
        named.push_str(find_name(who, mentioned).unwrap_or(who));
        rest = after;
    }
    named.push_str(rest);
    named
}

fn find_name<'a>(who: &str, mentioned: &'a Value) -> Option<&'a str> {
    let (_, id) = who.split_once(':')?;
    let is_meant = |one: &&Value| {
        ["zuid", "id"]
            .iter()
            .any(|key| one.get(*key).and_then(Value::as_str) == Some(id))
    };
    let one = mentioned.as_array()?.iter().find(is_meant)?;
    one.get("name")?.as_str().filter(|name| !name.is_empty())
}
