//! What of a mail is its own, and what it only quotes of the mails before it: cut in the forms in which mail programs
//! write it, never by the look of a single line, and never without saying how much.

/// The words of one language's mail programs.
struct Language {
    /// What the line above a quotation begins with.
    on: &'static [&'static str],
    /// What that line says.
    wrote: &'static str,
    /// The labels of Outlook's block: the first line, when, and about what.
    from: &'static [&'static str],
    sent: &'static [&'static str],
    to: &'static [&'static str],
    subject: &'static [&'static str],
    /// Stands between dashes above that block.
    original: &'static str,
}

const LANGUAGES: [Language; 9] = [
    Language {
        on: &["on"],
        wrote: "wrote",
        from: &["from"],
        sent: &["sent", "date"],
        to: &["to"],
        subject: &["subject"],
        original: "original message",
    },
    Language {
        on: &["am"],
        wrote: "schrieb",
        from: &["von"],
        sent: &["gesendet", "datum"],
        to: &["an"],
        subject: &["betreff"],
        original: "ursprüngliche nachricht",
    },
    Language {
        on: &["le"],
        wrote: "a écrit",
        from: &["de"],
        sent: &["envoyé", "date"],
        to: &["à", "a", "pour"],
        subject: &["objet"],
        original: "message d'origine",
    },
    Language {
        on: &["op"],
        wrote: "schreef",
        from: &["van"],
        sent: &["verzonden", "datum"],
        to: &["aan"],
        subject: &["onderwerp"],
        original: "oorspronkelijk bericht",
    },
    Language {
        on: &["el"],
        wrote: "escribió",
        from: &["de"],
        sent: &["enviado", "enviado el", "fecha"],
        to: &["para", "a"],
        subject: &["asunto"],
        original: "mensaje original",
    },
    Language {
        on: &["il"],
        wrote: "ha scritto",
        from: &["da"],
        sent: &["inviato", "data"],
        to: &["a"],
        subject: &["oggetto"],
        original: "messaggio originale",
    },
    Language {
        on: &["em", "no dia", "a"],
        wrote: "escreveu",
        from: &["de"],
        sent: &["enviado", "enviada", "enviada em", "enviado em", "data"],
        to: &["para"],
        subject: &["assunto"],
        original: "mensagem original",
    },
    Language {
        on: &["den"],
        wrote: "skrev",
        from: &["fra"],
        sent: &["sendt", "dato"],
        to: &["til"],
        subject: &["emne"],
        original: "oprindelig meddelelse",
    },
    Language {
        on: &["den"],
        wrote: "skrev",
        from: &["från"],
        sent: &["skickat", "datum"],
        to: &["till"],
        subject: &["ämne"],
        original: "ursprungligt meddelande",
    },
];

/// Lines a form is looked for in; a longer line belongs to none.
const LONGEST_LINE: usize = 400;
/// Lines the line above a quotation may be wrapped into.
const WRAPPED: usize = 3;
/// Lines of an Outlook block from the first label to the last.
const BLOCK: usize = 10;

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
    let all: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
    let begins = |at: &usize| all.get(*at..).is_some_and(quotes_to_the_end);
    let Some(first) = (0..all.len()).find(begins) else {
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

/// Whether the first of these lines opens a quotation that goes on to the last.
fn quotes_to_the_end(lines: &[&str]) -> bool {
    let Some((first, rest)) = lines.split_first() else {
        return false;
    };
    if first.is_empty() || first.len() > LONGEST_LINE {
        return false;
    }
    if let Some(length) = introduction(lines) {
        let rest = lines.get(length..).unwrap_or_default();
        let mut marked = rest
            .iter()
            .filter(|line| !line.is_empty())
            .map(|line| line.starts_with('>'));
        return match marked.next() {
            // Words behind or between the marked lines are answers to them: nothing is cut then.
            Some(true) => marked.all(|marked| marked),
            _ => names_its_sender(lines.get(..length).unwrap_or_default()),
        };
    }
    LANGUAGES.iter().any(|language| {
        language.is_block(lines) || language.is_original(first) && language.is_sender(first_words(rest))
    })
}

fn first_words<'a>(lines: &[&'a str]) -> &'a str {
    lines
        .iter()
        .find(|line| !line.is_empty())
        .copied()
        .unwrap_or_default()
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
                has_date(words) && languages.any(|language| language.introduces(words))
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

impl Language {
    /// Words in small letters, without what ends them: `on ... wrote`, `am ... schrieb aiko`.
    fn introduces(&self, words: &str) -> bool {
        let rest = self
            .on
            .iter()
            .find_map(|on| words.strip_prefix(on)?.strip_prefix(' '));
        let Some((_, after)) = rest.and_then(|rest| rest.rsplit_once(self.wrote)) else {
            return false;
        };
        // Where the verb stands last, its sentence does not go on.
        let first = matches!(self.wrote, "schrieb" | "schreef" | "skrev");
        after.trim().is_empty() || first && after.starts_with(' ')
    }

    fn is_original(&self, line: &str) -> bool {
        between_dashes(line).is_some_and(|words| words.to_lowercase() == self.original)
    }

    fn is_sender(&self, line: &str) -> bool {
        label(line).is_some_and(|(label, _)| self.from.contains(&label.as_str()))
    }

    /// `From:`, `Sent:` with a date, `To:` and `Subject:`, one below the other.
    fn is_block(&self, lines: &[&str]) -> bool {
        if !lines.first().is_some_and(|line| self.is_sender(line)) {
            return false;
        }
        let (mut sent, mut to) = (false, false);
        for line in lines.iter().skip(1).take(BLOCK).filter(|line| !line.is_empty()) {
            let Some((label, value)) = label(line) else {
                if to && line.contains(['@', ';']) {
                    continue; // receivers fill more than one line
                }
                return false;
            };
            let is = |labels: &[&str]| labels.contains(&label.as_str());
            if is(self.subject) {
                return sent && to;
            }
            sent |= is(self.sent) && value.bytes().any(|byte| byte.is_ascii_digit());
            to |= is(self.to);
        }
        false
    }
}

/// `Label: value`, the label in small letters; plain text may have stars around it.
fn label(line: &str) -> Option<(String, &str)> {
    const LONGEST: usize = 24;
    let (label, value) = line.split_once(':')?;
    let label = label.trim_matches(|sign: char| sign == '*' || sign.is_whitespace());
    (label.len() <= LONGEST).then(|| (label.to_lowercase(), value))
}
