//! COQL text to tokens.

/// A piece of a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name or a keyword; names may be dotted.
    Word(String),
    /// A quoted text.
    Text(String),
    Number(String),
    Symbol(&'static str),
}

const SYMBOLS: &[&str] = &["<=", ">=", "!=", "<>", "(", ")", ",", "=", "<", ">", "*"];

/// The tokens, or the text from where it cannot be read on.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            found.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
        } else if first == '\'' || first == '"' {
            let (text, length) = quoted(rest, first).ok_or_else(|| rest.to_owned())?;
            found.push(Token::Text(text));
            rest = &rest[length..];
        } else if first.is_ascii_digit()
            || (first == '-' && rest[1..].starts_with(|next: char| next.is_ascii_digit()))
        {
            let length = 1 + rest[1..]
                .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
                .unwrap_or(rest.len() - 1);
            found.push(Token::Number(rest[..length].to_owned()));
            rest = &rest[length..];
        } else if is_name(first) {
            let length = rest.find(|letter: char| !is_name(letter)).unwrap_or(rest.len());
            found.push(Token::Word(rest[..length].to_owned()));
            rest = &rest[length..];
        } else {
            return Err(rest.to_owned());
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$' | '#')
}

/// The text between quotes, and how long it was in the query; a quote inside is doubled or escaped.
pub(crate) fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut plain = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((index, letter)) = letters.next() {
        if letter == '\\'
            && letters
                .peek()
                .is_some_and(|(_, next)| *next == quote || *next == '\\')
        {
            plain.extend(letters.next().map(|(_, next)| next));
        } else if letter == quote {
            if letters.peek().is_some_and(|(_, next)| *next == quote) {
                plain.extend(letters.next().map(|(_, next)| next));
            } else {
                return Some((plain, index + 1));
            }
        } else {
            plain.push(letter);
        }
    }
    None
}
