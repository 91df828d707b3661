//! How emphasis is written in a text: words that looked other than those around them stand between these marks, and whoever
//! compares words passes over them, but for those of words that are struck out, which say something else.

/// Around words that are struck out.
pub(super) const STRUCK: &str = "~~";
/// Around bold words.
pub(super) const BOLD: &str = "**";
/// Around slanted words.
pub(super) const ITALIC: &str = "*";
/// Around words with a line below them.
pub(super) const UNDERLINED: &str = "__";

/// Names of colours, as people call them.
pub(super) const COLOURS: [&str; 9] = [
    "red",
    "orange",
    "brown",
    "yellow",
    "green",
    "turquoise",
    "blue",
    "purple",
    "pink",
];

/// Whether `[name:` opens words in a colour, as in `[yellow: words]` and `[red-on-light-yellow: words]`.
pub(super) fn is_tint(word: &str) -> bool {
    let name = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(':'));
    name.is_some_and(|name| {
        name.split('-')
            .all(|part| matches!(part, "on" | "light" | "dark") || COLOURS.contains(&part))
    })
}

/// A line without its marks of emphasis.
pub(super) fn without(line: &str) -> String {
    let mut bare = line.replace(BOLD, "").replace(UNDERLINED, "");
    while let Some((at, length)) = tint_in(&bare) {
        bare.replace_range(at..at + length, "");
        if let Some(end) = bare.get(at..).and_then(|rest| rest.find(']')) {
            bare.remove(at + end);
        }
    }
    let inside = bare.trim().strip_prefix(ITALIC);
    match inside.and_then(|rest| rest.strip_suffix(ITALIC)) {
        Some(inside) => inside.to_owned(),
        None => bare,
    }
}

/// Where words in a colour are opened, and the length of that.
fn tint_in(line: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = line.get(from..)?.find('[').map(|at| from + at) {
        let word = line.get(at..)?.split(' ').next()?;
        if is_tint(word) {
            let blank = line.get(at + word.len()..)?.starts_with(' ');
            return Some((at, word.len() + usize::from(blank)));
        }
        from = at + 1;
    }
    None
}
