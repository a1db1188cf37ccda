//! The embedded data: the blocks and their meanings, inflated when they are asked for.

use std::io::{self, Read};

use flate2::read::DeflateDecoder;

const BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/blocks.json.deflate"));
const MEANINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/meanings.jsonl.deflate"));

/// The text of `data/blocks.json`, a JSON array.
pub(super) fn blocks() -> io::Result<String> {
    // Room for the whole text at once.
    inflated(BLOCKS, 1024 * 1024)
}

/// The text of `data/meanings.jsonl`.
pub(super) fn meanings() -> io::Result<String> {
    inflated(MEANINGS, 128 * 1024)
}

fn inflated(bytes: &[u8], room: usize) -> io::Result<String> {
    let mut text = String::with_capacity(room);
    DeflateDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}
