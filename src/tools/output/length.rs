//! How long a part of an answer is as JSON, without building it.

use serde_json::{Map, Value};

/// Characters of the JSON text of an object.
pub fn length(members: &Map<String, Value>) -> usize {
    let member = |(key, value): (&String, &Value)| text_length(key) + 1 + value_length(value);
    1 + members.iter().map(|pair| member(pair) + 1).sum::<usize>().max(1)
}

/// Characters of the JSON text of a value.
pub fn value_length(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_length(text),
        Value::Array(items) => {
            1 + items
                .iter()
                .map(|item| value_length(item) + 1)
                .sum::<usize>()
                .max(1)
        }
        Value::Object(members) => length(members),
    }
}

/// The longest beginning of a text whose JSON, but for the quotes, has no more than so many characters.
pub fn beginning(text: &str, most: usize) -> &str {
    let mut used = 0;
    let mut signs = text.char_indices();
    let end = signs.find(|(_, sign)| {
        used += text_length(sign.encode_utf8(&mut [0; 4])) - 2;
        used > most
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Characters of the JSON text of a text.
pub fn text_length(text: &str) -> usize {
    2 + text.bytes().map(byte_length).sum::<usize>()
}

/// The same, or `most` where it is longer: no more is looked at than that takes.
pub fn length_up_to(text: &str, most: usize) -> usize {
    let mut length = 2;
    for byte in text.bytes() {
        if length >= most {
            return most;
        }
        length += byte_length(byte);
    }
    length.min(most)
}

fn byte_length(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..0x20 => 6,
        0x80..0xc0 => 0, // the rest of a character
        _ => 1,
    }
}
