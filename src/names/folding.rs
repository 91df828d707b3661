//! When two spellings are the same word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name without case, separators, quotes and blanks: how names of keys, modules, fields and lists are compared.
pub fn fold(name: &str) -> String {
    let separates =
        |c: &char| !(c.is_whitespace() || is_filler(*c) || matches!(c, '-' | '_' | '"' | '\'' | '`'));
    if name.is_ascii() {
        return name
            .chars()
            .filter(separates)
            .map(|c| c.to_ascii_lowercase())
            .collect();
    }
    name.nfkc()
        .filter(separates)
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text in lower case, its letters composed and without fillers: how values are compared, whose signs count.
pub fn composed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let letters = text.nfkc().filter(|c| !is_filler(*c));
    letters.collect::<String>().to_lowercase()
}

/// A text as it is seen: its letters composed, without fillers, one blank for several, none at the ends of lines and around it.
pub fn as_seen(text: &str) -> String {
    let seen: String = text.nfc().filter(|c| !is_filler(*c)).collect();
    let seen = seen.replace(['\u{2028}', '\u{2029}'], "\n");
    let lines = seen.trim().lines();
    let lines: Vec<String> = lines
        .map(|line| line.split_whitespace().collect::<Vec<&str>>().join(" "))
        .collect();
    lines.join("\n")
}

/// Letters and digits in lower case: how labels are compared, which have any punctuation.
pub fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text in lower case as those write it who leave accents aside; of letters that no decomposition takes apart the usual
/// ones.
pub fn without_accents(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            'ł' => bare.push('l'),
            'ø' => bare.push('o'),
            'đ' | 'ð' => bare.push('d'),
            'ı' => bare.push('i'),
            'þ' => bare.push_str("th"),
            'ß' => bare.push_str("ss"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            other => bare.push(other),
        }
    }
    bare
}

/// Whether a name is another in a different style: the same letters, and divided nowhere but between the words of the other.
pub fn same_style(name: &str, other: &str) -> bool {
    fold(name) == fold(other) && {
        let words = boundaries(other, true);
        boundaries(name, false)
            .iter()
            .all(|boundary| words.contains(boundary))
    }
}

/// How many letters stand before each division of a name, changes from lower to upper case counted if asked.
fn boundaries(name: &str, humps: bool) -> Vec<usize> {
    let (mut letters, mut found, mut lower) = (0, Vec::new(), false);
    let inside = name.trim_matches(|c: char| !c.is_alphanumeric());
    for c in inside.chars() {
        if !c.is_alphanumeric() || humps && lower && c.is_uppercase() {
            found.push(letters);
        }
        letters += usize::from(c.is_alphanumeric());
        lower = c.is_lowercase();
    }
    found
}

/// Whether nothing of a text is seen: blanks, and characters without width.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_filler(c))
}

/// Characters without width that come along when text is copied, direction marks among them.
pub fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// The zeros of the scripts whose decimal digits people write numbers with.
const ZEROS: [char; 20] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}', '\u{1810}',
    '\u{a9d0}', '\u{ff10}',
];

/// A text with the digits of every script, and full-width letters and signs, as ASCII writes them; one for one.
pub fn in_ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let digit = |c: char| {
        let value = ZEROS
            .iter()
            .find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|v| *v < 10))?;
        char::from_digit(value, 10)
    };
    let full_width = |c: char| match c {
        '\u{3000}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    };
    text.chars()
        .map(|c| digit(c).or_else(|| full_width(c)).unwrap_or(c))
        .collect()
}

/// Whether one is the plain English plural of the other, both folded.
pub fn same_but_for_number(a: &str, b: &str) -> bool {
    let plural_of = |one: &str, many: &str| {
        one.len() >= 3
            && (many.strip_suffix('s') == Some(one)
                || many.strip_suffix("es") == Some(one)
                || many
                    .strip_suffix("ies")
                    .is_some_and(|stem| one.strip_suffix('y') == Some(stem)))
    };
    plural_of(a, b) || plural_of(b, a)
}
