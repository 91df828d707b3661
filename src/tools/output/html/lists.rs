//! What stands before the items of a list: the numbers and letters that a browser shows.

use super::sheets::Sheets;
use super::style::Style;
use super::tags::{Found, Reader, Tag};

/// Lists within lists that are told apart.
const DEEPEST: usize = 50;
/// Lists within lists that are indented further.
const INDENTED: usize = 2;
/// Bytes of a text that are read ahead for the items of lists that count down.
const AHEAD: usize = 1 << 20;
/// Roman numbers go no further.
const LARGEST_ROMAN: i32 = 3999;

/// How items are told apart.
#[derive(Clone, Copy)]
enum Numbering {
    /// By a mark that is the same for all.
    Mark,
    Digits,
    Letters {
        capital: bool,
    },
    Roman {
        capital: bool,
    },
}

/// A list that is open.
struct List {
    numbering: Numbering,
    /// The number of the next item, where it is known.
    next: Option<i32>,
    step: i32,
}

/// The lists that are open.
#[derive(Default)]
pub(super) struct Lists {
    open: Vec<List>,
    deeper: usize,
    /// Bytes read ahead.
    read: usize,
}

impl Lists {
    /// A list begins or ends; behind its tag stands this.
    pub(super) fn list(&mut self, tag: &Tag<'_>, style: Option<&Style>, behind: &str, sheets: &Sheets) {
        match (tag.closing, self.open.len() < DEEPEST) {
            (true, _) if self.deeper > 0 => self.deeper -= 1,
            (true, _) => _ = self.open.pop(),
            (false, false) => self.deeper += 1,
            (false, true) => {
                let own = match tag.name.as_str() {
                    "ol" => Numbering::Digits,
                    _ => Numbering::Mark,
                };
                let reversed = tag.name == "ol" && tag.has_flag("reversed");
                let start = tag.attribute("start").filter(|_| tag.name == "ol");
                let next = match start.and_then(integer) {
                    None if reversed => self.count(behind, sheets),
                    start => Some(start.unwrap_or(1)),
                };
                self.open.push(List {
                    numbering: Numbering::said(tag, style).unwrap_or(own),
                    next,
                    step: if reversed { -1 } else { 1 },
                });
            }
        }
    }

    /// What stands before the item that begins with this tag.
    pub(super) fn item(&mut self, tag: &Tag<'_>, style: Option<&Style>) -> String {
        let depth = self.open.len().saturating_sub(1).min(INDENTED);
        let list = self.open.last_mut().filter(|_| self.deeper == 0);
        let Some(list) = list else {
            return "- ".to_owned();
        };
        let number = tag.attribute("value").and_then(integer).or(list.next);
        list.next = number.map(|number| number.saturating_add(list.step));
        let numbering = Numbering::said(tag, style).unwrap_or(list.numbering);
        let indent = "  ".repeat(depth);
        match number.and_then(|number| numbering.write(number)) {
            Some(number) => format!("{indent}{number}. "),
            None => format!("{indent}- "),
        }
    }

    /// How many items the list has whose start tag stands before this text.
    fn count(&mut self, behind: &str, sheets: &Sheets) -> Option<i32> {
        let mut reader = Reader::new(behind);
        let (mut items, mut depth) = (0, 0_usize);
        while let Some(found) = reader.next() {
            let Found::Tag(tag) = found else { continue };
            match (tag.name.as_str(), tag.closing) {
                ("ol" | "ul", false) => depth += 1,
                ("ol" | "ul", true) if depth == 0 => break,
                ("ol" | "ul", true) => depth -= 1,
                ("li", false) if depth == 0 && !is_unseen(&tag, sheets) => items += 1,
                _ => {}
            }
            if self.read + behind.len() - reader.rest().len() > AHEAD {
                self.read = AHEAD;
                return None;
            }
        }
        self.read += behind.len() - reader.rest().len();
        Some(items)
    }
}

impl Numbering {
    /// What the style or `type` of a list or item asks for.
    fn said(tag: &Tag<'_>, style: Option<&Style>) -> Option<Self> {
        let style = style.map_or("", Style::marker);
        let capital = style.contains("upper-");
        match style {
            "" => {}
            _ if style.contains("-alpha") || style.contains("-latin") => {
                return Some(Self::Letters { capital });
            }
            _ if style.contains("-roman") => return Some(Self::Roman { capital }),
            _ if style.contains("decimal") => return Some(Self::Digits),
            _ if ["none", "disc", "circle", "square"]
                .iter()
                .any(|mark| style.contains(mark)) =>
            {
                return Some(Self::Mark);
            }
            _ => {}
        }
        let said = tag
            .attribute("type")
            .filter(|_| matches!(tag.name.as_str(), "ol" | "ul" | "li"))?;
        match said.trim() {
            "1" => Some(Self::Digits),
            "a" | "A" => Some(Self::Letters {
                capital: said.trim() == "A",
            }),
            "i" | "I" => Some(Self::Roman {
                capital: said.trim() == "I",
            }),
            _ => None,
        }
    }

    /// The number as it is shown; letters and Roman numbers have no zero, and Roman ones an end.
    fn write(self, number: i32) -> Option<String> {
        let cased = |text: String, capital: bool| if capital { text.to_uppercase() } else { text };
        match self {
            Self::Mark => None,
            Self::Letters { capital } if number > 0 => Some(cased(letters(number), capital)),
            Self::Roman { capital } if (1..=LARGEST_ROMAN).contains(&number) => {
                Some(cased(roman(number), capital))
            }
            _ => Some(number.to_string()),
        }
    }
}

/// Whether an item is not shown, and not counted.
fn is_unseen(tag: &Tag<'_>, sheets: &Sheets) -> bool {
    tag.has_flag("hidden") || sheets.style(tag).is_some_and(|style| style.hides())
}

/// A whole number as HTML reads it: what follows its digits does not count.
fn integer(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.trim_start_matches(['-', '+']);
    let end = digits
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(digits.len());
    text.get(..text.len() - digits.len() + end)?.parse().ok()
}

/// `a` to `z`, then `aa`.
fn letters(number: i32) -> String {
    let mut rest = number.unsigned_abs();
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.extend(char::from_digit(rest % 26 + 10, 36));
        rest /= 26;
    }
    // Digits to the base of 36 have the letters of the alphabet behind 9.
    letters.into_iter().rev().collect()
}

fn roman(number: i32) -> String {
    let signs = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in signs {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}
