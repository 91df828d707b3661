//! The sheets of styles in a page: what they say of an element, in the order in which browsers weigh it. What is only perhaps
//! said of an element, or for some screens alone, makes uncertain what it might change; and where anything is uncertain
//! words are shown.

use std::collections::HashMap;

use super::css::{Readers, Rule, Sheet};
use super::lengths::UNCERTAIN;
use super::selectors::{About, Keys, Selector, Strength};
use super::style::Style;
use super::tags::{Found, Known, Reader, Tag};

/// Selectors of one class, id or name that are told apart; what further ones say is perhaps said of all its elements.
const MOST: usize = 32;
/// Pages hide themselves as a whole until a program shows them.
const OF_A_WHOLE_PAGE: [&str; 3] = ["display", "opacity", "visibility"];

/// How much a declaration weighs.
type Weight = (bool, Strength, usize);

/// What the rules of one selector say.
struct Said {
    selector: Selector,
    /// It counts for all who read.
    is_sure: bool,
    words: HashMap<&'static str, (Weight, String)>,
}

/// All sheets of one page.
#[derive(Default)]
pub(super) struct Sheets {
    /// By what all elements of a selector have.
    said: HashMap<String, Vec<Said>>,
    rules: usize,
    /// Something in them moves, or appears after a while.
    moves: bool,
    /// They name others, which may paint the page.
    pub(super) imports: bool,
}

impl Sheets {
    /// Those of a page.
    pub(super) fn of(html: &str, known: &Known) -> Self {
        let mut sheets = Sheets::default();
        let mut tags = html.as_bytes().windows(6);
        if !tags.any(|start| start.eq_ignore_ascii_case(b"<style")) {
            return sheets;
        }
        let mut reader = Reader::knowing(html, known);
        // Within these nothing, or only what has no scripts, is shown.
        let mut apart = 0_usize;
        while let Some(found) = reader.next() {
            let Found::Tag(tag) = found else { continue };
            match (tag.name.as_str(), tag.closing) {
                ("template" | "noscript", false) => apart += 1,
                ("template" | "noscript", true) => apart = apart.saturating_sub(1),
                ("style", false) => {
                    let before = reader.rest();
                    reader.skip_content(&tag);
                    let length = before.len() - reader.rest().len();
                    let text = before.get(..length).unwrap_or_default();
                    let text = text.rsplit_once("</").map_or(text, |(text, _)| text);
                    let readers = Readers::of(tag.attribute("media").unwrap_or_default());
                    if is_css(&tag) && readers != Readers::Nobody {
                        sheets.add(text, apart == 0 && readers == Readers::All);
                    }
                }
                ("script", false) => {
                    reader.skip_content(&tag);
                }
                ("title", false) => {
                    reader.skip_ended(&tag);
                }
                _ => {}
            }
        }
        sheets
    }

    fn add(&mut self, text: &str, is_sure: bool) {
        let sheet = Sheet::of(text, is_sure);
        self.moves |= sheet.moves;
        self.imports |= sheet.imports;
        for rule in sheet.rules {
            self.rules += 1;
            let style = Style::saying(&rule.declarations);
            for selector in &rule.selectors {
                self.hear(selector, &rule, &style);
            }
        }
    }

    fn hear(&mut self, selector: &Selector, rule: &Rule, style: &Style) {
        let order = self.rules;
        let all = self.said.entry(selector.key()).or_default();
        let known = all
            .iter()
            .position(|said| said.is_sure == rule.is_sure && said.selector == *selector);
        let place = known.unwrap_or_else(|| {
            let is_full = all.len() >= MOST;
            if !is_full {
                all.push(Said {
                    selector: selector.clone(),
                    is_sure: rule.is_sure,
                    words: HashMap::new(),
                });
            }
            all.len() - 1
        });
        let Some(said) = all.get_mut(place) else { return };
        let is_merged = said.selector != *selector || said.is_sure != rule.is_sure;
        if is_merged {
            (said.selector, said.is_sure) = (Selector::any(), false);
        }
        for (matter, word) in style.words() {
            let weight = (word.important, selector.strength, order);
            let value = if is_merged { UNCERTAIN } else { &word.value };
            let before = said.words.get(matter);
            if before.is_none_or(|(before, _)| *before <= weight) {
                // Where it is not sure, what was said before may be all that counts.
                let is_other = !rule.is_sure && before.is_some_and(|(_, before)| before != value);
                let value = if is_other { UNCERTAIN } else { value };
                said.words.insert(matter, (weight, value.to_owned()));
            }
        }
    }

    /// What they and its own style say of an element; none where nothing is said.
    pub(super) fn style(&self, tag: &Tag<'_>) -> Option<Style> {
        let own = tag.attribute("style");
        if tag.closing || self.said.is_empty() && own.is_none() {
            return None;
        }
        let own = own.map(|own| Style::read(&htmlize::unescape_attribute(own)));
        Some(self.cascade(&Keys::of(tag), own))
    }

    /// What they say of an element of a name, where its tag is left out.
    pub(super) fn of_name(&self, name: &str) -> Style {
        self.cascade(&Keys::called(name), None)
    }

    fn cascade(&self, keys: &Keys, own: Option<Style>) -> Style {
        let is_whole_page = matches!(keys.name.as_str(), "html" | "body") && own.is_none();
        let mut style = own.unwrap_or_default();
        // The style of an element is stronger than any selector.
        let own = (u16::MAX, u16::MAX, u16::MAX);
        let own = style
            .words()
            .map(|(matter, word)| (matter, (word.important, own, usize::MAX)));
        let mut weights: HashMap<&'static str, Weight> = own.collect();
        let about = |wanted: About| {
            let said = keys.all().filter_map(|key| self.said.get(key)).flatten();
            said.filter(move |said| {
                let about = said.selector.is_about(keys);
                about.map(|about| if said.is_sure { about } else { About::Perhaps }) == Some(wanted)
            })
        };
        for said in about(About::Surely) {
            for (&matter, (weight, value)) in &said.words {
                if weights.get(matter).is_none_or(|known| known <= weight) {
                    weights.insert(matter, *weight);
                    style.hear(matter, weight.0, value);
                }
            }
        }
        for said in about(About::Perhaps) {
            for (&matter, (weight, value)) in &said.words {
                let is_stronger = weights.get(matter).is_none_or(|known| known <= weight);
                if is_stronger && style.word(matter) != value {
                    style.hear(matter, weight.0, UNCERTAIN);
                }
            }
        }
        if is_whole_page {
            OF_A_WHOLE_PAGE.iter().for_each(|matter| style.forget(matter));
        }
        style.on(&keys.name, self.moves)
    }
}

fn is_css(tag: &Tag<'_>) -> bool {
    let kind = tag.attribute("type").unwrap_or_default();
    kind.trim().is_empty() || kind.trim().eq_ignore_ascii_case("text/css")
}
