//! Whether a picture opens: only its decoder sees that. A vendor refuses one that does not, and a client that has sent it is
//! refused with every turn that follows (claude-code#58330). It is decoded to its end and thrown away, of an animation each
//! picture.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};
use image_webp::WebPDecoder;
use imagesize::{ImageType, blob_size, image_type};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Unread;

/// A picture in one of the four formats that models take, as its first bytes tell of it.
pub struct Picture {
    kind: ImageType,
    /// What it truly is.
    pub media_type: &'static str,
    /// Pixels across and down, where its head can be read.
    pub size: Option<(usize, usize)>,
}

/// What a file's own bytes say of a picture; `None` where it is none.
pub fn picture(bytes: &[u8]) -> Option<Picture> {
    let kind = image_type(bytes).ok()?;
    let media_type = match kind {
        ImageType::Png => "image/png",
        ImageType::Jpeg => "image/jpeg",
        ImageType::Gif => "image/gif",
        ImageType::Webp => "image/webp",
        _ => return None,
    };
    let size = blob_size(bytes).ok().map(|size| (size.width, size.height));
    Some(Picture {
        kind,
        media_type,
        size,
    })
}

impl Picture {
    pub(super) fn open(&self, bytes: &[u8]) -> Result<(), Unread> {
        match self.kind {
            ImageType::Png => png(bytes).map_err(Unread::broken),
            ImageType::Jpeg => jpeg(bytes),
            ImageType::Gif => gif(bytes),
            _ => webp(bytes),
        }
    }
}

/// Row by row, with every sum: some decoders refuse a wrong one also where nothing shows.
fn png(bytes: &[u8]) -> Result<(), png::DecodingError> {
    let mut options = png::DecodeOptions::default();
    options.set_skip_ancillary_crc_failures(false);
    let mut reader = png::Decoder::new_with_options(Cursor::new(bytes), options).read_info()?;
    while reader.next_interlaced_row()?.is_some() {}
    reader.finish()
}

/// In the colors that it has: of those for print no others are made.
fn jpeg(bytes: &[u8]) -> Result<(), Unread> {
    let options = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(Unread::broken)?;
    let own = decoder.input_colorspace().ok_or(Unread::Broken)?;
    decoder.set_options(options.jpeg_set_out_colorspace(own));
    decoder.decode().map_err(Unread::broken)?;
    // The decoder takes one without its end.
    let has_end = bytes.windows(2).any(|two| two == b"\xff\xd9");
    has_end.then_some(()).ok_or(Unread::Broken)
}

fn gif(bytes: &[u8]) -> Result<(), Unread> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    options.set_memory_limit(MemoryLimit::Unlimited); // the process has one
    let mut pictures = options.read_info(Cursor::new(bytes)).map_err(Unread::broken)?;
    let mut seen = 0;
    while pictures.read_next_frame().map_err(Unread::broken)?.is_some() {
        seen += 1;
    }
    (seen > 0).then_some(()).ok_or(Unread::Broken)
}

fn webp(bytes: &[u8]) -> Result<(), Unread> {
    // The decoder takes one that is shorter than its head says.
    let behind_head = bytes.get(8..).ok_or(Unread::Broken)?.len();
    let said = bytes.get(4..8).and_then(|said| said.try_into().ok());
    if said.is_none_or(|said| u64::from(u32::from_le_bytes(said)) > behind_head as u64) {
        return Err(Unread::Broken);
    }
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(Unread::broken)?;
    let mut shown = vec![0; decoder.output_buffer_size().ok_or(Unread::Broken)?];
    if !decoder.is_animated() {
        return decoder.read_image(&mut shown).map_err(Unread::broken);
    }
    for _ in 0..decoder.num_frames() {
        decoder.read_frame(&mut shown).map_err(Unread::broken)?;
    }
    (decoder.num_frames() > 0).then_some(()).ok_or(Unread::Broken)
}
