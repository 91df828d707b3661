//! What of a file a model can be given: words, or one picture that every model takes. Its bytes say which, not the name or
//! the media type it came with: a customer chose those, and a mislabelled picture ends a conversation for good.

use imagesize::{ImageType, blob_size, image_type};

use crate::documents;
use crate::names::{clean, clip};
use crate::tools::output::Image;

/// Largest picture, in bytes: with what base64 adds, an answer stays under the megabyte that desktop assistants take.
const IMAGE: usize = 720 * 1024;
/// Longest side of a picture that model vendors take, in pixels.
const SIDE: usize = 8_000;

/// The content of a file, as far as it can be shown.
pub(super) enum Content {
    /// Its text, and how many characters more it has.
    Text { text: String, left_out: usize },
    /// A document whose words are still to be read.
    Document(Vec<u8>),
    /// A picture.
    Picture(Image),
    /// Nothing that can be shown, and why.
    Neither(String),
}

/// Reads the bytes of a whole file, and of a text at most `most` characters.
pub(super) fn read(bytes: Vec<u8>, most: usize) -> Content {
    if let Some(media_type) = picture(&bytes) {
        return match why_not_shown(&bytes) {
            Some(why) => Content::Neither(why),
            None => Content::Picture(Image { media_type, bytes }),
        };
    }
    if documents::is_document(&bytes) {
        return Content::Document(bytes);
    }
    match text(bytes) {
        Some(text) => words(text, most),
        None => Content::Neither(
            "neither text, a PDF or office file nor a PNG, JPEG, GIF or WebP picture".to_owned(),
        ),
    }
}

/// Words of a file, without what hides or reorders them, at most `most` characters.
pub(super) fn words(text: String, most: usize) -> Content {
    let text = clean(text);
    Content::Text {
        left_out: text.chars().count().saturating_sub(most),
        text: clip(&text, most),
    }
}

fn picture(bytes: &[u8]) -> Option<&'static str> {
    match image_type(bytes).ok()? {
        ImageType::Png => Some("image/png"),
        ImageType::Jpeg => Some("image/jpeg"),
        ImageType::Gif => Some("image/gif"),
        ImageType::Webp => Some("image/webp"),
        _ => None,
    }
}

fn why_not_shown(bytes: &[u8]) -> Option<String> {
    if bytes.len() > IMAGE {
        return Some(format!("a picture larger than {} KiB", IMAGE / 1024));
    }
    match blob_size(bytes) {
        Ok(size) if size.width.max(size.height) <= SIDE => None,
        Ok(size) => Some(format!(
            "a picture of {} x {} pixels, more than {SIDE} on a side",
            size.width, size.height
        )),
        Err(_) => Some("a picture whose size cannot be read".to_owned()),
    }
}

/// UTF-8 or UTF-16 with its mark, without bytes that no text has.
fn text(bytes: Vec<u8>) -> Option<String> {
    let units = |read: fn([u8; 2]) -> u16, rest: &[u8]| -> Vec<u16> {
        let pairs = rest.chunks_exact(2);
        pairs.filter_map(|pair| pair.try_into().ok().map(read)).collect()
    };
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => String::from_utf16(&units(u16::from_le_bytes, rest)).ok()?,
        [0xfe, 0xff, rest @ ..] => String::from_utf16(&units(u16::from_be_bytes, rest)).ok()?,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok()?,
        _ => String::from_utf8(bytes).ok()?,
    };
    (!text.contains('\0')).then_some(text)
}
