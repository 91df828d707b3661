//! Lengths of a style, and what they come to for the eye.

/// Stands for a value that may be one or another.
pub(super) const UNCERTAIN: &str = "?";
/// So far to the left no place on a screen is, and so far above its place no text of a mail: in points of a screen, in letters,
/// in parts of what is around it and of the screen. To the right and below one can go there.
pub(super) const FAR_LEFT: [(&str, f32); 5] = [
    ("px", 2000.0),
    ("em", 200.0),
    ("rem", 200.0),
    ("%", 1000.0),
    ("vw", 300.0),
];
pub(super) const FAR_ABOVE: [(&str, f32); 4] =
    [("px", 9000.0), ("em", 900.0), ("rem", 900.0), ("vh", 1000.0)];
/// Letters of no more are not seen, also where those around them are three times as large as usual.
const TINY: [(&str, f32); 10] = [
    ("px", 1.0),
    ("pt", 1.0),
    ("em", 0.02),
    ("rem", 0.02),
    ("ex", 0.04),
    ("%", 2.0),
    ("mm", 0.3),
    ("cm", 0.03),
    ("in", 0.012),
    ("pc", 0.07),
];
/// Only a first line is moved so: all that a mail says in one fits into this.
pub(super) const FAR_INDENT: [(&str, f32); 3] = [("px", 9000.0), ("em", 900.0), ("rem", 900.0)];

/// Whether a declaration draws a thick edge, or lays an element over what stands before it.
pub(super) fn overlaps(name: &str, value: &str) -> bool {
    let is_thick = |part: &str| {
        let thin = |(number, unit)| number == 0.0 || number <= 3.0 && matches!(unit, "px" | "pt" | "");
        part == "thick" || measure(part).is_some_and(|length| !thin(length))
    };
    let is_width = !name.ends_with("-radius") && name != "border-spacing";
    match name {
        "box-shadow" => value.contains("inset"),
        "transform" => value != "none",
        "grid-area" | "grid-row" | "grid-column" => true,
        _ if name.starts_with("border-image") => value != "none",
        _ if name.starts_with("border") => is_width && value.split(' ').any(is_thick),
        _ if name.starts_with("margin") => value.split(' ').any(|side| side.starts_with('-')),
        _ => false,
    }
}

/// Whether a part of an element that is shown is none: its four sides meet.
pub(super) fn is_nothing(clip: &str) -> bool {
    let sides = clip.strip_prefix("rect(").and_then(|rest| rest.strip_suffix(')'));
    let mut sides = sides.into_iter().flat_map(|sides| sides.split([',', ' ']));
    let first = sides.next().and_then(measure);
    first.is_some_and(|(first, _)| {
        first <= 1.0 && sides.all(|side| measure(side).is_some_and(|(number, _)| number == first))
    })
}

/// The size of letters in what is said of them in short: `bold 12px/1 Arial`.
pub(super) fn size_in(font: &str) -> &str {
    let mut parts = font
        .split(' ')
        .map(|part| part.split('/').next().unwrap_or_default());
    let is_size = |part: &&str| measure(part).is_some_and(|(number, unit)| number == 0.0 || !unit.is_empty());
    parts.find(is_size).unwrap_or(match font {
        "inherit" | "unset" => font,
        _ => UNCERTAIN,
    })
}

/// A length: its number, and in what.
pub(super) fn measure(value: &str) -> Option<(f32, &str)> {
    let ends = value.find(|sign: char| !matches!(sign, '0'..='9' | '.' | '-' | '+'));
    let (number, unit) = value.split_at(ends.unwrap_or(value.len()));
    Some((number.parse().ok()?, unit))
}

pub(super) fn is_zero(value: &str) -> bool {
    measure(value).is_some_and(|(number, _)| number == 0.0)
}

/// Whether a length is as far as one of these, in this direction.
pub(super) fn is_far(value: &str, direction: f32, far: &[(&str, f32)]) -> bool {
    measure(value).is_some_and(|(number, unit)| {
        let mut known = far.iter().filter(|(known, _)| *known == unit);
        known.any(|(_, far)| number * direction >= *far)
    })
}

/// Whether a side is so short that nothing can be read in between: a line of one point.
pub(super) fn is_line(value: &str) -> bool {
    measure(value).is_some_and(|(number, unit)| number == 0.0 || number <= 1.0 && matches!(unit, "px" | "pt"))
}

/// Whether letters of this size are not seen; a word or a sum may be any size.
pub(super) fn is_tiny(size: &str) -> bool {
    measure(size).is_some_and(|(number, unit)| {
        let mut tiny = TINY.iter().filter(|(known, _)| *known == unit);
        number == 0.0 || tiny.any(|(_, tiny)| number <= *tiny)
    })
}

/// Whether so much of an element is seen that it is nothing.
pub(super) fn is_seen_through(opacity: &str) -> bool {
    let number = opacity.trim_end_matches('%').parse();
    number.is_ok_and(|opacity: f32| opacity <= 0.01)
}
