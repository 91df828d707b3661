//! The text of a file: Unicode, else in the encoding that its media type names or its bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use crate::names::clean;

/// A text, and how it was read where it is not Unicode.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) read_as: Option<&'static str>,
}

/// Reads bytes that are a text, and nothing that holds what no text does.
pub(super) fn decode(bytes: Vec<u8>, media_type: Option<&str>) -> Option<Decoded> {
    let units = |read: fn([u8; 2]) -> u16, rest: &[u8]| -> Vec<u16> {
        let pairs = rest.chunks_exact(2);
        pairs.filter_map(|pair| pair.try_into().ok().map(read)).collect()
    };
    let unicode = |text: String| Decoded { text, read_as: None };
    let read = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => unicode(String::from_utf16(&units(u16::from_le_bytes, rest)).ok()?),
        [0xfe, 0xff, rest @ ..] => unicode(String::from_utf16(&units(u16::from_be_bytes, rest)).ok()?),
        [0xef, 0xbb, 0xbf, rest @ ..] => unicode(String::from_utf8(rest.to_vec()).ok()?),
        _ => match String::from_utf8(bytes) {
            Ok(text) => unicode(text),
            Err(error) => older(error.as_bytes(), media_type)?,
        },
    };
    let is_text = !read.text.contains('\0');
    is_text.then(|| Decoded {
        text: clean(read.text),
        ..read
    })
}

/// A text from before Unicode. Whatever bytes are a text in some encoding: those of a text command no printer.
fn older(bytes: &[u8], media_type: Option<&str>) -> Option<Decoded> {
    let blank = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r');
    if bytes.iter().any(|byte| byte.is_ascii_control() && !blank(byte)) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    let named = media_type.and_then(named).filter(|encoding| *encoding != UTF_8);
    named.into_iter().chain([guessed]).find_map(|encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let commands = |sign: char| ('\u{80}'..'\u{a0}').contains(&sign);
        (!text.contains(commands)).then(|| Decoded {
            text: text.into_owned(),
            read_as: Some(encoding.name()),
        })
    })
}

/// The encoding that a media type names: `text/plain; charset=Shift_JIS`.
fn named(media_type: &str) -> Option<&'static Encoding> {
    let parameters = media_type
        .split(';')
        .skip(1)
        .filter_map(|part| part.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let (_, label) = charsets.next()?;
    Encoding::for_label(label.trim().trim_matches('"').as_bytes())
}
