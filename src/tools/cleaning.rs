//! No text of a value, and no name in it, holds a character that hides or reorders what people read; and no name takes the
//! room of what it names. What comes in is cleaned at its door, before anything measures, cuts or compares it: the rows of
//! a page and a record in `output/project.rs`, the rows of settings in `settings/rows.rs`, a file in `attachment/decoded.rs`;
//! what is written into a file has no other. The doors an answer goes out by, `Answer::finish` and the body of a `ToolError`,
//! answer for what came in by none: the words of a refusal, names in arguments, what the server makes of them. A text that
//! is clean is only looked through there. Only these doors take the brackets that fence text of others out of every text,
//! however short: a file keeps its own.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::names::{clean, clean_line, clip, write_out};

/// Longest name of a member, in characters: Zoho's have 100 at most.
const LONGEST_NAME: usize = 200;

/// What text of others stands in.
pub(super) const OPEN: char = '〔';
pub(super) const CLOSE: char = '〕';
/// What looks like the fence: Unicode's confusables of both (UTS 39), their compatibility forms, and the other brackets
/// of a tortoise shell.
const LIKE_OPEN: [char; 12] = [
    OPEN,
    '❨',
    '❲',
    '⦗',
    '⟬',
    '⹢',
    '〘',
    '﴾',
    '︹',
    '﹝',
    '［',
    '\u{10141}',
];
const LIKE_CLOSE: [char; 12] = [
    CLOSE,
    '❩',
    '❳',
    '⦘',
    '⟭',
    '⹣',
    '〙',
    '﴿',
    '︺',
    '﹞',
    '］',
    '\u{10140}',
];
/// Signs that are letters in such brackets, with the letter: Unicode's compatibility forms that hold one (NFKC).
const ENCLOSED: [(char, char); 10] = [
    ('\u{1f12a}', 'S'),
    ('\u{1f240}', '本'),
    ('\u{1f241}', '三'),
    ('\u{1f242}', '二'),
    ('\u{1f243}', '安'),
    ('\u{1f244}', '点'),
    ('\u{1f245}', '打'),
    ('\u{1f246}', '盗'),
    ('\u{1f247}', '勝'),
    ('\u{1f248}', '敗'),
];

/// Cleans every text and every name in a value.
pub(super) fn clean_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(clean_value),
        Value::Object(members) => clean_members(members),
        _ => {}
    }
}

/// Cleans every text and every name in an object; of names that become one, the later ones are numbered.
pub(super) fn clean_members(members: &mut Map<String, Value>) {
    members.values_mut().for_each(clean_value);
    if members.keys().all(|name| is_plain(name)) {
        return;
    }
    let (mut cleaned, mut times) = (Map::with_capacity(members.len()), HashMap::new());
    for (name, value) in std::mem::take(members) {
        let name = clip(&clean_line(name), LONGEST_NAME);
        let mut own = name.clone();
        while cleaned.contains_key(&own) {
            let times = times.entry(name.clone()).or_insert(1_u32);
            *times += 1;
            own = format!("{name} ({times})");
        }
        cleaned.insert(own, value);
    }
    *members = cleaned;
}

/// The text with other brackets where its own could open or end a fence, or look like one.
pub(super) fn without_fences(text: &str) -> Cow<'_, str> {
    let enclosed = |sign: char| ENCLOSED.iter().find(|(own, _)| *own == sign);
    let is_like =
        |sign: char| LIKE_OPEN.contains(&sign) || LIKE_CLOSE.contains(&sign) || enclosed(sign).is_some();
    if text.is_ascii() || !text.contains(is_like) {
        return Cow::Borrowed(text);
    }
    let mut own = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            like if LIKE_OPEN.contains(&like) => own.push('['),
            like if LIKE_CLOSE.contains(&like) => own.push(']'),
            other => match enclosed(other) {
                Some((_, letter)) => own.extend(['[', *letter, ']']),
                None => own.push(other),
            },
        }
    }
    Cow::Owned(own)
}

/// Takes such brackets out of every text and every name in an object.
pub(super) fn take_out_fences(members: &mut Map<String, Value>) {
    members.values_mut().for_each(take_out_fences_of);
    if members
        .keys()
        .any(|name| matches!(without_fences(name), Cow::Owned(_)))
    {
        let own = |(name, value): (String, Value)| (without_fences(&name).into_owned(), value);
        *members = std::mem::take(members).into_iter().map(own).collect();
    }
}

fn take_out_fences_of(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(own) = without_fences(text) {
                *text = own;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(take_out_fences_of),
        Value::Object(members) => take_out_fences(members),
        _ => {}
    }
}

/// Writes characters that are not seen out, where what was changed is told by what it was.
pub(super) fn write_out_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = write_out(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(write_out_value),
        Value::Object(members) => members.values_mut().for_each(write_out_value),
        _ => {}
    }
}

fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST_NAME && name.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
