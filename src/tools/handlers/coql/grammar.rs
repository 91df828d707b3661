//! What COQL's grammar wants and SQL does not: conditions in pairs of brackets, a `where`, no `;`, straight quotes.

use std::fmt::Write as _;
use std::ops::Range;

/// Rows that one query gives at most.
const MOST_ROWS: u64 = 2000;
/// A condition that every record meets.
const ALL: &str = "where id is not null";

/// Brackets inside brackets that are looked into: what is put right is written anew level by level.
const DEEPEST: usize = 100;

/// A word, sign or text of a query, and how deep in brackets it stands.
pub(super) struct Token {
    pub(super) at: Range<usize>,
    depth: usize,
}

/// A column of the answer.
pub(super) struct Column<'q> {
    /// `sum`, as the query writes it.
    pub(super) function: Option<&'q str>,
    /// The field, or what the function is of.
    pub(super) field: &'q str,
    /// The name that the query gives it.
    pub(super) alias: Option<&'q str>,
}

/// The query, whose texts are read, as COQL takes it and no other meaning.
pub(super) fn mend_query(query: &str) -> String {
    let query = query.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    let Some(tokens) = tokens(query) else {
        return query.to_owned();
    };
    let read = Read { query, tokens };
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    match read.rewritten() {
        Some(right) if letters(&right) != letters(query) => right,
        _ => query.to_owned(),
    }
}

/// The module whose records a query lists; `Leads#<view>` is one of `Leads`.
pub(super) fn module_of(query: &str) -> Option<&str> {
    let tokens = tokens(query)?;
    let read = Read { query, tokens };
    let from = read.position(0..read.tokens.len(), "from")?;
    let place = read.tokens.get(from + 1)?.at.clone();
    query.get(place)?.split('#').next()
}

/// What a query selects; nothing where that cannot be read.
pub(super) fn columns(query: &str) -> Vec<Column<'_>> {
    let Some(tokens) = tokens(query) else {
        return Vec::new();
    };
    let read = Read { query, tokens };
    let from = read.position(0..read.tokens.len(), "from").unwrap_or_default();
    let listed = read.tokens.get(1..from).unwrap_or_default();
    let parts = listed.split(|token| token.depth == 0 && query.get(token.at.clone()) == Some(","));
    parts.filter_map(|part| column(query, part)).collect()
}

/// `Stage`, `Amount as a`, `sum(Amount) total`.
fn column<'q>(query: &'q str, part: &[Token]) -> Option<Column<'q>> {
    // Names may stand in quotes.
    let words = part.iter().filter_map(|token| query.get(token.at.clone()));
    let words = words.map(|word| word.trim_matches(['\'', '"']));
    let words: Vec<&str> = words.filter(|word| !word.eq_ignore_ascii_case("as")).collect();
    match words.as_slice() {
        &[function, "(", field, .., last] => Some(Column {
            function: Some(function),
            field,
            alias: Some(last).filter(|last| *last != ")"),
        }),
        &[field, ref alias @ ..] => Some(Column {
            function: None,
            field,
            alias: alias.first().copied(),
        }),
        [] => None,
    }
}

/// Whether a field of this name, of the module or of a record it refers to, stands anywhere in a query.
pub(super) fn speaks_of(query: &str, field: &str) -> bool {
    let mut words = tokens(query).unwrap_or_default().into_iter();
    words.any(|token| {
        let word = query.get(token.at).unwrap_or_default();
        let last = word.rsplit('.').next().unwrap_or_default();
        let compared = last.split(['=', '!', '<', '>']).next().unwrap_or_default();
        compared.eq_ignore_ascii_case(field)
    })
}

/// Whether a query tells records apart by a field of their own: it selects it, or names the one value of it that is wanted.
pub(super) fn tells_apart(query: &str, field: &str) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(field);
    if columns(query)
        .iter()
        .any(|column| column.function.is_none() && is_it(column.field))
    {
        return true;
    }
    let tokens = tokens(query).unwrap_or_default().into_iter();
    let words: Vec<&str> = tokens.filter_map(|token| query.get(token.at)).collect();
    let is_text = |word: Option<&&str>| word.is_some_and(|word| word.starts_with(['\'', '"']));
    let names_one = words
        .iter()
        .enumerate()
        .any(|(at, word)| match word.strip_suffix('=') {
            Some(name) if is_it(name) => is_text(words.get(at + 1)),
            _ => is_it(word) && words.get(at + 1) == Some(&"=") && is_text(words.get(at + 2)),
        });
    names_one && !words.iter().any(|word| word.eq_ignore_ascii_case("or"))
}

/// Whether a query is ordered by what a function gives.
pub(super) fn orders_by_function(query: &str) -> bool {
    let ordered = || {
        let tokens = tokens(query)?;
        let read = Read { query, tokens };
        let all = read.tokens.len();
        let order = (0..all).rfind(|token| read.is(*token, "order") && read.is(token + 1, "by"))?;
        (order..all).find(|token| read.is(*token, "("))
    };
    ordered().is_some()
}

/// The query with its rows by one field more; none where it cannot be read. A limit on the one row that it gives falls.
pub(super) fn grouped_by(query: &str, field: &str) -> Option<String> {
    let tokens = tokens(query)?;
    let read = Read { query, tokens };
    let all = read.tokens.len();
    let from = read.position(0..all, "from")?;
    let end = (from..all)
        .find(|token| read.ends_conditions(*token))
        .unwrap_or(all);
    let selected = format!("select {field}, {}", read.text(1..end));
    Some(match read.is(end, "group") {
        true => format!("{selected} group by {field}, {}", read.text(end + 2..all)),
        false => format!("{selected} group by {field}"),
    })
}

/// The tokens of a query; none where a text or a bracket is not closed, or too many brackets stand in one another.
pub(super) fn tokens(query: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut chars = query.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        match c {
            _ if c.is_whitespace() => continue,
            '(' if depth == DEEPEST => return None,
            '(' => depth += 1,
            ')' => {}
            '\'' | '"' => loop {
                let (at, inner) = chars.next()?;
                end = at + inner.len_utf8();
                match inner {
                    '\\' => _ = chars.next()?,
                    _ if inner == c => break,
                    _ => {}
                }
            },
            _ => {
                let word = |c: char| !c.is_whitespace() && !matches!(c, '(' | ')' | '\'' | '"' | ',' | ';');
                while let Some((at, inner)) = chars.next_if(|(_, inner)| word(c) && word(*inner)) {
                    end = at + inner.len_utf8();
                }
            }
        }
        tokens.push(Token {
            at: start..end,
            depth,
        });
        if c == ')' {
            depth = depth.checked_sub(1)?;
        }
    }
    (depth == 0).then_some(tokens)
}

struct Read<'q> {
    query: &'q str,
    tokens: Vec<Token>,
}

impl Read<'_> {
    fn rewritten(&self) -> Option<String> {
        let all = self.tokens.len();
        let from = self.position(0..all, "from")?;
        let end = (from..all)
            .find(|token| self.ends_conditions(*token))
            .unwrap_or(all);
        let mut out = String::new();
        match self.position(from..end, "where") {
            Some(place) => {
                out.push_str(self.text(0..place + 1));
                let (conditions, _) = self.paired(place + 1..end)?;
                let _ = write!(out, " {conditions}");
            }
            None => {
                let _ = write!(out, "{} {ALL}", self.text(0..end));
            }
        }
        if end < all {
            let _ = write!(out, " {}", self.within_bounds(end));
        }
        Some(out)
    }

    /// Whether what follows the conditions begins here; a field may be called `Order` or `Limit`.
    fn ends_conditions(&self, token: usize) -> bool {
        let outside = self.tokens.get(token).is_some_and(|token| token.depth == 0);
        let counts = self
            .text(token + 1..token + 2)
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit());
        let by = self.is(token + 1, "by");
        outside
            && (by && (self.is(token, "group") || self.is(token, "order"))
                || counts && (self.is(token, "limit") || self.is(token, "offset")))
    }

    fn text(&self, tokens: Range<usize>) -> &str {
        let ends = self
            .tokens
            .get(tokens.clone())
            .and_then(|of| Some((of.first()?, of.last()?)));
        let text = ends.and_then(|(first, last)| self.query.get(first.at.start..last.at.end));
        text.unwrap_or_default()
    }

    fn is(&self, token: usize, word: &str) -> bool {
        self.text(token..token + 1).eq_ignore_ascii_case(word)
    }

    /// The place of a word that stands in no bracket.
    fn position(&self, mut tokens: Range<usize>, word: &str) -> Option<usize> {
        let outside = |token: &usize| self.tokens.get(*token).is_some_and(|token| token.depth == 0);
        tokens.find(|token| outside(token) && self.is(*token, word))
    }

    /// Conditions joined by `and` and `or`, three or more of them in brackets by two, and then in one around all; `and`
    /// binds closer.
    fn paired(&self, tokens: Range<usize>) -> Option<(String, bool)> {
        let depth = self.tokens.get(tokens.start)?.depth;
        let depth = if self.is(tokens.start, "(") {
            depth - 1
        } else {
            depth
        };
        let mut alternatives: Vec<Vec<String>> = vec![Vec::new()];
        let (mut start, mut between) = (tokens.start, false);
        for token in tokens.clone().chain([tokens.end]) {
            let here = self.tokens.get(token).is_some_and(|token| token.depth == depth);
            if here && self.is(token, "between") {
                between = true;
            }
            let joint =
                token == tokens.end || here && (self.is(token, "or") || self.is(token, "and") && !between);
            if here && self.is(token, "and") {
                between = false;
            }
            if joint {
                alternatives.last_mut()?.push(self.condition(start..token)?);
                start = token + 1;
                if token < tokens.end && self.is(token, "or") {
                    alternatives.push(Vec::new());
                }
            }
        }
        if alternatives.iter().map(Vec::len).sum::<usize>() <= 2 {
            let all = alternatives.into_iter().map(|all| all.join(" and "));
            return Some((all.collect::<Vec<String>>().join(" or "), false));
        }
        let any = alternatives.into_iter().filter_map(|all| in_pairs(all, "and"));
        Some((in_pairs(any.collect(), "or")?, true))
    }

    /// One condition; of a bracket what is inside is put right, too.
    fn condition(&self, tokens: Range<usize>) -> Option<String> {
        let (first, last) = (tokens.start, tokens.end.checked_sub(1)?);
        if first > last {
            return None;
        }
        let depth = |token: usize| self.tokens.get(token).map(|token| token.depth);
        let whole = self.is(first, "(")
            && depth(first) == depth(last)
            && self.is(last, ")")
            && !(first + 1..last).any(|token| self.is(token, ")") && depth(token) == depth(first));
        match whole && first + 1 < last {
            true => Some(match self.paired(first + 1..last)? {
                (text, true) => text,
                (text, false) => format!("({text})"),
            }),
            false => Some(self.text(tokens).to_owned()),
        }
    }

    /// What follows the conditions, with no more rows asked for than a query gives.
    fn within_bounds(&self, from: usize) -> String {
        let rest = self.text(from..self.tokens.len());
        let number = |token: usize| self.text(token..token + 1).parse::<u64>().ok();
        let limit = self.position(from..self.tokens.len(), "limit");
        // `limit 10`, `limit 10 offset 20` and `limit 20, 10`.
        let rows = limit.map(|limit| match self.is(limit + 2, ",") {
            true => limit + 3,
            false => limit + 1,
        });
        let Some(rows) = rows.filter(|rows| number(*rows) > Some(MOST_ROWS)) else {
            return rest.to_owned();
        };
        let (before, after) = (self.text(from..rows), self.text(rows + 1..self.tokens.len()));
        format!("{before} {MOST_ROWS} {after}").trim_end().to_owned()
    }
}

/// `((a and b) and c)`.
fn in_pairs(conditions: Vec<String>, joint: &str) -> Option<String> {
    conditions
        .into_iter()
        .reduce(|all, one| format!("({all} {joint} {one})"))
}
