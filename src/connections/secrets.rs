//! What must not come back: the secrets of a connection, found by their value in texts from outside.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use zeroize::Zeroizing;

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
/// within base64.
#[derive(Default)]
pub struct Secrets {
    /// In small letters, as the text is searched.
    forms: Vec<Zeroizing<String>>,
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
        Secrets { forms }
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

    /// Whether one of them stands in a text.
    pub fn are_in(&self, text: &str) -> bool {
        !self.places(text).is_empty()
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
        let mut places = Vec::new();
        let mut view = Some(View::of(text));
        for _ in 0..=DEEPEST {
            let Some(seen) = view else { break };
            for form in &self.forms {
                let telling = form.get(..TELLING).unwrap_or(form);
                for (start, _) in seen.text.match_indices(telling) {
                    let alike = seen.text.bytes().skip(start).zip(form.bytes());
                    let length = alike.take_while(|(one, other)| one == other).count();
                    places.push(seen.origin(start)..text.ceil_char_boundary(seen.origin(start + length)));
                }
            }
            view = seen.decoded();
        }
        places.sort_unstable_by_key(|place| place.start);
        places
    }
}

/// A text in small letters, and where each byte of it came from.
struct View {
    text: Zeroizing<String>,
    /// The place of each byte and of the end in the text as it was; none where nothing was decoded.
    origins: Option<Vec<usize>>,
}

impl View {
    fn of(text: &str) -> Self {
        View {
            text: Zeroizing::new(text.to_ascii_lowercase()),
            origins: None,
        }
    }

    fn origin(&self, at: usize) -> usize {
        match &self.origins {
            Some(origins) => origins.get(at).or(origins.last()).copied().unwrap_or_default(),
            None => at,
        }
    }

    /// The text with signs in place of their escapes; nothing where there are none.
    fn decoded(&self) -> Option<View> {
        let mut text = Zeroizing::new(String::with_capacity(self.text.len()));
        let mut origins = Vec::with_capacity(self.text.len() + 1);
        let mut rest = self.text.as_str();
        let mut any = false;
        while let Some(next) = rest.chars().next() {
            let at = self.text.len() - rest.len();
            let (sign, length) = escaped(rest).unwrap_or((next, next.len_utf8()));
            any |= length > next.len_utf8();
            origins.extend((0..sign.len_utf8()).map(|byte| self.origin(at + byte)));
            text.push(sign);
            rest = rest.get(length..).unwrap_or_default();
        }
        origins.push(self.origin(self.text.len()));
        any.then_some(View {
            text,
            origins: Some(origins),
        })
    }
}

/// The sign an escape of an address or of JSON stands for, and the escape's length.
fn escaped(text: &str) -> Option<(char, usize)> {
    let hexadecimal = |from: usize| {
        let digits = text.get(from..from + 2)?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        byte.is_ascii()
            .then(|| (char::from(byte.to_ascii_lowercase()), from + 2))
    };
    match text.as_bytes() {
        [b'%', ..] => hexadecimal(1),
        [b'\\', b'u', b'0', b'0', ..] => hexadecimal(4),
        [b'\\', sign @ (b'/' | b'"' | b'\\'), ..] => Some((char::from(*sign), 2)),
        [b'&', ..] => reference(text),
        _ => None,
    }
}

/// The sign a reference of HTML stands for, by its number or its name, with its end or without.
fn reference(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    const NAMES: [(&str, char); 7] = [
        ("&amp;", '&'),
        ("&period;", '.'),
        ("&lowbar;", '_'),
        ("&hyphen;", '-'),
        ("&dash;", '-'),
        ("&percnt;", '%'),
        ("&bsol;", '\\'),
    ];
    let Some(number) = text.strip_prefix("&#") else {
        let known = NAMES.iter().find(|(name, _)| text.starts_with(name));
        return known.map(|(name, sign)| (*sign, name.len()));
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits
        .bytes()
        .take(LONGEST)
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    let value = u8::from_str_radix(digits.get(..length)?, radix)
        .ok()
        .filter(u8::is_ascii)?;
    let end = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    let before = text.len() - digits.len();
    Some((char::from(value.to_ascii_lowercase()), before + length + end))
}

fn forms_of(secret: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let escaped = Value::from(secret).to_string();
    let escaped = escaped.trim_matches('"');
    let mut forms = vec![escaped.replace('/', "\\/"), escaped.to_owned()];
    for text in [secret, &encoded] {
        forms.extend(within_base64(text));
    }
    forms.extend([encoded, secret.to_owned()]);
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
            forms.extend(
                (own.len() >= TELLING && !forms.iter().any(|known: &String| known == own))
                    .then(|| own.to_owned()),
            );
        }
    }
    forms
}

/// How base64 of a text begins that holds a secret.
pub fn base64_of(secret: &str) -> Vec<Zeroizing<String>> {
    let forms = within_base64(secret).into_iter();
    forms
        .filter_map(|form| Some(Zeroizing::new(form.get(..TELLING)?.to_owned())))
        .collect()
}
