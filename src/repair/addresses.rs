//! E-mail addresses, taken whole: one address and nothing beside it, but for the notation of people who copy them.

use super::Access;
use super::mending::Mending;

const LONGEST: usize = 254;
/// Words that say something about the address behind them, and are no part of anybody's name.
const NO_NAMES: &[&str] = &[
    "to",
    "cc",
    "bcc",
    "from",
    "not",
    "no",
    "never",
    "except",
    "without",
    "instead",
    "or",
    "and",
    "was",
    "is",
    "old",
    "new",
    "former",
    "formerly",
    "previously",
    "reply",
    "forward",
    "for",
    "via",
    "on",
    "behalf",
    "remove",
    "delete",
    "drop",
    "exclude",
    "omit",
    "skip",
    "ignore",
    "add",
    "include",
    "replace",
    "cancel",
    "block",
    "unsubscribe",
    "stop",
    "only",
    "unless",
    "but",
    "please",
    "maybe",
    "either",
    "ex",
    "wrong",
    "invalid",
    "dead",
    "bounced",
    "original",
    "test",
    "nicht",
    "statt",
    "an",
    "kein",
    "ohne",
    "außer",
    "oder",
    "und",
    "alt",
    "alte",
    "neu",
    "bitte",
    "entferne",
    "entfernen",
    "lösche",
    "löschen",
    "ersetze",
    "pas",
    "sans",
    "sauf",
    "ou",
    "et",
    "ancien",
    "ancienne",
    "retirer",
    "supprimer",
    "sin",
    "excepto",
    "salvo",
    "quitar",
    "eliminar",
    "antes",
    "não",
    "sem",
    "exceto",
    "non",
    "senza",
    "tranne",
    "eccetto",
    "niet",
    "geen",
    "zonder",
    "behalve",
    "inte",
    "ikke",
    "utan",
    "uden",
    "uten",
    "utom",
    "undtagen",
    "unntatt",
    "nie",
    "bez",
    "oprócz",
    "zamiast",
    "ne",
    "kromě",
    "nem",
    "kivéve",
    "ei",
    "paitsi",
    "değil",
    "hariç",
    "не",
    "без",
    "кроме",
    "вместо",
    "только",
    "крім",
    "окрім",
    "замість",
    "όχι",
    "χωρίς",
    "εκτός",
];
/// Small words inside names.
const PARTICLES: &[&str] = &[
    "von", "van", "vom", "zu", "zur", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la",
    "le", "el", "al", "bin", "ibn",
];

/// Whether a text is one address and nothing else.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.len() <= LONGEST && is_local(local) && (is_domain(domain) || is_literal(domain))
}

fn is_local(local: &str) -> bool {
    if let Some(quoted) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let plain = |c: char| c == ' ' || c.is_ascii_graphic() && !"@<>()[]\\,;:\"".contains(c);
        return !quoted.trim().is_empty() && quoted.chars().all(plain);
    }
    let part = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= 64
        && local
            .split('.')
            .all(|word| !word.is_empty() && word.chars().all(part))
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let inside = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        inside && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    })
}

/// A number of the network in brackets.
fn is_literal(domain: &str) -> bool {
    let inside = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let number = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    inside.is_some_and(|ip| {
        ip.strip_prefix("IPv6:").unwrap_or(ip).chars().all(number) && ip.contains(['.', ':'])
    })
}

/// The address in `mailto:a@x.example`, `<a@x.example>` and `Anna Berg <a@x.example>`; nothing else has one reading.
pub(super) fn read_alone(text: &str, cx: &mut Mending) -> Option<String> {
    let found = match text.strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((name, inside)) if cx.access == Access::Write && has_no_capitals(name) => {
            let address = without_scheme(inside.trim());
            if is_address(address) {
                // Not the address alone, which the example of a right call would hold.
                cx.suggest(format!("{address} alone, if it is meant to get this"));
            }
            None
        }
        Some((name, inside)) if is_display_name(name.trim()) => Some(without_scheme(inside.trim())),
        Some(_) => None,
        None => Some(without_scheme(text)).filter(|address| *address != text),
    };
    let found = found.filter(|address| is_address(address)).map(str::to_owned);
    if found.is_none() && text.contains('@') {
        cx.expect("one e-mail address alone, such as name@domain.example, and nothing beside it");
    }
    found
}

fn without_scheme(text: &str) -> &str {
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => address,
        _ => text,
    }
}

/// Whether a letter is of a script without capitals: nothing tells a name there from a sentence about the address.
fn has_no_capitals(name: &str) -> bool {
    name.chars()
        .any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())
}

/// A name as people bear them, or nothing: words that begin with a capital, or anything like it between quotes.
fn is_display_name(name: &str) -> bool {
    let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let words: Vec<&str> = match quoted {
        Some(quoted) => quoted.split([' ', ',']).filter(|word| !word.is_empty()).collect(),
        None => name.split_whitespace().collect(),
    };
    let named = |word: &&str| is_name(word);
    words.is_empty()
        || words.len() <= 5
            && words.iter().any(named)
            && words.iter().all(|word| is_name(word) || PARTICLES.contains(word))
}

fn is_name(word: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-');
    word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && word.chars().all(letter)
        && !NO_NAMES.contains(&word.to_lowercase().as_str())
}
