//! Pictures that go out open in a decoder: one that does not is refused by the vendor with every turn that follows
//! (claude-code#58330, vscode#311732).
//! REAL CLOCK: the process that opens a picture is told no time, and needs none.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use super::{MEGABYTE, fetched};
use crate::bed::model_reads;

const PHOTO: &[u8] = include_bytes!("photo.jpg");
const PRINT: &[u8] = include_bytes!("print.jpg");
const STILL: &[u8] = include_bytes!("still.gif");
const MOVING: &[u8] = include_bytes!("moving.gif");
const LOSSY: &[u8] = include_bytes!("lossy.webp");
const LOSSLESS: &[u8] = include_bytes!("lossless.webp");
const MOVING_WEBP: &[u8] = include_bytes!("moving.webp");

/// A gray picture; `more` bytes of a text that nobody is shown make it longer.
pub(super) fn png(width: u32, height: u32, more: usize) -> Vec<u8> {
    let row = vec![0x80; width as usize + 1];
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..height {
        // The first byte of a row says how it is filtered: not at all.
        pixels.write_all(&[0]).unwrap();
        pixels.write_all(&row[1..]).unwrap();
    }
    of_chunks(width, height, &pixels.finish().unwrap(), more)
}

fn of_chunks(width: u32, height: u32, pixels: &[u8], more: usize) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let text = [b"Comment\0".to_vec(), vec![b'x'; more]].concat();
    let parts = [
        chunk(b"IHDR", &head),
        chunk(b"tEXt", &text),
        chunk(b"IDAT", pixels),
        chunk(b"IEND", b""),
    ];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let part = [name, data].concat();
    let (length, sum) = (data.len() as u32, crc32fast::hash(&part));
    [&length.to_be_bytes()[..], &part, &sum.to_be_bytes()].concat()
}

/// The blocks of an answer that is a picture of this type, or why it is none.
fn sent(answer: &Value, media_type: &str) -> Result<(), String> {
    let blocks = answer["result"]["content"].as_array().unwrap();
    let kinds: Vec<&Value> = blocks.iter().map(|block| &block["type"]).collect();
    let is_picture = kinds == ["text", "image"] && blocks[1]["mimeType"] == media_type;
    let is_alone = answer["result"]["structuredContent"].is_null();
    (is_picture && is_alone)
        .then_some(())
        .ok_or_else(|| answer.to_string())
}

#[tokio::test]
async fn four_kinds_of_pictures_go_out_as_what_their_bytes_are() {
    for (what, bytes, wanted) in [
        ("a screen", png(640, 480, 0), "image/png"),
        ("the largest", png(8_000, 8_000, 0), "image/png"),
        ("a photo", PHOTO.to_vec(), "image/jpeg"),
        (
            "in the colors of print, step by step",
            PRINT.to_vec(),
            "image/jpeg",
        ),
        ("a GIF", STILL.to_vec(), "image/gif"),
        ("a GIF that moves", MOVING.to_vec(), "image/gif"),
        ("a WebP", LOSSY.to_vec(), "image/webp"),
        ("an exact WebP", LOSSLESS.to_vec(), "image/webp"),
        ("a WebP that moves", MOVING_WEBP.to_vec(), "image/webp"),
        ("with more behind it", [PHOTO, b"<script>"].concat(), "image/jpeg"),
    ] {
        for named in ["image/png;charset=UTF-8", "image/jpeg", "text/plain"] {
            let answer = fetched("screen.png", named, bytes.clone()).await;
            sent(&answer, wanted).unwrap_or_else(|answer| panic!("{what} as {named}: {answer}"));
            assert!(answer.to_string().len() < MEGABYTE, "{what}");
        }
    }
}

/// What a decoder of a vendor does not open, however whole it looks from outside.
#[tokio::test]
async fn a_picture_that_does_not_open_is_described_and_not_sent() {
    let whole = png(64, 48, 200);
    let cut = |bytes: &[u8], less: usize| bytes[..bytes.len() - less].to_vec();
    let with = |bytes: &[u8], at: usize, other: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + other.len()].copy_from_slice(other);
        bytes
    };
    let mut short = ZlibEncoder::new(Vec::new(), Compression::best());
    short.write_all(&[0; 65 * 47]).unwrap();
    let scan = |bytes: &[u8]| bytes.windows(2).position(|two| two == b"\xff\xda").unwrap() + 14;
    let no_tables = {
        let at = PHOTO.windows(2).position(|two| two == b"\xff\xc4").unwrap();
        with(PHOTO, at + 1, &[0xfe])
    };
    // What each picture of it begins with.
    let last = MOVING_WEBP.windows(4).rposition(|four| four == b"VP8 ").unwrap();
    let mut animated = b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00".to_vec();
    animated.extend([15, 0, 0, 15, 0, 0]);
    for (what, bytes) in [
        ("no pixel", png(0, 0, 0)),
        ("no height", png(64, 0, 0)),
        ("no data", of_chunks(64, 48, b"", 0)),
        ("data of zeros", of_chunks(64, 48, &[0; 200], 0)),
        ("a row too few", of_chunks(64, 48, &short.finish().unwrap(), 0)),
        ("half", cut(&whole, whole.len() / 2)),
        ("no end", cut(&whole, 12)),
        ("another sum", with(&whole, 60, b"!")),
        ("a scan without its end", cut(PHOTO, 2)),
        ("a scan without its tables", no_tables),
        ("a head of a JPEG", PHOTO[..scan(PHOTO)].to_vec()),
        (
            "a scan for print cut short",
            [&PRINT[..PRINT.len() - 80], b"\xff\xd9"].concat(),
        ),
        ("a GIF's head", STILL[..19].to_vec()),
        ("a GIF without its trailer", cut(STILL, 1)),
        ("a GIF of nonsense", with(STILL, 70, &[0xff; 20])),
        (
            "a GIF whose second picture is nonsense",
            with(MOVING, 300, &[0xff; 20]),
        ),
        ("a WebP's head", animated),
        ("a WebP cut short", cut(LOSSY, 2)),
        ("a WebP of nonsense", with(LOSSLESS, 30, &[0xff; 30])),
        (
            "a WebP whose last picture is nonsense",
            with(MOVING_WEBP, last + 11, &[0; 3]),
        ),
    ] {
        let answer = fetched("a.png", "image/png", bytes).await;
        let body = model_reads(&answer);
        let blocks = answer["result"]["content"].as_array().unwrap().len();
        assert_eq!(blocks, 1, "{what}: {body}");
        let note = body["notes"].to_string();
        let is_told = note.contains("a picture") && note.contains("save");
        assert!(is_told && body["error"].is_null(), "{what}: {body}");
        assert_eq!(body["data"]["name"], json!("a.png"), "{what}: {body}");
    }
}

/// A head may claim far more than there is: the picture is opened or not, and that takes a bounded while.
#[tokio::test]
async fn a_picture_that_claims_to_be_large_ends_at_most_its_reader() {
    let begun = std::time::Instant::now();
    let mut wide = STILL.to_vec();
    wide[6..10].copy_from_slice(&[0x40, 0x1f, 0x40, 0x1f]);
    let answer = fetched("a.gif", "image/gif", wide).await;
    sent(&answer, "image/gif").unwrap();
    let at = PHOTO.windows(2).position(|two| two == b"\xff\xc0").unwrap();
    let mut claims = PHOTO.to_vec();
    claims[at + 5..at + 9].copy_from_slice(&[0x1f, 0x40, 0x1f, 0x40]);
    let answer = fetched("a.jpg", "image/jpeg", claims).await;
    let body = model_reads(&answer);
    let is_told = body["notes"].to_string().contains("a picture, and ");
    assert!(is_told || sent(&answer, "image/jpeg").is_ok(), "{body}");
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
