//! Text from outside made fit for whoever reads it: characters that hide or reorder text go.

/// Removes control, bidirectional, invisible and tag characters; tabs stay, and line ends of every kind as `\n`.
pub fn clean(text: String) -> String {
    if text
        .bytes()
        .all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~'))
    {
        return text;
    }
    let mut before = ' ';
    let mut kept = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        if ends_line(c) {
            kept.push('\n');
        } else if c == '\n' && before == '\r' {
            // one line end in two characters
        } else if !is_hidden(c, before, signs.peek().copied()) {
            kept.push(c);
        }
        before = c;
    }
    kept
}

/// The same on one line, for names and the errors of others.
pub fn clean_line(text: &str) -> String {
    let clean = clean(text.to_owned());
    match clean.contains(['\n', '\t']) {
        true => clean.split(['\n', '\t']).collect::<Vec<_>>().join(" "),
        false => clean,
    }
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
