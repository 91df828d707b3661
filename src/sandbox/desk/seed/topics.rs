//! What cases are about: conversations that hang together, in the language of who asks, for each organization.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// One kind of case. Texts hold `{first}`, `{company}`, `{city}`, `{agent}`, `{order}` and `{n}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Topic {
    /// As Desk's picklist has it.
    pub(crate) language: String,
    /// Name of a product of the organization.
    pub(crate) product: Option<String>,
    pub(crate) category: String,
    pub(crate) sub_category: String,
    pub(crate) classification: String,
    pub(crate) subject: String,
    /// The customer's and the agent's, in turn; the first ones stand without the others, too.
    pub(crate) messages: [String; MESSAGES],
    /// Questions and answers that follow these in a case that has very many, of which three are about the same `{h}`.
    #[serde(default)]
    pub(crate) more: Vec<[String; 2]>,
    /// Notes of the team, in English, in the order of what they know.
    pub(crate) comments: Vec<Note>,
    /// What an agent writes down who took the matter by phone.
    pub(crate) call: String,
    pub(crate) resolution: String,
    pub(crate) tags: Vec<String>,
    /// The file that the first message speaks of.
    pub(crate) file: Option<File>,
    /// Whether it is about an order that has a number.
    #[serde(skip)]
    pub(crate) names_an_order: bool,
    /// Whether its subject has a number that differs from case to case.
    #[serde(skip)]
    pub(crate) has_a_number: bool,
}

/// How many messages a matter has.
pub(crate) const MESSAGES: usize = 6;

/// A note of the team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// The last message that it speaks of.
    pub(crate) after: u64,
    pub(crate) text: String,
}

/// What a customer attaches: its kind is what its name ends with. `{d7}` is the day a week before, `{case}` the ticket's number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
}

impl Topic {
    fn mentions(&self, placeholder: &str) -> bool {
        let texts = self
            .messages
            .iter()
            .chain([&self.subject, &self.call, &self.resolution])
            .chain(self.comments.iter().map(|note| &note.text));
        texts.into_iter().any(|text| text.contains(placeholder))
    }
}

/// The files of the organizations, in their order.
const FILES: [&[&str]; 2] = [
    &[
        include_str!("topics/en-1.json"),
        include_str!("topics/en-2.json"),
        include_str!("topics/de.json"),
        include_str!("topics/fr.json"),
        include_str!("topics/es.json"),
        include_str!("topics/pt.json"),
        include_str!("topics/it.json"),
        include_str!("topics/nl.json"),
        include_str!("topics/pl.json"),
        include_str!("topics/ja.json"),
        include_str!("topics/zh.json"),
        include_str!("topics/ar.json"),
        include_str!("topics/he.json"),
        include_str!("topics/hi.json"),
    ],
    &[include_str!("topics/studio.json")],
];

/// By organization and language, read once.
static TOPICS: LazyLock<Vec<HashMap<String, Vec<Topic>>>> = LazyLock::new(|| {
    let read = |files: &[&str]| {
        let mut by_language: HashMap<String, Vec<Topic>> = HashMap::new();
        for file in files {
            let topics: Vec<Topic> = serde_json::from_str(file).expect("the topics are valid");
            for mut topic in topics {
                topic.names_an_order = topic.mentions("{order}");
                topic.has_a_number = ["{order}", "{n}"].iter().any(|word| topic.subject.contains(word));
                by_language.entry(topic.language.clone()).or_default().push(topic);
            }
        }
        by_language
    };
    FILES.iter().map(|files| read(files)).collect()
});

/// One for each organization.
static LONG: LazyLock<Vec<Topic>> = LazyLock::new(|| {
    let read = serde_json::from_str(include_str!("topics/long.json"));
    let mut topics: Vec<Topic> = read.expect("the topics are valid");
    for topic in &mut topics {
        topic.names_an_order = topic.mentions("{order}");
    }
    topics
});

/// A topic of the organization in a language, or in English where nobody there writes that.
pub(crate) fn choose(which: usize, language: &str, throw: u64) -> &'static Topic {
    let topics = TOPICS[which].get(language).unwrap_or(&TOPICS[which]["English"]);
    &topics[throw as usize % topics.len()]
}

/// A topic in English whose first message comes with a log.
pub(crate) fn with_a_log(which: usize, throw: u64) -> &'static Topic {
    let topics = TOPICS[which]["English"].iter();
    let topics: Vec<&Topic> = topics
        .filter(|topic| {
            topic
                .file
                .as_ref()
                .is_some_and(|file| file.name.ends_with(".log"))
        })
        .collect();
    topics[throw as usize % topics.len()]
}

/// The matter of the case with very many messages.
pub(crate) fn long(which: usize) -> &'static Topic {
    &LONG[which]
}
