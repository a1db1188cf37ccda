//! The embedded data: the blocks and their meanings, inflated when they are asked for.

use std::{
    io::{self, Read},
    sync::OnceLock,
};

use flate2::read::DeflateDecoder;

const BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/blocks.json.deflate"));
const MEANINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/meanings.jsonl.deflate"));

/// The text of `data/blocks.json`, a JSON array. Inflated once: schemas are parsed out of it when they are first used.
pub(super) fn blocks() -> io::Result<&'static str> {
    static TEXT: OnceLock<String> = OnceLock::new();
    if let Some(text) = TEXT.get() {
        return Ok(text);
    }
    // Room for the whole text at once.
    let text = inflated(BLOCKS, 1024 * 1024)?;
    Ok(TEXT.get_or_init(|| text))
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
