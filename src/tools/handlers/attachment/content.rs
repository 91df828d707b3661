//! What of a file a model can be given: words, or one picture that every model takes. Its bytes say which, not the name or
//! the media type it came with: a customer chose those, and a mislabelled picture ends a conversation for good.

use super::decoded::{Decoded, decode};
use crate::documents::{self, Picture};
use crate::names::{clean, clip};
use crate::tools::output::{Image, html};

/// Largest picture, in bytes: with what base64 adds, an answer stays under the megabyte that desktop assistants take.
const IMAGE: usize = 720 * 1024;
/// Longest side of a picture that model vendors take, in pixels.
const SIDE: usize = 8_000;

/// The content of a file, as far as it can be shown.
pub(super) enum Content {
    /// Its text, how many characters more it has, the encoding it was read in where that is not Unicode's, and whether its
    /// markup is left out.
    Text {
        text: String,
        left_out: usize,
        read_as: Option<&'static str>,
        of_page: bool,
    },
    /// A document whose words are still to be read.
    Document(Vec<u8>),
    /// A picture, which is to be opened before anybody is sent it.
    Picture(Image),
    /// Nothing that can be shown, and why.
    Neither(String),
}

/// Reads the bytes of a whole file, and of a text at most `most` characters; the media type tells no more than its encoding.
/// Of a page of HTML that is what is seen of it, as with a message in HTML.
pub(super) fn read(bytes: Vec<u8>, media_type: Option<&str>, of_page: bool, most: usize) -> Content {
    if let Some(picture) = documents::picture(&bytes) {
        let media_type = picture.media_type;
        return match why_not_shown(&picture, bytes.len()) {
            Some(why) => Content::Neither(why),
            None => Content::Picture(Image { media_type, bytes }),
        };
    }
    if documents::is_document(&bytes) {
        return Content::Document(bytes);
    }
    match decode(bytes, media_type) {
        Some(Decoded { text, read_as }) => {
            let text = match of_page {
                true => clean(html::to_text(&text)),
                false => text,
            };
            Content::Text {
                left_out: text.chars().count().saturating_sub(most),
                text: clip(&text, most),
                read_as,
                of_page,
            }
        }
        None => Content::Neither(
            "neither text, a PDF or office file nor a PNG, JPEG, GIF or WebP picture".to_owned(),
        ),
    }
}

fn why_not_shown(picture: &Picture, length: usize) -> Option<String> {
    if length > IMAGE {
        return Some(format!("a picture larger than {} KiB", IMAGE / 1024));
    }
    match picture.size {
        Some((width, height)) if width.max(height) > SIDE => Some(format!(
            "a picture of {width} x {height} pixels, more than {SIDE} on a side"
        )),
        Some(_) => None,
        None => Some("a picture whose size cannot be read".to_owned()),
    }
}
