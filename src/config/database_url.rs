//! What the URL of a database gives away, also where it is broken: a command line is read by every user of the machine.

use url::form_urlencoded;

/// Parts of names under which people write secrets.
const TELLING: [&str; 6] = ["password", "passwd", "passphrase", "pwd", "secret", "token"];

/// Whether the URL holds a secret.
pub fn holds_password(url: &str) -> bool {
    names_a_user_with_more(url) || secret_parameters(url).next().is_some()
}

/// The parameter with a secret that no database reads: what takes it for a slip writes it to the log.
pub fn find_unread_secret(url: &str) -> Option<String> {
    secret_parameters(url).find(|name| name != "password")
}

/// `user:password@`, where the rest of the URL may make no sense: a password with `/`, `#` or `?` in it ends the host early.
fn names_a_user_with_more(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    if is_sqlite(scheme) {
        return false;
    }
    let whole = url::Url::parse(url).ok();
    let before = match (&whole, rest.split_once('?')) {
        (Some(_), Some((before, _))) => before,
        _ => rest,
    };
    let said = before
        .rsplit_once('@')
        .is_some_and(|(user, _)| user.contains(':') || user.to_ascii_lowercase().contains("%3a"));
    said || whole.is_some_and(|url| url.password().is_some())
}

fn is_sqlite(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("sqlite")
}

fn secret_parameters(url: &str) -> impl Iterator<Item = String> {
    let scheme = url.split(':').next().unwrap_or_default();
    // The name of a file may hold the others.
    let ends: &[char] = if is_sqlite(scheme) {
        &['?']
    } else {
        &['?', ';', '#']
    };
    let parts = url.split(ends).skip(1);
    let pairs = parts.flat_map(|part| form_urlencoded::parse(part.as_bytes()));
    pairs
        .map(|(name, _)| name.into_owned())
        .filter(|name| is_telling(name))
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "pass" | "pw") || TELLING.iter().any(|telling| name.contains(telling))
}

/// The URL for everybody to read; of one that cannot be read without its password only how it is written.
pub(super) fn without_password(url: &str) -> String {
    if !holds_password(url) {
        return url.to_owned();
    }
    let bare = url::Url::parse(url).ok().map(|mut shown| {
        let _ = shown.set_password(None);
        let rest: Vec<(String, String)> = shown
            .query_pairs()
            .filter(|(name, _)| !is_telling(name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        shown.set_query(None);
        if !rest.is_empty() {
            shown.query_pairs_mut().extend_pairs(rest);
        }
        String::from(shown)
    });
    let bare = bare.filter(|bare| !holds_password(bare));
    bare.unwrap_or_else(|| "postgres://USER@HOST/NAME".to_owned())
}
