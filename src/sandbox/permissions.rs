//! Permissions as data: what each profile may do, what each call needs, and which fields a profile does not see or change.
//!
//! `permissions/desk.json` and `permissions/crm.json` hold it all; each rule says who says so, or that it is a guess. The
//! products ask at their door, and in the few places where only the body names a module.

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) mod crm;
pub(crate) mod desk;

/// What a call needs. The first rule that fits a call is the one that counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Methods and a path as its route declares it: `PUT|PATCH /tickets/*/comments/*`. A star is any segment, two at the end
    /// are all that follow, `a|b` is either.
    call: String,
    /// The names of permissions, each of which must be had; `{m}` and the like stand for what the path is about.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// Who says so.
    #[serde(rename = "says")]
    _says: String,
    /// What only administrators are answered.
    #[serde(default)]
    pub(crate) administrators: bool,
    /// A list of what is the agent's own.
    #[serde(default)]
    pub(crate) own: bool,
    /// May name a department that the agent does not work in.
    #[serde(default)]
    pub(crate) anywhere: bool,
    /// What light agents do for colleagues only, never for customers to see.
    #[serde(default)]
    pub(crate) private: bool,
}

impl Rule {
    /// The permissions with the names of what the call is about.
    pub(crate) fn needed(&self, stand_for: &[(&str, &str)]) -> Vec<String> {
        let filled = |name: &String| {
            stand_for
                .iter()
                .fold(name.clone(), |name, (sign, word)| name.replace(sign, word))
        };
        self.needs.iter().map(filled).collect()
    }
}

/// The first rule that fits; the last of a list fits everything.
pub(crate) fn rule<'r>(rules: &'r [Rule], method: &str, path: &str) -> &'r Rule {
    let fitting = rules.iter().find(|rule| {
        let (methods, pattern) = rule.call.split_once(' ').unwrap_or_default();
        either(methods, method) && fits(pattern, path)
    });
    fitting.expect("the last rule fits everything")
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut segments = path.trim_start_matches('/').split('/');
    for wanted in pattern.trim_start_matches('/').split('/') {
        if wanted == "**" {
            return true;
        }
        if !segments.next().is_some_and(|segment| either(wanted, segment)) {
            return false;
        }
    }
    segments.next().is_none()
}

fn either(words: &str, word: &str) -> bool {
    words == "*" || words.split('|').any(|one| one == word)
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the permissions are well-formed")
}
