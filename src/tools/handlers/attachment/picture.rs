//! Whether a picture is all there: who only looks at its head sends what no vendor decodes, and a client that has taken such
//! a picture is refused with every turn that follows (claude-code#58330). The parts are walked through, nothing is decoded.

use imagesize::ImageType;

/// Whether the file holds a picture from its first part to its last.
pub(super) fn is_whole(kind: ImageType, bytes: &[u8]) -> bool {
    let whole = match kind {
        ImageType::Png => png(bytes),
        ImageType::Jpeg => jpeg(bytes),
        ImageType::Gif => gif(bytes),
        ImageType::Webp => webp(bytes),
        _ => None,
    };
    whole.unwrap_or_default()
}

/// Chunks up to IEND, each as its checksum says, with some data of an image.
fn png(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut has_image = false;
    loop {
        let length = u32::from_be_bytes(taken(&mut rest)?);
        let chunk = part(&mut rest, usize::try_from(length).ok()?.checked_add(4)?)?;
        if crc32fast::hash(chunk) != u32::from_be_bytes(taken(&mut rest)?) {
            return None;
        }
        match chunk.split_first_chunk::<4>()? {
            (b"IDAT", data) => has_image |= !data.is_empty(),
            (b"IEND", _) => return Some(has_image),
            _ => {}
        }
    }
}

/// Segments up to a scan, behind a frame, and the end of the image behind them.
fn jpeg(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    let mut has_frame = false;
    loop {
        let [0xff] = taken(&mut rest)? else { return None };
        let mut marker = 0xff;
        while marker == 0xff {
            [marker] = taken(&mut rest)?;
        }
        match marker {
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 | 0xd9 => return None,
            _ => {}
        }
        let length = u16::from_be_bytes(taken(&mut rest)?);
        part(&mut rest, usize::from(length).checked_sub(2)?)?;
        match marker {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => has_frame = true,
            0xda => {
                let end = rest.windows(2).position(|two| two == b"\xff\xd9")?;
                return Some(has_frame && end > 0);
            }
            _ => {}
        }
    }
}

/// Blocks up to the trailer, one of them an image.
fn gif(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes;
    part(&mut rest, 10)?;
    let [flags, _, _] = taken(&mut rest)?;
    colors(&mut rest, flags)?;
    let mut has_image = false;
    loop {
        match taken(&mut rest)? {
            [0x21] => {
                part(&mut rest, 1)?;
                sub_blocks(&mut rest)?;
            }
            [0x2c] => {
                part(&mut rest, 8)?;
                let [flags] = taken(&mut rest)?;
                colors(&mut rest, flags)?;
                part(&mut rest, 1)?;
                has_image |= sub_blocks(&mut rest)? > 0;
            }
            [0x3b] => return Some(has_image),
            _ => return None,
        }
    }
}

/// Skips a table of colors, where the flags tell of one.
fn colors(rest: &mut &[u8], flags: u8) -> Option<()> {
    if flags & 0x80 != 0 {
        part(rest, 3 << ((flags & 7) + 1))?;
    }
    Some(())
}

/// How many bytes the blocks up to an empty one hold.
fn sub_blocks(rest: &mut &[u8]) -> Option<usize> {
    let mut held = 0;
    loop {
        let [length] = taken(rest)?;
        if length == 0 {
            return Some(held);
        }
        held += part(rest, usize::from(length))?.len();
    }
}

/// Chunks to the end that the head tells, one of them an image or the frame of one.
fn webp(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.strip_prefix(b"RIFF")?;
    let length = u32::from_le_bytes(taken(&mut rest)?);
    let mut rest = part(&mut rest, usize::try_from(length).ok()?)?.strip_prefix(b"WEBP")?;
    let mut has_image = false;
    while !rest.is_empty() {
        let name: [u8; 4] = taken(&mut rest)?;
        let length = usize::try_from(u32::from_le_bytes(taken(&mut rest)?)).ok()?;
        let data = part(&mut rest, length)?;
        if length % 2 == 1 {
            part(&mut rest, 1)?;
        }
        has_image |= match &name {
            b"VP8 " => data.len() > 10 && data.get(3..6).is_some_and(|start| start == b"\x9d\x01\x2a"),
            b"VP8L" => data.starts_with(b"\x2f") && data.len() > 5,
            // The place and time of a frame, then its chunks.
            b"ANMF" => data.len() > 16 + 8,
            _ => false,
        };
    }
    Some(has_image)
}

fn taken<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*first)
}

fn part<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (first, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(first)
}
