//! Texts by the columns they take on a screen: as wide as its signs, not as many.

use console::Alignment;

/// Columns a text takes; what paints it takes none.
pub(super) fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// The text in no more than so many columns, with an ellipsis where it is cut.
pub(super) fn cut(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "…").into_owned()
}

/// The text with blanks behind it, up to so many columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    console::pad_str(text, columns, Alignment::Left, None).into_owned()
}

/// The lines of a text, none longer than so many columns but for one that is a single word; what a line begins with stays
/// before what is carried over from it.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    text.lines()
        .flat_map(|line| wrapped_line(line, columns))
        .collect()
}

fn wrapped_line(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.trim_end().to_owned()];
    }
    let indent: String = line.chars().take_while(|sign| *sign == ' ').collect();
    let mut lines = vec![indent.clone()];
    for word in line.split_whitespace() {
        let Some(last) = lines.last_mut() else { break };
        let is_first = last.len() == indent.len();
        if !is_first && width(last) + 1 + width(word) > columns {
            lines.push(format!("{indent}{word}"));
        } else {
            last.push_str(if is_first { "" } else { " " });
            last.push_str(word);
        }
    }
    lines
}

/// A text under another one: its lines begin so many columns in, but for the first.
pub(super) fn hanging(text: &str, indent: usize, columns: usize) -> String {
    let lines = wrapped(text, columns.saturating_sub(indent).max(20));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}
