//! What of a mail is its own, and what it only quotes of the mails before it: cut in the forms in which mail programs
//! write it, never by the look of a single line, and never without saying how much.

mod languages;

use languages::{LANGUAGES, Language};

/// Lines a form is looked for in; a longer line belongs to none.
const LONGEST_LINE: usize = 400;
/// Lines the line above a quotation may be wrapped into.
const WRAPPED: usize = 3;
/// Lines of an Outlook block from the first label to the last.
const BLOCK: usize = 12;
/// Characters of a day as it stands behind its sender.
const LONGEST_DAY: usize = 60;
/// Where the day and the receivers stand among the labels of a block.
const SENT: usize = 1;
const TO: usize = 2;

/// The message without the history it quotes at its end, and how many characters of that were left out. A message that
/// only quotes is left as it is.
pub fn cut_history(text: &str) -> (&str, usize) {
    let mut start = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            (at, line.trim())
        })
        .collect();
    let message = Message::new(lines.iter().map(|(_, line)| *line).collect());
    let Some(first) = (0..lines.len()).find(|at| message.quotes_from(*at)) else {
        return (text.trim(), 0);
    };
    let cut = lines.get(first).map_or(text.len(), |(at, _)| *at);
    let (own, quoted) = text.split_at(cut);
    let own = without_rule(own.trim_end()).trim();
    if own.is_empty() {
        return (text.trim(), 0);
    }
    (own, quoted.trim().chars().count())
}

/// The text without the line of dashes that Outlook draws above its block.
fn without_rule(text: &str) -> &str {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let last = last.trim();
    let drawn = last.len() >= 5 && last.bytes().all(|sign| matches!(sign, b'_' | b'-'));
    if drawn { before } else { text }
}

/// The lines of a message.
struct Message<'a> {
    lines: Vec<&'a str>,
    /// The last that is not marked as quoted.
    last_own: Option<usize>,
}

impl<'a> Message<'a> {
    fn new(lines: Vec<&'a str>) -> Self {
        let is_own = |line: &&str| !line.is_empty() && !line.starts_with('>');
        Message {
            last_own: lines.iter().rposition(is_own),
            lines,
        }
    }

    /// Whether a line opens a quotation that goes on to the last.
    fn quotes_from(&self, at: usize) -> bool {
        let (before, lines) = self.lines.split_at(at);
        let Some((first, rest)) = lines.split_first() else {
            return false;
        };
        if first.is_empty() || first.len() > LONGEST_LINE {
            return false;
        }
        if first.starts_with('>') {
            // Apple's line stands within what it introduces.
            let bare = lines
                .iter()
                .take(WRAPPED)
                .map(|line| line.trim_start_matches('>').trim());
            return self.last_own.is_none_or(|own| own < at)
                && introduction(&bare.collect::<Vec<_>>()).is_some();
        }
        if let Some(length) = introduction(lines) {
            let quoted = lines.get(length..).unwrap_or_default();
            return match quoted.iter().find(|line| !line.is_empty()) {
                // Words behind or between the marked lines are answers to them: nothing is cut then.
                Some(line) if line.starts_with('>') => self.last_own.is_none_or(|own| own < at + length),
                _ => names_its_sender(lines.get(..length).unwrap_or_default()),
            };
        }
        let above = before.iter().rev().find(|line| !line.is_empty());
        LANGUAGES
            .iter()
            .any(|language| match language.is_original(first) {
                true => language.is_quoted_by_original(rest),
                false => language.is_block(lines) && !above.is_some_and(|above| passes_on(above)),
            })
    }
}

/// Whether a line says that what follows is meant to be read: `Begin forwarded message:`, `---------- Forwarded message`.
fn passes_on(line: &str) -> bool {
    line.ends_with(':') || between_dashes(line).is_some_and(|words| !words.is_empty())
}

/// How many lines `On Tue, 3 Nov 2026 at 09:12, Aiko <a@b.example> wrote:` takes, where it stands there: in the words of
/// one language, with a date; Zoho writes it between dashes.
fn introduction(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (index, line) in lines.iter().take(WRAPPED).enumerate() {
        if line.is_empty() || joined.len() + line.len() > LONGEST_LINE {
            return None;
        }
        joined.push_str(&line.to_lowercase());
        joined.push(' ');
        let whole = joined.trim_end();
        if between_dashes(whole)
            .or_else(|| whole.strip_suffix(':'))
            .is_some_and(|words| {
                let mut languages = LANGUAGES.iter();
                has_date(words) && (languages.any(|language| language.introduces(words)) || is_bare(words))
            })
        {
            return Some(index + 1);
        }
    }
    None
}

/// Whether an introduction names an address, or stands between Zoho's dashes: without any mark at the lines that
/// follow, only that tells it from a sentence of the author's own.
fn names_its_sender(lines: &[&str]) -> bool {
    let joined = lines.join(" ");
    between_dashes(&joined).is_some() || joined.contains('@')
}

fn between_dashes(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("--")?.strip_suffix("--")?;
    Some(inside.trim_matches(|sign: char| sign == '-' || sign.is_whitespace()))
}

/// A year, or a day in figures.
fn has_date(text: &str) -> bool {
    let mut figures = text.split(|sign: char| !sign.is_ascii_digit());
    let year = |figure: &str| figure.len() == 4 && (figure.starts_with("19") || figure.starts_with("20"));
    let in_figures = || {
        let mut words = text.split(|sign: char| sign.is_whitespace() || sign == ',');
        words.any(|word| {
            let parts: Vec<&str> = word.trim_end_matches('.').split(['/', '.', '-']).collect();
            let figure = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            parts.len() == 3 && parts.iter().all(figure)
        })
    };
    figures.any(year) || in_figures()
}

/// `2026-11-03 9:12 GMT+01:00 Aiko <a@b.example>`: as Gmail wrote it in every tongue.
fn is_bare(words: &str) -> bool {
    let mut parts = words.split_whitespace();
    let date = parts.next().unwrap_or_default();
    let figures = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let is_day = date.len() == 10 && figures(date) && date.matches('-').count() == 2;
    is_day
        && parts
            .next()
            .is_some_and(|time| figures(time) && time.contains(':'))
        && words.ends_with('>')
}

impl Language {
    /// Words in small letters, without what ends them: `on ... wrote`, `am ... schrieb aiko`, `aiko <a@b> escreveu (...)`.
    fn introduces(&self, words: &str) -> bool {
        let begins = self
            .on
            .iter()
            .any(|on| words.strip_prefix(on).is_some_and(|rest| rest.starts_with(' ')));
        let begins = begins || words.starts_with(|first: char| first.is_ascii_digit());
        self.wrote.iter().any(|wrote| {
            let Some((before, after)) = words.rsplit_once(wrote) else {
                return false;
            };
            let after = after.trim();
            let is_word = before.ends_with([' ', ',']);
            // Where the sender is named first, the day follows: a sentence goes on in other words.
            let dated = || before.contains('@') && has_date(after) && after.chars().count() <= LONGEST_DAY;
            is_word
                && match after.is_empty() {
                    true => begins,
                    false => dated() || self.verb_first && begins && (after.contains('@') || is_name(after)),
                }
        })
    }

    fn is_original(&self, line: &str) -> bool {
        between_dashes(line).is_some_and(|words| self.original.contains(&words.to_lowercase().as_str()))
    }

    /// Whether what follows the line above Outlook's block is that block, or a part of it, or a line of another program.
    fn is_quoted_by_original(&self, rest: &[&str]) -> bool {
        let from = rest.iter().position(|line| !line.is_empty()).unwrap_or_default();
        let rest = rest.get(from..).unwrap_or_default();
        let first = rest.first().copied().unwrap_or_default();
        let is_label =
            |labels: &[&str]| label(first).is_some_and(|(label, _)| labels.contains(&label.as_str()));
        let labels = [self.from, self.sent, self.to, self.subject];
        // Programs mix tongues here: the line is the phone's, the labels are English.
        let english = LANGUAGES.first().is_some_and(|english| is_label(english.from));
        labels.into_iter().any(is_label) || english || introduction(rest).is_some()
    }

    /// `From:`, `Sent:` with a date, `To:` and `Subject:`, one below the other, in any order.
    fn is_block(&self, lines: &[&str]) -> bool {
        let labels = [self.from, self.sent, self.to, self.subject];
        let mut seen = [false; 4];
        let mut last = None;
        for line in lines.iter().take(BLOCK).filter(|line| !line.is_empty()) {
            let found = label(line);
            let known = found.as_ref().and_then(|(name, value)| {
                let at = labels.iter().position(|labels| labels.contains(&name.as_str()))?;
                let dated = at != SENT || value.bytes().any(|byte| byte.is_ascii_digit());
                dated.then_some(at)
            });
            match (known, found) {
                (Some(at), _) => {
                    if let Some(seen) = seen.get_mut(at) {
                        *seen = true;
                    }
                    last = Some(at);
                }
                // Copies, importance and the like stand among them, receivers fill more than one line.
                (None, Some(_)) if last.is_some() => {}
                (None, None) if last == Some(TO) && line.contains(['@', ';']) => {}
                _ => return false,
            }
            if seen.iter().all(|seen| *seen) {
                return true;
            }
        }
        false
    }
}

/// Whether the words behind a verb can be who wrote: a few, of which none begins a sentence.
fn is_name(words: &str) -> bool {
    words.split_whitespace().count() <= 5 && !words.contains(['.', '?', '!'])
}

/// `Label: value`, the label in small letters; plain text may have stars around it.
fn label(line: &str) -> Option<(String, &str)> {
    const LONGEST: usize = 24;
    let (label, value) = line.split_once(':')?;
    let label = label.trim_matches(|sign: char| sign == '*' || sign.is_whitespace());
    (label.len() <= LONGEST).then(|| (label.to_lowercase(), value))
}
