//! Words that are told apart by how they look: bold, slanted, underlined, struck out, in a colour or on one. Customers answer
//! so (`we take the yellow one`). What nearly all words of a page have says nothing of any of them.

use std::collections::HashMap;

use super::elements::is_block;
use super::hues::Hue;
use super::look::Look;
use super::style::Style;
use super::tags::Tag;
use super::unseen::Open;

/// Elements within elements that change how words look; further ones change nothing.
const DEEPEST: usize = 16;
/// Of ten letters so many make a look the usual one.
const USUAL: usize = 9;

/// The open elements that changed how words look.
#[derive(Default)]
pub(super) struct Emphasis {
    /// The innermost last.
    layers: Vec<(Open, Look)>,
    /// What all look like; none as long as nobody knows.
    usual: Option<Usual>,
    seen: Seen,
}

/// Looks that say nothing on a page.
#[derive(Default)]
pub(super) struct Usual {
    underlined: bool,
    bold: bool,
    italic: bool,
    letters: Option<Hue>,
    ground: Option<Hue>,
}

/// How many letters have which looks.
#[derive(Default)]
struct Seen {
    all: usize,
    underlined: usize,
    bold: usize,
    italic: usize,
    letters: HashMap<Hue, usize>,
    grounds: HashMap<Hue, usize>,
}

impl Emphasis {
    /// On a page where that is usual.
    pub(super) fn beside(usual: Usual) -> Self {
        Emphasis {
            usual: Some(usual),
            ..Emphasis::default()
        }
    }

    /// Takes note of a tag and its style.
    pub(super) fn tag(&mut self, tag: &Tag<'_>, style: Option<&Style>) {
        let ended = self
            .layers
            .iter_mut()
            .position(|(open, _)| open.ends(tag).is_some());
        self.layers.truncate(ended.unwrap_or(self.layers.len()));
        if tag.closing || tag.is_void() || self.layers.len() == DEEPEST {
            return;
        }
        let around = self.layers.last().map(|(_, look)| *look).unwrap_or_default();
        let look = look_of(around, tag, style);
        if look != around {
            self.layers.push((Open::of(tag), look));
        }
    }

    /// How words that come now look, in a link or not; only what is struck out, as long as nobody knows what is usual.
    pub(super) fn look(&mut self, text: &str, is_link: bool) -> Look {
        let look = self.layers.last().map(|(_, look)| *look).unwrap_or_default();
        let look = look.beside(is_link);
        match &self.usual {
            Some(usual) => usual.unlike(look),
            None => {
                let letters = text.chars().filter(|sign| sign.is_alphanumeric()).count();
                self.seen.hear(look, letters);
                Look {
                    struck: look.struck,
                    ..Look::default()
                }
            }
        }
    }

    /// What was usual on the page that ends; none where nothing was otherwise.
    pub(super) fn usual(&self) -> Option<Usual> {
        self.usual.is_none().then(|| self.seen.usual())?
    }
}

impl Usual {
    fn unlike(&self, look: Look) -> Look {
        Look {
            underlined: look.underlined && !self.underlined,
            bold: look.bold && !self.bold,
            italic: look.italic && !self.italic,
            letters: look.letters.filter(|hue| self.letters != Some(*hue)),
            ground: look.ground.filter(|hue| self.ground != Some(*hue)),
            ..look
        }
    }
}

impl Seen {
    fn hear(&mut self, look: Look, letters: usize) {
        self.all += letters;
        for (applies, count) in [
            (look.underlined, &mut self.underlined),
            (look.bold, &mut self.bold),
            (look.italic, &mut self.italic),
        ] {
            *count += if applies { letters } else { 0 };
        }
        for (hue, counts) in [
            (look.letters, &mut self.letters),
            (look.ground, &mut self.grounds),
        ] {
            if let Some(hue) = hue {
                *counts.entry(hue).or_default() += letters;
            }
        }
    }

    fn usual(&self) -> Option<Usual> {
        let is_usual = |count: usize| count * 10 >= self.all * USUAL;
        let of = |hues: &HashMap<Hue, usize>| {
            let most = hues.iter().max_by_key(|(_, count)| **count);
            most.filter(|(_, count)| is_usual(**count)).map(|(hue, _)| *hue)
        };
        let is_told = |count: usize| count > 0 && !is_usual(count);
        let is_any = [self.underlined, self.bold, self.italic]
            .into_iter()
            .chain(self.letters.values().chain(self.grounds.values()).copied())
            .any(is_told);
        is_any.then(|| Usual {
            underlined: is_usual(self.underlined),
            bold: is_usual(self.bold),
            italic: is_usual(self.italic),
            letters: of(&self.letters),
            ground: of(&self.grounds),
        })
    }
}

/// How the words of an element look among those around it.
fn look_of(around: Look, tag: &Tag<'_>, style: Option<&Style>) -> Look {
    let name = tag.name.as_str();
    // A line through or below words goes on within, but for what stands apart from them.
    let line = |said: Option<bool>, by_name: bool, around: bool| {
        said.unwrap_or(by_name) || around && !style.is_some_and(Style::stands_apart)
    };
    let letters = match style
        .and_then(|style| style.said("color"))
        .or_else(|| font_colour(tag))
    {
        Some("inherit" | "unset" | "currentcolor") | None => around.letters,
        Some(colour) => Hue::of_letters(colour),
    };
    let ground = style.and_then(|style| style.said("background-color"));
    let ground = ground.or_else(|| tag.attribute("bgcolor"));
    let (ground, is_highlighted) = match ground {
        Some("inherit" | "unset" | "initial" | "none" | "transparent") | None if name == "mark" => {
            (Some(Hue::YELLOW), true)
        }
        Some("inherit" | "unset" | "initial" | "none" | "transparent") | None => {
            (around.ground, around.is_highlighted)
        }
        Some(colour) => (Hue::of_ground(colour), is_of_words(name)),
    };
    let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th");
    Look {
        struck: line(
            style.and_then(Style::strikes),
            matches!(name, "s" | "strike" | "del"),
            around.struck,
        ),
        underlined: line(
            style.and_then(Style::underlines),
            matches!(name, "u" | "ins"),
            around.underlined,
        ),
        bold: style
            .and_then(Style::is_bold)
            .unwrap_or(matches!(name, "b" | "strong") || around.bold),
        italic: style
            .and_then(Style::is_slanted)
            .unwrap_or(matches!(name, "i" | "em") || around.italic),
        letters,
        ground,
        is_highlighted,
        is_heading: is_heading || around.is_heading,
    }
}

fn font_colour<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    (tag.name == "font").then(|| tag.attribute("color")).flatten()
}

/// Whether an element holds words of a line, and is no button.
fn is_of_words(name: &str) -> bool {
    let boxes = [
        "a",
        "p",
        "table",
        "tbody",
        "td",
        "th",
        "blockquote",
        "pre",
        "button",
    ];
    !is_block(name) && !boxes.contains(&name)
}
