//! The texts of seeded tickets: scenarios in several languages, follow-ups, replies, comments, and customer text that tries to instruct a model.

use std::sync::LazyLock;

use serde::Deserialize;

/// One kind of case, in one language.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scenario {
    pub(crate) language: String,
    pub(crate) category: String,
    pub(crate) sub_category: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) follow_ups: Vec<String>,
    pub(crate) replies: Vec<String>,
}

/// All texts.
#[derive(Debug, Deserialize)]
pub(crate) struct Texts {
    pub(crate) scenarios: Vec<Scenario>,
    /// Customer text with instructions to whoever reads it, hidden ones among them.
    pub(crate) injections: Vec<String>,
    /// A mail with the history of the conversation below it.
    pub(crate) quoted: String,
    pub(crate) filler: Vec<String>,
    pub(crate) comments: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) resolutions: Vec<String>,
}

/// The texts, read once.
pub(crate) static TEXTS: LazyLock<Texts> =
    LazyLock::new(|| serde_json::from_str(include_str!("texts.json")).expect("the texts are valid"));

/// Who and what a text speaks of.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) first: String,
    pub(crate) company: String,
    pub(crate) agent: String,
    pub(crate) number: u64,
}

impl Words {
    /// A text with its placeholders filled.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{first}", &self.first)
            .replace("{company}", &self.company)
            .replace("{agent}", &self.agent)
            .replace("{n}", &self.number.to_string())
            .replace("{h}", &(7 + self.number % 10).to_string())
    }
}

/// Plain lines as the HTML that Desk stores.
pub(crate) fn html(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escape).collect();
    format!(
        "<div style=\"font-size: 13px; font-family: Regular, Lato, Arial, Helvetica, sans-serif\"><div>{}<br></div></div>",
        lines.join("<br></div><div>")
    )
}

fn escape(line: &str) -> String {
    if line.contains("<!--") || line.contains("<span") {
        return line.to_owned();
    }
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A text as `plainText` has it: whole, without markup, its lines kept.
pub(crate) fn plain(content: &str, content_type: &str) -> String {
    if !content_type.contains("html") {
        return content.to_owned();
    }
    let mut plain = String::new();
    let mut rest = content;
    while let Some((before, inside)) = rest.split_once('<') {
        plain.push_str(before);
        let (tag, behind) = inside.split_once('>').unwrap_or((inside, ""));
        if ["br", "/div", "/p", "/tr", "/li"]
            .iter()
            .any(|end| tag.starts_with(end))
        {
            plain.push('\n');
        }
        rest = behind;
    }
    plain.push_str(rest);
    let lines = plain
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    let lines = lines.replace("&quot;", "\"").replace("&amp;", "&");
    let lines: Vec<&str> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// The beginning of a text without markup, as in `summary`.
pub(crate) fn summary(content: &str, content_type: &str) -> String {
    let plain = plain(content, content_type);
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(240).collect()
}
