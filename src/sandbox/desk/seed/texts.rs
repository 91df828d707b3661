//! Texts of seeded tickets beside their topics, and the forms of a text: HTML as Desk stores it, plain, a summary.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// Texts that belong to no topic.
#[derive(Debug, Deserialize)]
pub(crate) struct Texts {
    /// Customer text with instructions to whoever reads it, hidden ones among them.
    pub(crate) injections: Vec<String>,
    /// Subject and text of what nobody asked for.
    pub(crate) spam: Vec<[String; 2]>,
    /// What a colleague is asked to approve.
    pub(crate) approval: String,
    /// What an agent sums up after a call that settled a matter.
    pub(crate) spoken: Vec<String>,
    /// A customer's last words, by language.
    pub(crate) thanks: HashMap<String, Vec<String>>,
    /// What stands behind a subject to tell it from others.
    pub(crate) told_apart: Vec<String>,
    pub(crate) tags: Vec<String>,
}

/// The texts, read once.
pub(crate) static TEXTS: LazyLock<Texts> =
    LazyLock::new(|| serde_json::from_str(include_str!("texts.json")).expect("the texts are valid"));

/// Who and what a text speaks of.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) first: String,
    pub(crate) company: String,
    pub(crate) city: String,
    pub(crate) agent: String,
    pub(crate) order: String,
    pub(crate) number: u64,
}

impl Words {
    /// The same within HTML.
    pub(crate) fn escaped(self) -> Self {
        let Words { order, number, .. } = self;
        let [first, company, city, agent] =
            [self.first, self.company, self.city, self.agent].map(|word| escape(&word));
        Words {
            first,
            company,
            city,
            agent,
            order,
            number,
        }
    }

    /// A text with its placeholders filled.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{first}", &self.first)
            .replace("{company}", &self.company)
            .replace("{city}", &self.city)
            .replace("{order}", &self.order)
            .replace("{agent}", &self.agent)
            .replace("{n}", &self.number.to_string())
            .replace("{h}", &(7 + self.number % 10).to_string())
    }
}

/// Plain lines as the HTML that Desk stores.
pub(crate) fn html(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(line).collect();
    format!(
        "<div style=\"font-size: 13px; font-family: Regular, Lato, Arial, Helvetica, sans-serif\"><div>{}<br></div></div>",
        lines.join("<br></div><div>")
    )
}

/// Markup that somebody put into a mail to hide instructions stays markup.
fn line(text: &str) -> String {
    if text.contains("<!--") || text.contains("<span") {
        return text.to_owned();
    }
    escape(text)
}

/// A text within HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
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
