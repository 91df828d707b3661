//! A gzip bomb, written by hand: one deflate block whose matches all point one byte back.

/// `{"data":["` + spaces + `"]}` as gzip; about 1/160 of `size` bytes.
pub(super) fn bomb(size: u64) -> Vec<u8> {
    const START: &[u8] = b"{\"data\":[\" ";
    const END: &[u8] = b"\"]}";
    let matches = size / 258;
    let mut bits = Bits::default();
    // The last block, with fixed Huffman codes.
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    START.iter().for_each(|byte| bits.literal(*byte));
    for _ in 0..matches {
        // Length 258 is code 285, whose eight bits are 11000101; distance 1 is code 0 in five bits.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    END.iter().for_each(|byte| bits.literal(*byte));
    bits.code(0, 7);

    let spaces = matches * 258;
    let crc = START.iter().fold(!0, |crc, byte| step(crc, *byte));
    let crc = Affine::step(b' ').repeated(spaces).apply(crc);
    let crc = !END.iter().fold(crc, |crc, byte| step(crc, *byte));
    let length = (START.len() as u64 + spaces + END.len() as u64) as u32;

    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    gzip.extend(bits.done());
    gzip.extend(crc.to_le_bytes());
    gzip.extend(length.to_le_bytes());
    gzip
}

/// Bits from the least significant on, as deflate packs them.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Huffman codes go the other way round.
    fn code(&mut self, value: u32, count: u32) {
        self.push(value.reverse_bits() >> (32 - count), count);
    }

    /// Bytes below 144 have the codes 00110000 and on.
    fn literal(&mut self, byte: u8) {
        self.code(0x30 + u32::from(byte), 8);
    }

    fn done(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.held as u8);
        }
        self.bytes
    }
}

/// CRC-32 of one more byte.
fn step(crc: u32, byte: u8) -> u32 {
    let next = |crc: u32, _| {
        if crc & 1 == 1 {
            (crc >> 1) ^ 0xedb8_8320
        } else {
            crc >> 1
        }
    };
    (0..8).fold(crc ^ u32::from(byte), next)
}

/// What a run of bytes does to a CRC: a linear map over its bits and a constant, so that runs can be doubled.
#[derive(Clone, Copy)]
struct Affine {
    linear: [u32; 32],
    constant: u32,
}

impl Affine {
    fn step(byte: u8) -> Self {
        let constant = step(0, byte);
        Affine {
            linear: std::array::from_fn(|bit| step(1 << bit, byte) ^ constant),
            constant,
        }
    }

    fn linearly(&self, crc: u32) -> u32 {
        (0..32)
            .filter(|bit| crc >> bit & 1 == 1)
            .fold(0, |sum, bit| sum ^ self.linear[bit])
    }

    fn apply(&self, crc: u32) -> u32 {
        self.linearly(crc) ^ self.constant
    }

    fn then(&self, next: &Affine) -> Affine {
        Affine {
            linear: self.linear.map(|column| next.linearly(column)),
            constant: next.apply(self.constant),
        }
    }

    fn repeated(self, mut times: u64) -> Affine {
        let mut done = Affine {
            linear: std::array::from_fn(|bit| 1 << bit),
            constant: 0,
        };
        let mut power = self;
        while times > 0 {
            if times & 1 == 1 {
                done = done.then(&power);
            }
            power = power.then(&power);
            times >>= 1;
        }
        done
    }
}
