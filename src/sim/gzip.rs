//! Writes gzip by hand: sound, cut, with a wrong checksum, or a bomb.
//!
//! Stored blocks and one fixed Huffman run are all that faults need, so no
//! compression library is a dependency.

use std::sync::OnceLock;

use crate::sim::fault::Gzip;
use crate::sim::reply::Reply;

/// Spaces in front of the true body of a bomb.
const BOMB: usize = 96 * 1024 * 1024;
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Encodes the body of a reply.
pub(crate) fn encode(reply: &mut Reply, kind: Gzip) {
    let body = std::mem::take(&mut reply.body);
    if kind == Gzip::Unknown {
        reply.set("content-encoding", "x-nobody-knows");
        reply.body = body;
        return;
    }
    reply.set("content-encoding", "gzip");
    let mut out = match kind {
        Gzip::Bomb => compress(&body, bomb()),
        _ => compress(&body, &Spaces::pack(0)),
    };
    match kind {
        // Trailer and a part of the data are missing.
        Gzip::Cut => out.truncate(out.len() - 8 - body.len() / 2),
        Gzip::Checksum => {
            let at = out.len() - 8;
            out[at] ^= 0xff;
        }
        Gzip::Good | Gzip::Bomb | Gzip::Unknown => {}
    }
    reply.body = out.into();
}

/// Spaces in front of a body, compressed already.
struct Spaces {
    count: usize,
    packed: Vec<u8>,
    checksum: u32,
}

impl Spaces {
    fn pack(count: usize) -> Self {
        let packed = if count > 0 { run(count) } else { Vec::new() };
        Self { count, packed, checksum: crc_of_spaces(count) }
    }
}

/// A bomb takes a second to pack in a debug build, so it is packed once.
fn bomb() -> &'static Spaces {
    static READY: OnceLock<Spaces> = OnceLock::new();
    READY.get_or_init(|| Spaces::pack(BOMB))
}

/// Returns a gzip stream of some spaces and the body.
fn compress(body: &[u8], spaces: &Spaces) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    out.extend(&spaces.packed);
    let mut chunks = body.chunks(0xffff).peekable();
    if body.is_empty() {
        out.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(chunk) = chunks.next() {
        let len = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        out.push(u8::from(chunks.peek().is_none()));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(chunk);
    }
    let checksum = crc(body, spaces.checksum);
    out.extend((!checksum).to_le_bytes());
    let size = u32::try_from((spaces.count + body.len()) & 0xffff_ffff).unwrap_or(0);
    out.extend(size.to_le_bytes());
    out
}

/// Returns a block of spaces: one literal, then copies of 258 bytes from one back.
fn run(spaces: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // Not the last block, fixed codes.
    bits.push(0b010, 3);
    let copies = (spaces - 1) / 258;
    for _ in 0..spaces - copies * 258 {
        bits.push_code(0x30 + u32::from(b' '), 8);
    }
    for _ in 0..copies {
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    bits.push_code(0, 7);
    // An empty stored block ends on a byte boundary.
    bits.push(0, 3);
    bits.align();
    bits.out.extend([0, 0, 0xff, 0xff]);
    bits.out
}

#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    hold: u32,
    held: u32,
}

impl Bits {
    /// Pushes bits, the lowest first.
    fn push(&mut self, bits: u32, count: u32) {
        self.hold |= bits << self.held;
        self.held += count;
        while self.held >= 8 {
            self.out.push((self.hold & 0xff) as u8);
            self.hold >>= 8;
            self.held -= 8;
        }
    }

    /// Huffman codes go in with the highest bit first.
    fn push_code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    fn align(&mut self) {
        if self.held > 0 {
            self.push(0, 8 - self.held);
        }
    }
}

const TABLE: [u32; 256] = table();

#[expect(clippy::cast_possible_truncation, reason = "256 entries")]
const fn table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut i = 0;
    while i < 256 {
        let (mut value, mut bit) = (i as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[i] = value;
        i += 1;
    }
    table
}

fn crc(bytes: &[u8], start: u32) -> u32 {
    bytes
        .iter()
        .fold(start, |crc, byte| TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

fn crc_of_spaces(count: usize) -> u32 {
    let mut value = u32::MAX;
    for _ in 0..count {
        value = TABLE[((value ^ u32::from(b' ')) & 0xff) as usize] ^ (value >> 8);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(!crc(b"123456789", u32::MAX), 0xcbf4_3926);
        assert_eq!(crc_of_spaces(3), crc(b"   ", u32::MAX));
    }

    #[test]
    fn a_bomb_is_small_on_the_wire() {
        let packed = compress(b"{}", &Spaces::pack(1_000_000));
        assert!(packed.len() < 8_000, "{}", packed.len());
    }
}
