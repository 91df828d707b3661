//! JSON Pointers (RFC 6901): the one place where a key becomes part of a path, or is read from one.

use std::fmt::Display;

/// The path one level below another: `a/b~c` below `/filters` is `/filters/a~1b~0c`.
pub fn below(path: &str, key: impl Display) -> String {
    let mut path = path.to_owned();
    descend(&mut path, &key.to_string());
    path
}

/// Takes a path one level down in place.
pub fn descend(path: &mut String, key: &str) {
    path.push('/');
    for c in key.chars() {
        match c {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            c => path.push(c),
        }
    }
}

/// The keys of a path, from the top, as they stand in the document.
pub fn keys(path: &str) -> impl Iterator<Item = String> {
    path.split('/').skip(1).map(unescaped)
}

/// The key a path ends with, as it stands in the document.
pub fn last_key(path: &str) -> String {
    unescaped(path.rsplit('/').next().unwrap_or_default())
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
