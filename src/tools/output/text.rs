//! Text from Zoho made fit for a model: HTML becomes text, characters that hide or reorder text go.

/// Removes control, bidirectional, zero-width and tag characters; line ends and tabs stay.
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
        if !is_hidden(c, before) {
            kept.push(c);
        }
        before = c;
    }
    kept
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

/// The text of an HTML fragment, links and markup left out; plain text comes back as it is.
pub fn from_html(html: &str) -> String {
    if !looks_like_html(html) {
        return html.to_owned();
    }
    let rendered = html2text::config::with_decorator(html2text::render::TrivialDecorator::new())
        .string_from_read(html.as_bytes(), 10_000);
    let text = rendered.unwrap_or_else(|_| html.to_owned());
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut joined = lines.join("\n");
    while joined.contains("\n\n\n") {
        joined = joined.replace("\n\n\n", "\n\n");
    }
    joined.trim().to_owned()
}

fn looks_like_html(text: &str) -> bool {
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied().unwrap_or(b' ');
        let tag = byte == b'<' && (next.is_ascii_alphabetic() || next == b'/' || next == b'!');
        let entity = byte == b'&' && (next.is_ascii_alphabetic() || next == b'#') && text.contains(';');
        if tag || entity {
            return true;
        }
    }
    false
}
