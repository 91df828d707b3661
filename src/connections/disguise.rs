//! Signs in disguise: escapes of addresses and of JSON and references of HTML, one within another.

use std::borrow::Cow;

use memchr::memchr3_iter;
use zeroize::Zeroize as _;

/// References by name that stand for signs of a secret or of an escape.
const NAMES: [(&[u8], u8); 7] = [
    (b"amp;", b'&'),
    (b"period;", b'.'),
    (b"lowbar;", b'_'),
    (b"hyphen;", b'-'),
    (b"dash;", b'-'),
    (b"percnt;", b'%'),
    (b"bsol;", b'\\'),
];
/// No reference by number has more digits.
const LONGEST: usize = 12;

/// A text as it is read, and where each byte of it came from.
pub(super) struct View<'a> {
    text: Cow<'a, str>,
    /// The place of each byte and of the end in the text as it was; none where nothing was decoded.
    origins: Option<Vec<usize>>,
}

impl<'a> View<'a> {
    /// The text as it stands there.
    pub(super) fn of(text: &'a str) -> Self {
        View {
            text: Cow::Borrowed(text),
            origins: None,
        }
    }

    /// What is read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of it, or its end, was.
    pub(super) fn origin(&self, at: usize) -> usize {
        match &self.origins {
            Some(origins) => origins.get(at).or(origins.last()).copied().unwrap_or_default(),
            None => at,
        }
    }

    /// The text with signs in place of their escapes; nothing where there are none.
    pub(super) fn decoded(&self) -> Option<View<'static>> {
        let bytes = self.text.as_bytes();
        let (mut text, mut origins, mut done) = (String::new(), Vec::new(), 0);
        for at in memchr3_iter(b'%', b'\\', b'&', bytes) {
            let Some((sign, length)) = escape_at(bytes, at).filter(|_| at >= done) else {
                continue;
            };
            if done == 0 {
                text.reserve_exact(bytes.len()); // what grew would leave copies that nobody wipes
            }
            text.push_str(self.text.get(done..at).unwrap_or_default());
            text.push(char::from(sign));
            origins.extend((done..=at).map(|byte| self.origin(byte)));
            done = at + 1 + length;
        }
        if done == 0 {
            return None;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        origins.extend((done..=bytes.len()).map(|byte| self.origin(byte)));
        Some(View {
            text: Cow::Owned(text),
            origins: Some(origins),
        })
    }
}

/// What was decoded may be a secret.
impl Drop for View<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.text {
            text.zeroize();
        }
    }
}

/// Whether a sign that tokens are made of stands in a text as an escape, however often over: what writes addresses, JSON and
/// HTML leaves those as they are.
pub(super) fn is_disguised(text: &[u8], deepest: usize) -> bool {
    memchr3_iter(b'%', b'\\', b'&', text).any(|at| {
        let mut found = escape_at(text, at);
        let mut behind = at + 1;
        for _ in 0..deepest {
            let Some((sign, length)) = found else { return false };
            if sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'-' | b'_') {
                return true;
            }
            behind += length;
            found = escape(sign, text.get(behind..).unwrap_or_default());
        }
        found.is_some()
    })
}

fn escape_at(text: &[u8], at: usize) -> Option<(u8, usize)> {
    escape(*text.get(at)?, text.get(at + 1..)?)
}

/// The sign that an escape stands for which begins with this one, and how much of what follows belongs to it.
fn escape(first: u8, rest: &[u8]) -> Option<(u8, usize)> {
    let digits = |high: u8, low: u8| value(&[high, low], 16);
    match (first, rest) {
        (b'%', [high, low, ..]) => Some((digits(*high, *low)?, 2)),
        (b'\\', [b'u' | b'U', b'0', b'0', high, low, ..]) => Some((digits(*high, *low)?, 5)),
        (b'\\', [sign @ (b'/' | b'"' | b'\\'), ..]) => Some((*sign, 1)),
        (b'\\', [b'n', ..]) => Some((b'\n', 1)),
        (b'\\', [b'r', ..]) => Some((b'\r', 1)),
        (b'&', [b'#', b'x' | b'X', rest @ ..]) => numbered(rest, 16).map(|(sign, length)| (sign, length + 2)),
        (b'&', [b'#', rest @ ..]) => numbered(rest, 10).map(|(sign, length)| (sign, length + 1)),
        (b'&', rest) => {
            let is_it = |name: &[u8]| {
                let start = rest.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            };
            let (name, sign) = NAMES.iter().find(|(name, _)| is_it(name))?;
            Some((*sign, name.len()))
        }
        _ => None,
    }
}

/// A reference by number, with its end or without.
fn numbered(rest: &[u8], radix: u32) -> Option<(u8, usize)> {
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = rest.iter().take(LONGEST).take_while(is_digit).count();
    let sign = value(rest.get(..length)?, radix)?;
    Some((sign, length + usize::from(rest.get(length) == Some(&b';'))))
}

fn value(digits: &[u8], radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(digits, radix).ok().filter(u8::is_ascii)
}
