//! Texts of a query in COQL's own quotes: straight ones, doubled where they stand inside (Zoho, Kaizen #171).

/// Words that go on behind a text: a quote before one of them ends it.
const WORDS: [&str; 13] = [
    "and", "or", "not", "in", "is", "like", "between", "from", "where", "group", "order", "limit", "as",
];

/// The query with its texts as COQL takes them, signs written for HTML read outside of them; else from where on one is not
/// closed, or goes on behind its end.
pub(super) fn straighten(query: &str) -> Result<String, &str> {
    let mut out = String::with_capacity(query.len());
    let mut at = 0;
    while let Some(rest) = query.get(at..).filter(|rest| !rest.is_empty()) {
        let entities = [("&gt;", '>'), ("&lt;", '<'), ("&amp;", '&'), ("&#39;", '\'')];
        let entity = entities.into_iter().find(|(name, _)| rest.starts_with(name));
        let first = rest.chars().next().unwrap_or_default();
        let (sign, length) = entity.map_or((first, first.len_utf8()), |(name, sign)| (sign, name.len()));
        at += length;
        let Some(quote) = Quote::opened_by(sign) else {
            out.push(sign);
            continue;
        };
        let text = query.get(at..).and_then(|rest| quote.read(rest)).ok_or(rest)?;
        out.push(quote.written);
        for sign in text.content.chars() {
            out.extend((sign == quote.written).then_some(sign));
            out.push(sign);
        }
        out.push(quote.written);
        at += text.length;
    }
    Ok(out)
}

/// A pair of quotes around a text.
struct Quote {
    closing: char,
    written: char,
}

/// What stands in quotes, and how long it was with the quote behind it.
struct Text {
    content: String,
    length: usize,
}

impl Quote {
    fn opened_by(sign: char) -> Option<Self> {
        let (closing, written) = match sign {
            '\'' | '"' => (sign, sign),
            '\u{2018}' | '\u{2019}' => ('\u{2019}', '\''),
            '\u{201c}' | '\u{201d}' => ('\u{201d}', '\''),
            _ => return None,
        };
        Some(Quote { closing, written })
    }

    /// The text behind an opening quote. A quote inside is doubled, has a `\` before it, or stands between two letters.
    fn read(&self, rest: &str) -> Option<Text> {
        let mut content = String::new();
        let mut signs = rest.char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            let behind = rest.get(at + sign.len_utf8()..).unwrap_or_default();
            let next = behind.chars().next();
            if sign == '\\' {
                // `\\` is itself; of `\'` the quote is meant.
                let is_quote =
                    next.is_some_and(|next| next == self.closing || Quote::opened_by(next).is_some());
                content.extend((!is_quote).then_some(sign));
                content.extend(signs.next().map(|(_, next)| next));
            } else if sign != self.closing {
                content.push(sign);
            } else if next == Some(self.closing) {
                content.push(self.written);
                signs.next();
            } else if !next.is_some_and(char::is_alphanumeric) {
                let length = at + sign.len_utf8();
                return Some(Text { content, length });
            } else if content.ends_with(char::is_alphanumeric) && !begins_with_a_word(behind) {
                content.push(self.written);
            } else {
                return None;
            }
        }
        None
    }
}

fn begins_with_a_word(text: &str) -> bool {
    let end = text.find(|sign: char| !sign.is_alphanumeric() && sign != '_');
    let word = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}
