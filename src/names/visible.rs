//! Text from outside made fit for whoever reads it: characters that hide or reorder text go.

use std::borrow::Cow;

/// Removes control, bidirectional, invisible and tag characters; tabs stay, and line ends of every kind as `\n`.
pub fn clean(text: String) -> String {
    if is_plain(&text) {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    for (c, shows) in signs(&text) {
        if ends_line(c) {
            kept.push('\n');
        } else if c == '\n' && before == '\r' {
            // one line end in two characters
        } else if shows {
            kept.push(c);
        }
        before = c;
    }
    // What stood between two signs is gone: one that joined them may join nothing now.
    match kept.len() < text.len() {
        true => clean(kept),
        false => kept,
    }
}

/// The same on one line, for names and the errors of others.
pub fn clean_line(text: impl Into<String>) -> String {
    let clean = clean(text.into());
    match clean.contains(['\n', '\t']) {
        true => clean.split(['\n', '\t']).collect::<Vec<_>>().join(" "),
        false => clean,
    }
}

/// The text with the same characters, those that end a line but for `\n` among them, written out as JSON writes them: for
/// who must not lose one and must not obey it.
pub fn write_out(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    for (c, shows) in signs(text) {
        if shows && !ends_line(c) {
            written.push(c);
        } else {
            let units = c
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect::<String>();
            written.push_str(&units);
        }
    }
    Cow::Owned(written)
}

/// Whether a text is fit as it is: nearly every text is, and is read more than once on its way.
fn is_plain(text: &str) -> bool {
    text.bytes().all(is_of_seen) || text.chars().all(is_seen_anywhere)
}

/// Bytes of UTF-8 that none but such characters have: of ASCII, of Latin to Hebrew, of India and of the Han and Hangul signs.
fn is_of_seen(byte: u8) -> bool {
    let continues = matches!(byte, 0x80..=0xbf);
    let begins = matches!(byte, 0xc3..=0xcc | 0xce..=0xd7 | 0xd9..=0xe0 | 0xe4..=0xed);
    continues || begins || matches!(byte, b'\n' | b'\t' | b' '..=b'~')
}

/// Characters of the usual scripts, and emoji, that are neither hidden nor the end of a line whatever stands beside them.
/// What is missing here is looked at more closely.
fn is_seen_anywhere(c: char) -> bool {
    matches!(
        c,
        '\n' | '\t'
            | ' '..='~'
            | '\u{a0}'..='\u{ac}'
            | '\u{ae}'..='\u{34e}'
            | '\u{350}'..='\u{61b}'
            | '\u{61d}'..='\u{115e}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205f}'
            | '\u{2070}'..='\u{27ff}'
            | '\u{3000}'..='\u{3163}'
            | '\u{3165}'..='\u{fdff}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

/// The characters, and whether each is seen where it stands.
fn signs(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = ' ';
    let mut signs = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = signs.next()?;
        let shows = !is_hidden(c, before, signs.peek().copied());
        before = c;
        Some((c, shows))
    })
}

fn ends_line(c: char) -> bool {
    matches!(c, '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Unicode's default ignorable code points (DerivedCoreProperties), what reorders text, and what looks like nothing. A joiner
/// belongs between two letters of a script beyond ASCII or two parts of an emoji, a variation behind a symbol; neither stands
/// in a row, where it can carry a text that nobody sees.
fn is_hidden(c: char, before: char, after: Option<char>) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200c}' | '\u{200d}' => !(joins(before) && after.is_some_and(joins)),
        '\u{fe0e}' | '\u{fe0f}' => {
            let is_keycap = matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20e3}');
            !(is_keycap || is_symbol(before))
        }
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{feff}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' => true,
        '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fe00}'..='\u{fe0d}' | '\u{fff0}'..='\u{fffb}' => true,
        '\u{13430}'..='\u{13455}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

fn joins(c: char) -> bool {
    c == '\u{fe0f}' || is_symbol(c) || (!c.is_ascii() && c.is_alphabetic()) || is_mark(c)
}

/// Marks that stand between a letter of an Indic script and its joiner: viramas and their like.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0dff}' | '\u{0f00}'..='\u{109f}' | '\u{1780}'..='\u{17b3}' | '\u{17b6}'..='\u{17ff}')
}

fn is_symbol(c: char) -> bool {
    c >= '\u{203c}'
        && !c.is_alphabetic()
        && !c.is_whitespace()
        && !matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{feff}')
}
