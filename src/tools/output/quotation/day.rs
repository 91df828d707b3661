//! The day above a quotation, as programs write it: figures, a weekday, a month, and the few words that join them.

use super::languages::Language;
use super::words::{LONGEST_DAY, is_one_of};

/// Letters of a weekday or a month.
const LONGEST_NAME: usize = 16;
/// Letters of the weekday before a day that no verb tells to be one.
const SHORT_NAME: usize = 3;
/// What stands in no day.
const NEVER: [char; 12] = ['@', '<', '>', '"', '?', '!', ';', '=', '*', '|', '_', '#'];
/// What parts words beside white space and the signs of ASCII.
const PARTS: [char; 8] = ['،', '、', '。', '·', '“', '”', '«', '»'];

/// A day that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// It says at what time.
    pub(super) is_timed: bool,
    /// Words of its language tell it to be a program's.
    pub(super) is_in_words: bool,
}

/// Figures or letters that stand together, and what parts them from those before.
#[derive(Clone, Copy)]
struct Run<'a> {
    text: &'a str,
    gap: &'a str,
    in_figures: bool,
}

/// The day, where the text is one and nothing else.
pub(super) fn read(text: &str, language: &Language) -> Option<Day> {
    if text.chars().count() > LONGEST_DAY || text.contains(NEVER) {
        return None;
    }
    let runs = runs(text);
    let is_known = |run: &Run<'_>| run.in_figures || language.has_in_days(run.text);
    if !is_dated(&runs) || !is_known(runs.last()?) {
        return None;
    }
    let mut names = runs.iter().filter(|run| !is_known(run));
    // A weekday, and a month where that is no figure.
    let most = if in_figures(&runs) { 1 } else { 2 };
    if names.clone().count() > most || names.any(|run| run.text.chars().count() > LONGEST_NAME) {
        return None;
    }
    let first = runs.first()?;
    let begins = first.in_figures || first.text.chars().count() <= SHORT_NAME;
    Some(Day {
        is_timed: is_timed(&runs),
        is_in_words: begins && runs.iter().any(|run| is_one_of(&language.day, run.text)),
    })
}

/// Whether a text has a year, or a day in figures.
pub(super) fn has_date(text: &str) -> bool {
    is_dated(&runs(text))
}

/// Whether a text has a time.
pub(super) fn has_time(text: &str) -> bool {
    is_timed(&runs(text))
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let is_part = |sign: char| sign.is_whitespace() || sign.is_ascii_punctuation() || PARTS.contains(&sign);
    let mut runs = Vec::new();
    let mut rest = text;
    loop {
        let begins = rest.find(|sign: char| !is_part(sign)).unwrap_or(rest.len());
        let (gap, after) = rest.split_at(begins);
        let Some(first) = after.chars().next() else {
            return runs;
        };
        let in_figures = first.is_ascii_digit();
        let ends = after
            .find(|sign: char| is_part(sign) || sign.is_ascii_digit() != in_figures)
            .unwrap_or(after.len());
        let (run, behind) = after.split_at(ends);
        runs.push(Run {
            text: run,
            gap,
            in_figures,
        });
        rest = behind;
    }
}

fn is_year(run: &Run<'_>) -> bool {
    run.in_figures && run.text.len() == 4 && (run.text.starts_with("19") || run.text.starts_with("20"))
}

fn is_dated(runs: &[Run<'_>]) -> bool {
    runs.iter().any(is_year) || in_figures(runs)
}

/// `3/11/2026`, `2026-11-03`, `3. 11. 26`.
fn in_figures(runs: &[Run<'_>]) -> bool {
    runs.windows(3).any(|three| {
        let [first, second, third] = three else {
            return false;
        };
        let sign = second.gap.trim();
        three.iter().all(|run| run.in_figures && run.text.len() <= 4)
            && matches!(sign, "/" | "." | "-")
            && third.gap.trim() == sign
            && first.text.len() + second.text.len() + third.text.len() >= 4
    })
}

/// `9:12`, and `09.12` or `9.12.00` that is no part of a date.
fn is_timed(runs: &[Run<'_>]) -> bool {
    let gap = |at: usize| runs.get(at).map_or("", |run| run.gap);
    let figures = |at: usize| runs.get(at).map_or(0, |run| run.text.len());
    let has_year = runs.iter().any(is_year);
    runs.windows(2).enumerate().any(|(at, pair)| {
        let [hour, minutes] = pair else {
            return false;
        };
        let has_seconds = || has_year && gap(at + 2) == "." && figures(at + 2) == 2;
        let is_time = match minutes.gap {
            ":" => true,
            "." => hour.gap != "." && (!gap(at + 2).starts_with('.') || has_seconds()),
            _ => false,
        };
        is_time && hour.in_figures && minutes.in_figures && hour.text.len() <= 2 && minutes.text.len() == 2
    })
}
