//! Texts by the columns they take on a screen: as wide as its signs, not as many.

/// Columns a text takes; what paints it takes none. Terminals give lam and alef a column each, also where a font draws the two
/// as one sign.
pub(super) fn width(text: &str) -> usize {
    console::measure_text_width(text) + lams_with_alef(text)
}

/// How often an alef follows a lam, with or without marks upon it.
fn lams_with_alef(text: &str) -> usize {
    const LAM: char = '\u{644}';
    const ALEFS: [char; 4] = ['\u{622}', '\u{623}', '\u{625}', '\u{627}'];
    let mut count = 0;
    let mut after_lam = false;
    for sign in text.chars() {
        count += usize::from(after_lam && ALEFS.contains(&sign));
        let is_mark = console::measure_text_width(sign.encode_utf8(&mut [0; 4])) == 0;
        after_lam = sign == LAM || after_lam && is_mark;
    }
    count
}

/// The text in no more than so many columns, with an ellipsis where it is cut.
pub(super) fn cut(text: &str, columns: usize) -> String {
    let cut = |columns: usize| console::truncate_str(text, columns, "…");
    let shorter = (0..=columns).rev().map(cut).find(|cut| width(cut) <= columns);
    shorter.unwrap_or_default().into_owned()
}

/// The text with blanks behind it, up to so many columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The lines of a text, none longer than so many columns but for one that is a single word; what a line begins with stays
/// before what is carried over from it.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    text.lines()
        .flat_map(|line| wrapped_line(line, columns))
        .collect()
}

/// The same of what tells commands: those are copied, and stay in one piece.
pub(super) fn wrapped_beside_commands(text: &str, columns: usize) -> String {
    let one = |line: &str| match tells_command(line) || width(line) <= columns {
        true => line.to_owned(),
        false => filled(line, &with_commands(line), columns).join("\n"),
    };
    text.split('\n').map(one).collect::<Vec<_>>().join("\n")
}

/// What commands begin with that are told to be pasted.
const PROGRAMS: [&str; 13] = [
    "zoho-mcp", "unset", "chmod", "mkdir", "install", "move", "icacls", "sudo", "w32tm", "claude", "code",
    "codex", "gemini",
];

/// Whether a text is a command, by the program it begins with, wherever that lies.
pub(super) fn is_command(text: &str) -> bool {
    let program = match text.strip_prefix('\'') {
        Some(quoted) => quoted.split('\'').next(),
        None => text.split(' ').next(),
    };
    let name = program.and_then(|program| program.rsplit(['/', '\\']).next());
    let name = name.unwrap_or_default();
    let is_alone = text.trim_end() == name;
    !is_alone && PROGRAMS.contains(&name.strip_suffix(".exe").unwrap_or(name))
}

/// Whether a line tells nothing but a command.
fn tells_command(line: &str) -> bool {
    let after = ["next:", "example:"]
        .iter()
        .find_map(|word| line.strip_prefix(word));
    let alone = after.or_else(|| line.strip_prefix(APART));
    alone.is_some_and(|told| is_command(told.trim_start()))
}

/// Before a command that stands in a line of its own.
const APART: &str = "    ";

/// What is told, each command that is to be run in a line of its own: what stands in backticks among words is pasted as
/// another.
pub(super) fn with_commands_apart(told: &str) -> String {
    let (mut apart, mut rest) = (String::new(), told);
    while let Some((before, after)) = rest.split_once(": run `") {
        let Some((command, behind)) = after.split_once('`') else {
            break;
        };
        apart.push_str(&format!("{before}:\n{APART}{command}"));
        rest = behind.trim_start_matches(['.', ',', ';', ' ']);
        if !rest.is_empty() {
            apart.push('\n');
        }
    }
    apart + rest
}

/// Words, and in their place what stands in backticks.
fn with_commands(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match pieces.last_mut() {
            Some(last) if last.matches('`').count() % 2 == 1 => {
                last.push(' ');
                last.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

fn wrapped_line(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns || tells_command(line) {
        return vec![line.trim_end().to_owned()];
    }
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    filled(line, &words, columns)
}

/// Lines of these words, each as far in as the line they come from.
fn filled(line: &str, words: &[String], columns: usize) -> Vec<String> {
    let indent: String = line.chars().take_while(|sign| *sign == ' ').collect();
    let mut lines = vec![indent.clone()];
    for word in words {
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
