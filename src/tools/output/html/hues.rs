//! What people call a colour: `the yellow one`. Grey, white and black are none, for all that is not emphasized is of them.

use std::fmt;

use cssparser::Parser;
use cssparser_color::Color;

use super::colour::parts;

/// A colour by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Hue {
    shade: &'static str,
    name: &'static str,
}

impl fmt::Display for Hue {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(form, "{}{}", self.shade, self.name)
    }
}

/// Up to which degree of the circle a colour has which name; from the last on it is red again.
const CIRCLE: [(u16, &str); 9] = [
    (14, "red"),
    (48, "orange"),
    (70, "yellow"),
    (168, "green"),
    (194, "turquoise"),
    (258, "blue"),
    (292, "purple"),
    (344, "pink"),
    (360, "red"),
];

impl Hue {
    /// That of a highlighted word, where nothing else is said.
    pub(super) const YELLOW: Hue = Hue {
        shade: "",
        name: "yellow",
    };

    /// That of what is behind words: a faint one is seen there.
    pub(super) fn of_ground(value: &str) -> Option<Self> {
        Hue::of(value, 20)
    }

    /// That of letters.
    pub(super) fn of_letters(value: &str) -> Option<Self> {
        Hue::of(value, 64)
    }

    /// That of the first colour in a value, where its parts differ by so much.
    fn of(value: &str, least: u8) -> Option<Self> {
        let mut input = Parser::new(value);
        let colour = loop {
            match input.try_parse(Color::parse) {
                Ok(colour) => break colour,
                Err(_) => _ = input.next().ok()?,
            }
        };
        let (colour, alpha) = parts(colour)?;
        // On white, as a page is.
        let [red, green, blue] = colour.map(|part| on_white(part, alpha));
        let (most, low) = (red.max(green).max(blue), red.min(green).min(blue));
        let spread = most - low;
        if spread < least {
            return None;
        }
        let angle = |one: u8, other: u8, from: i32| {
            from + 60 * (i32::from(one) - i32::from(other)) / i32::from(spread)
        };
        let degree = match most {
            most if most == red => angle(green, blue, 360) % 360,
            most if most == green => angle(blue, red, 120),
            _ => angle(red, green, 240),
        };
        let light = (u16::from(most) + u16::from(low)) / 2;
        let named = CIRCLE.iter().find(|(end, _)| degree <= i32::from(*end));
        let (_, name) = named.copied()?;
        Some(match (name, light) {
            ("orange", 0..96) => Hue {
                shade: "",
                name: "brown",
            },
            (name, 198..) => Hue {
                shade: "light-",
                name,
            },
            (name, 0..52) => Hue { shade: "dark-", name },
            (name, _) => Hue { shade: "", name },
        })
    }
}

/// A part of a colour that is seen through in part.
fn on_white(part: u8, alpha: f32) -> u8 {
    let seen = f32::from(part).mul_add(alpha, 255.0 * (1.0 - alpha));
    cssparser::color::clamp_floor_256_f32(seen)
}
