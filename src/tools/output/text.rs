//! Text from Zoho made fit for a model: characters that hide or reorder text go.

/// Removes control, bidirectional, zero-width and tag characters; tabs stay, and line ends of every kind as `\n`.
pub fn clean(text: String) -> String {
    if text
        .bytes()
        .all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~'))
    {
        return text;
    }
    let mut before = ' ';
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if ends_line(c) {
            kept.push('\n');
        } else if c == '\n' && before == '\r' {
            // one line end in two characters
        } else if !is_hidden(c, before) {
            kept.push(c);
        }
        before = c;
    }
    kept
}

fn ends_line(c: char) -> bool {
    matches!(c, '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_hidden(c: char, before: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200c}' | '\u{200d}' => before.is_ascii(), // joiners belong to emoji and to scripts beyond ASCII
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{feff}' => true,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}
