//! The kinds of trouble there are, and which call one of them strikes.

use serde::Deserialize;
use serde_json::Value;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Kind {
    /// This status, with the product's own error body.
    Status(u16),
    /// A TCP reset before the first byte of an answer; the request is not carried out.
    Reset,
    /// Half an answer, then a TCP reset; the request was carried out.
    MidReset,
    /// Silence; the request is not carried out.
    Hang,
    /// Half an answer, then silence on an open connection.
    HalfOpen,
    /// The answer in small pieces.
    Slow,
    /// An answer that ends in the middle although HTTP says it is whole.
    Truncated,
    /// 200 without a body.
    Empty,
    /// 204: nothing found.
    NoContent,
    /// 200 with a sign-in page.
    Html200,
    BadUtf8,
    LoneSurrogate,
    /// 200,000 arrays in each other.
    Deep,
    /// 120 arrays in each other: just below what JSON parsers usually allow.
    Deep120,
    Huge,
    GzipBomb,
    /// 302 to another host.
    Redirect,
    /// 302 to the same URL.
    RedirectLoop,
    /// A record whose text gives orders to a language model.
    Injection,
    /// `body` with `status`: an answer as a document or a report shows it.
    Answer,
}

const KINDS: &[(&str, Kind)] = &[
    ("401", Kind::Status(401)),
    ("403", Kind::Status(403)),
    ("429", Kind::Status(429)),
    ("500", Kind::Status(500)),
    ("502", Kind::Status(502)),
    ("503", Kind::Status(503)),
    ("504", Kind::Status(504)),
    ("reset", Kind::Reset),
    ("midreset", Kind::MidReset),
    ("hang", Kind::Hang),
    ("halfopen", Kind::HalfOpen),
    ("slow", Kind::Slow),
    ("truncated", Kind::Truncated),
    ("empty", Kind::Empty),
    ("204", Kind::NoContent),
    ("html200", Kind::Html200),
    ("badutf8", Kind::BadUtf8),
    ("loneSurrogate", Kind::LoneSurrogate),
    ("deep", Kind::Deep),
    ("deep120", Kind::Deep120),
    ("huge", Kind::Huge),
    ("gzipbomb", Kind::GzipBomb),
    ("redirect", Kind::Redirect),
    ("redirectloop", Kind::RedirectLoop),
    ("injection", Kind::Injection),
    ("answer", Kind::Answer),
];

impl Kind {
    /// As written in `faults` and, after `fault_`, in the counts.
    pub(super) fn name(self) -> &'static str {
        KINDS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }

    /// The product answers, and its answer is then spoilt.
    pub(crate) fn keeps_the_answer(self) -> bool {
        matches!(
            self,
            Kind::MidReset | Kind::HalfOpen | Kind::Slow | Kind::Truncated
        )
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        KINDS
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
            .ok_or_else(|| {
                let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                format!("unknown fault kind {text:?}; there are: {}", names.join(" "))
            })
    }
}

/// One fault as `POST admin` sets it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// Strikes paths that start like this; without it Desk and CRM, but not the accounts server.
    path: Option<String>,
    /// How often it strikes; without it each time.
    count: Option<i64>,
    /// Strikes every n-th of the calls it applies to.
    #[serde(default = "each")]
    every: u64,
    /// The header of that name, in seconds: number or text.
    pub(super) retry_after: Option<Value>,
    /// How long `slow` takes altogether.
    #[serde(default = "five_seconds")]
    pub(super) ms: u64,
    /// How much `huge` and `gzipbomb` unfold to.
    #[serde(default = "hundred")]
    pub(super) mb: u64,
    /// Where `redirect` points.
    pub(super) to: Option<String>,
    /// What `answer` says.
    #[serde(default)]
    pub(super) body: Value,
    /// The status of `answer`.
    #[serde(default = "success")]
    pub(super) status: u16,
    #[serde(skip)]
    seen: u64,
}

fn each() -> u64 {
    1
}

fn five_seconds() -> u64 {
    5000
}

fn hundred() -> u64 {
    100
}

fn success() -> u16 {
    200
}

impl Fault {
    /// What the paths it strikes begin with, where that was said.
    pub(crate) fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Whether what it answers is its author's: it can stand for a module or a record that the sandbox does not have.
    pub(crate) fn brings_answer(&self) -> bool {
        matches!(self.kind, Kind::Answer)
    }

    /// What could never strike, or not be answered, is a slip of who wrote it.
    ///
    /// # Errors
    /// Says which.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self {
            Fault { count: Some(..1), .. } => {
                Err("count: how often it strikes, from 1 on; without it each time")
            }
            Fault { every: 0, .. } => Err("every: it strikes each n-th call, from 1 on; without it each"),
            Fault { status, .. } if !(200..600).contains(status) => Err("status: expected 200 to 599"),
            _ => Ok(()),
        }
    }

    fn applies(&self, path: &str) -> bool {
        match &self.path {
            Some(prefix) => path.starts_with(prefix.as_str()),
            None => path.starts_with("/api/") || path.starts_with("/crm/"),
        }
    }
}

/// The first fault in the list that strikes a call to this path.
pub(super) fn pick(faults: &mut [Fault], path: &str) -> Option<Fault> {
    for fault in faults
        .iter_mut()
        .filter(|fault| fault.count != Some(0) && fault.applies(path))
    {
        fault.seen += 1;
        if fault.seen.is_multiple_of(fault.every) {
            fault.count = fault.count.map(|left| left - 1);
            return Some(fault.clone());
        }
    }
    None
}
