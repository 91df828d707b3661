//! Who and what the block above a quotation names: people, files, a subject. Names and addresses are compared as wholes.

use super::languages;
use super::words::small;

/// What stands around an address, of any script's marks.
const AROUND: [char; 10] = ['<', '>', '(', ')', '[', ']', '"', '\'', '\u{2039}', '\u{203a}'];

/// All that a list names: of `Kim <k@b.example>; Jo` both names and the address.
pub(super) fn known(list: &str) -> impl Iterator<Item = String> {
    entries(list).flat_map(|entry| {
        let name = entry.split(['<', '(', '[', '\u{2039}']).next().map(bare);
        let name = name.filter(|name| !name.is_empty());
        addresses(entry).chain(name).collect::<Vec<String>>()
    })
}

/// What has to be known of a list: addresses, and the names that have none.
pub(super) fn told(list: &str) -> impl Iterator<Item = String> {
    entries(list).flat_map(|entry| {
        let addresses: Vec<String> = addresses(entry).collect();
        match addresses.is_empty() {
            true => vec![bare(entry)],
            false => addresses,
        }
    })
}

/// Whether a subject is this one, but for what programs put around it to say that they answer or pass on.
pub(super) fn is_subject(told: &str, subject: &str) -> bool {
    let same = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    without_prefixes(&same(told)) == without_prefixes(&same(subject))
}

fn without_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let token = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        // `[##596##]`, by which Zoho knows the case again.
        let is_token = |inside: &str| {
            inside
                .chars()
                .all(|sign| sign.is_ascii_digit() || matches!(sign, '#' | ' '))
        };
        let prefix = rest.split_once([':', '\u{ff1a}']);
        rest = match (token, prefix) {
            (Some((inside, behind)), _) if is_token(inside) => behind.trim_start(),
            (_, Some((word, behind))) if languages::is_prefix(word.trim()) => behind.trim_start(),
            _ => return rest,
        };
    }
}

/// The entries of a list; within quotes no sign parts them.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = list.split(move |sign: char| {
        is_quoted ^= sign == '"';
        !is_quoted && matches!(sign, ';' | ',' | '\u{ff1b}' | '\u{3001}')
    });
    parts.map(str::trim).filter(|entry| !entry.is_empty())
}

fn addresses(entry: &str) -> impl Iterator<Item = String> {
    let words = entry.split(|sign: char| sign.is_whitespace() || AROUND.contains(&sign));
    let addresses = words.filter(|word| word.contains('@'));
    addresses.map(|word| bare(word.strip_prefix("mailto:").unwrap_or(word)))
}

/// A name or address as it is compared.
fn bare(text: &str) -> String {
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || AROUND.contains(&sign));
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(small).collect()
}
