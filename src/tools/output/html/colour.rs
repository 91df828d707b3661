//! Colours of letters and of what stands behind them.

use cssparser::Parser;
use cssparser_color::{Color, hsl_to_rgb};

/// Colours that differ by no more, in all three parts of them, are one to the eye.
const ALIKE: u16 = 24;

/// A colour in its parts.
#[derive(Clone, Copy)]
pub(super) struct Colour([u8; 3]);

/// What an element is painted with.
pub(super) enum Paint {
    /// Nothing is said.
    Unsaid,
    /// Something that is not read here: a picture, a name.
    Unknown,
    /// Nothing is painted.
    Clear,
    Plain(Colour),
}

impl Colour {
    pub(super) const WHITE: Colour = Colour([255; 3]);

    pub(super) fn is_like(self, other: Colour) -> bool {
        let parts = self.0.into_iter().zip(other.0);
        parts
            .map(|(one, other)| u16::from(one.abs_diff(other)))
            .sum::<u16>()
            <= ALIKE
    }
}

/// What a colour's name or number paints with.
pub(super) fn paint(text: &str) -> Paint {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "" | "inherit" | "initial" | "none" | "unset" => Paint::Unsaid,
        text => read(text).map_or(Paint::Unknown, painted),
    }
}

/// Whether browsers take a text for a colour; those of the system have capitals as a rule.
pub(super) fn is_colour(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_alphabetic()) || text.contains('(') || read(text).is_some()
}

fn read(text: &str) -> Option<Color> {
    let mut parser = Parser::new(text);
    parser.parse_entirely(Color::parse).ok()
}

/// The parts of a colour, and how little is seen through it; none where that is not read here.
pub(super) fn parts(colour: Color) -> Option<([u8; 3], f32)> {
    Some(match colour {
        Color::Rgba(colour) => ([colour.red, colour.green, colour.blue], colour.alpha),
        Color::Hsl(colour) => {
            let part = |part: Option<f32>| part.unwrap_or_default();
            let (red, green, blue) = hsl_to_rgb(
                part(colour.hue).rem_euclid(360.0) / 360.0,
                part(colour.saturation),
                part(colour.lightness),
            );
            let byte = |part: f32| cssparser::color::clamp_unit_f32(part);
            ([byte(red), byte(green), byte(blue)], part(colour.alpha))
        }
        _ => return None,
    })
}

fn painted(colour: Color) -> Paint {
    match parts(colour) {
        Some((_, 0.0)) => Paint::Clear,
        Some((parts, 1.0)) => Paint::Plain(Colour(parts)),
        _ => Paint::Unknown,
    }
}
