//! A gzip bomb.

use flate2::{Compress, Compression, Crc, FlushCompress};

/// `{"data":["` + that many megabytes of blanks + `"]}` as gzip; about a thousandth of that. A megabyte is compressed
/// once: a block that refers to nothing before it may stand there any number of times.
pub(super) fn bomb(megabytes: u64) -> Vec<u8> {
    let (start, end) = (b"{\"data\":[\"".as_slice(), b"\"]}".as_slice());
    // No name, no time, no system.
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut sum = Crc::new();
    let mut put = |piece: &[u8], times: u64, flush: FlushCompress| {
        let block = compressed(piece, flush);
        let mut piece_sum = Crc::new();
        piece_sum.update(piece);
        for _ in 0..times {
            gzip.extend(&block);
            sum.combine(&piece_sum);
        }
    };
    put(start, 1, FlushCompress::Full);
    put(&b" ".repeat(1 << 20), megabytes, FlushCompress::Full);
    put(end, 1, FlushCompress::Finish);
    gzip.extend(sum.sum().to_le_bytes());
    gzip.extend(sum.amount().to_le_bytes());
    gzip
}

fn compressed(piece: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut block = Vec::with_capacity(piece.len() / 500 + 64);
    let mut compress = Compress::new(Compression::best(), false);
    while compress.total_in() < piece.len() as u64 || block.len() == block.capacity() {
        block.reserve(4096);
        let from = compress.total_in() as usize;
        compress
            .compress_vec(&piece[from..], &mut block, flush)
            .expect("blanks can be compressed");
    }
    block
}
