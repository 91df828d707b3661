//! What must not come back: the secrets of a connection, found by their value in texts from outside.

use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use zeroize::Zeroizing;

use super::disguise::{View, is_disguised};
use crate::names::clean;

/// What stands in place of a secret.
const MASK: &str = "[secret]";
/// So many characters of the beginning of a secret count as it: who sends it back may have cut it.
const TELLING: usize = 12;
/// What is shorter than this is no secret: it would be found in every other word.
const SHORTEST: usize = 4;

/// How many times over a text may be encoded: an address within an address within JSON.
const DEEPEST: usize = 4;

/// Secrets as they may stand in a text: as they are, percent-encoded or escaped for JSON or HTML in whole or in part,
/// within base64, in hexadecimal.
#[derive(Default)]
pub struct Secrets {
    forms: Vec<Zeroizing<String>>,
    /// Finds how each begins, in letters of any size.
    beginnings: Option<AhoCorasick>,
}

impl Secrets {
    /// The secrets to look for.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        let mut forms: Vec<Zeroizing<String>> = Vec::new();
        for secret in secrets {
            let secret = secret.expose_secret();
            if secret.len() < SHORTEST {
                continue;
            }
            for form in forms_of(secret) {
                let form = Zeroizing::new(form.to_ascii_lowercase());
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
        }
        let beginnings = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(forms.iter().map(|form| form.get(..TELLING).unwrap_or(form)));
        Secrets {
            forms,
            beginnings: beginnings.ok(),
        }
    }

    /// The text without hidden characters, which could divide a secret, and with a mask in place of each.
    pub fn hide(&self, text: &str) -> String {
        let text = &clean(text.to_owned());
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for place in self.places(text) {
            if place.start >= end {
                masked.push_str(text.get(end..place.start).unwrap_or_default());
                masked.push_str(MASK);
            }
            end = end.max(place.end);
        }
        masked.push_str(text.get(end..).unwrap_or_default());
        masked
    }

    /// Whether one of these tokens stands in a text.
    pub fn are_in(&self, text: &str) -> bool {
        self.may_be_in(text.as_bytes()) && !self.places(text).is_empty()
    }

    /// Whether one of these tokens may stand in a text: how one begins does, or its signs are in disguise there. Read once,
    /// and nothing is copied.
    pub fn may_be_in(&self, text: &[u8]) -> bool {
        let begins = |found: &AhoCorasick| found.is_match(text);
        self.beginnings.as_ref().is_none_or(begins) || is_disguised(text, DEEPEST)
    }

    /// Hides the secrets in every text of a value and in its keys.
    pub fn hide_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in(item)),
            Value::Object(members) => {
                for (key, mut member) in std::mem::take(members) {
                    self.hide_in(&mut member);
                    members.insert(self.hide(&key), member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Where secrets stand, in order; two may overlap.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let Some(beginnings) = &self.beginnings else {
            return Vec::from_iter((!self.forms.is_empty()).then_some(0..text.len())); // what cannot be searched is not shown
        };
        let mut places = Vec::new();
        let mut view = Some(View::of(text));
        for _ in 0..=DEEPEST {
            let Some(seen) = view else { break };
            for found in beginnings.find_overlapping_iter(seen.text()) {
                let form = self.forms.get(found.pattern().as_usize());
                let (form, start) = (form.map_or("", |form| form.as_str()), found.start());
                let behind = seen.text().as_bytes().get(start..).unwrap_or_default();
                let length = length_of(form.as_bytes(), behind);
                places.push(seen.origin(start)..text.ceil_char_boundary(seen.origin(start + length)));
            }
            view = seen.decoded();
        }
        places.sort_unstable_by_key(|place| place.start);
        places
    }
}

/// How much of a text is this form, as far as it goes on; mails break base64 into lines.
fn length_of(form: &[u8], text: &[u8]) -> usize {
    let (mut rest, mut length) = (form, 0);
    for (at, byte) in text.iter().enumerate() {
        match rest {
            [next, behind @ ..] if next.eq_ignore_ascii_case(byte) => {
                rest = behind;
                length = at + 1;
            }
            [_, ..] if matches!(byte, b'\r' | b'\n') => {}
            _ => break,
        }
    }
    length
}

fn forms_of(secret: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let escaped = Value::from(secret).to_string();
    let escaped = escaped.trim_matches('"');
    let mut forms = vec![escaped.replace('/', "\\/"), escaped.to_owned()];
    for text in [secret, &encoded] {
        forms.extend(within_base64(text));
    }
    let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.extend([encoded, secret.to_owned(), hexadecimal]);
    forms
}

/// A secret within base64: it begins at any of three places of a group; the signs it shares with what stands around it are
/// left out.
fn within_base64(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for (before, shared) in [(0, 0), (1, 2), (2, 3)] {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        let whole = bytes.len() / 3 * 4;
        for base64 in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            let own = base64.get(shared..whole).unwrap_or_default();
            // A line of a mail may end within the signs that one is known by: the others are looked for as well.
            for own in [own, own.get(TELLING..).unwrap_or_default()] {
                let is_new = own.len() >= TELLING && !forms.iter().any(|known: &String| known == own);
                forms.extend(is_new.then(|| own.to_owned()));
            }
        }
    }
    forms
}
