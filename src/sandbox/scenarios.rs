//! Tasks for agents, with a start, the words of who asks, and what must be true at the end; a run of any agent against any
//! server is scored by what it answered and by what it left behind.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

mod ends;

/// One task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What a person asks for, in their words.
    pub(crate) task: String,
    /// As `POST load` takes them.
    #[serde(default)]
    pub(crate) start: Vec<Value>,
    /// What the answer must hold.
    #[serde(default)]
    facts: Vec<Fact>,
    /// What the answer must not hold.
    #[serde(default)]
    never: Vec<Fact>,
    /// What must differ from the start; nothing else may.
    #[serde(default)]
    end: Vec<ends::End>,
}

/// Something that an answer says in one of several ways, compared without regard to case, spaces and signs between digits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    what: String,
    any: Vec<String>,
}

/// Whether one demand was met.
#[derive(Debug, Serialize)]
struct Point {
    what: String,
    ok: bool,
}

/// The packs of this crate.
static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let packs = [
        include_str!("scenarios/reading.json"),
        include_str!("scenarios/writing.json"),
    ];
    let read = |pack| serde_json::from_str::<Vec<Scenario>>(pack).expect("the scenarios are valid");
    packs.into_iter().flat_map(read).collect()
});

/// All of them, in the order of their files.
pub(crate) fn all() -> &'static [Scenario] {
    &SCENARIOS
}

impl Scenario {
    /// Id, title and task; whether it asks for a change.
    pub(crate) fn described(&self) -> Value {
        json!({"id": self.id, "title": self.title, "task": self.task, "writes": !self.end.is_empty()})
    }

    /// Whether all that its demands refer to is known.
    pub(crate) fn check(&self, known: &BTreeMap<String, Value>) -> Result<(), String> {
        self.score("", known, &[]).map(|_| ())
    }

    /// What a run was worth: every demand with its outcome, and what changed though nobody asked for it.
    pub(crate) fn score(
        &self,
        answer: &str,
        known: &BTreeMap<String, Value>,
        differences: &[Value],
    ) -> Result<Value, String> {
        let said = folded(answer);
        let holds = |fact: &Fact| -> Result<bool, String> {
            let ways = fact.any.iter().map(|way| crate::known::fill(way, known));
            Ok(ways
                .collect::<Result<Vec<_>, _>>()?
                .iter()
                .any(|way| said.contains(&folded(way))))
        };
        let mut points = Vec::new();
        for fact in &self.facts {
            points.push(Point {
                what: fact.what.clone(),
                ok: holds(fact)?,
            });
        }
        for fact in &self.never {
            points.push(Point {
                what: format!("not said: {}", fact.what),
                ok: !holds(fact)?,
            });
        }
        let outcome = ends::compare(&self.end, known, differences)?;
        points.extend(outcome.points);
        let unexpected = outcome.unexpected;
        points.push(Point {
            what: "nothing else was changed".to_owned(),
            ok: unexpected.is_empty(),
        });
        let met = points.iter().filter(|point| point.ok).count();
        Ok(
            json!({"id": self.id, "passed": met == points.len(), "met": met, "of": points.len(), "points": points,
            "unexpected": unexpected}),
        )
    }
}

/// Letters and digits, small, with one space in the place of all else; nothing stands between the thousands of a number, and
/// the sign before one stays.
fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let letters: Vec<char> = lower.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
    let is_digit = |place: Option<usize>| at(place).is_some_and(|letter| letter.is_ascii_digit());
    let groups = |place: usize| {
        let thousand = (1..=3).all(|step| is_digit(Some(place + step))) && !is_digit(Some(place + 4));
        let mark = matches!(
            letters[place],
            '.' | ',' | '\'' | '\u{2019}' | '\u{a0}' | '\u{2009}' | '\u{202f}'
        );
        mark && thousand && is_digit(place.checked_sub(1))
    };
    let mut folded = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let before = at(place.checked_sub(1));
        let is_sign = matches!(letter, '-' | '\u{2212}') && is_digit(Some(place + 1));
        if letter.is_alphanumeric() {
            folded.push(*letter);
        } else if is_sign && before.is_none_or(|before| !before.is_alphanumeric()) {
            folded.push_str(" -");
        } else if !folded.ends_with(' ') && !groups(place) {
            folded.push(' ');
        }
    }
    format!(" {} ", folded.trim())
}

/// The members of an object, none for anything else.
fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
