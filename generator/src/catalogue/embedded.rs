//! The embedded data: the blocks and their meanings, inflated when they are asked for.

use std::{
    io::{self, Read},
    sync::OnceLock,
};

use flate2::read::DeflateDecoder;

/// Together the text of `data/blocks.json`, a JSON array with each block on a line of its own.
const PARTS: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/blocks.parts.rs"));
/// A line for each block: the number of its part, its place there, its id, its name.
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/blocks.names"));
const MEANINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/meanings.jsonl.deflate"));

pub(super) const PART_COUNT: usize = PARTS.len();
/// More than any part has, inflated.
const PART_ROOM: usize = 64 * 1024;

/// Where a block is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) part: usize,
    /// Among the blocks of the part.
    pub(super) at: usize,
}

/// The place, id and name of each block, in their order.
pub(super) fn places() -> impl Iterator<Item = (Place, &'static str, &'static str)> {
    NAMES.lines().filter_map(|line| {
        let mut words = line.splitn(4, ' ');
        let place = Place { part: words.next()?.parse().ok()?, at: words.next()?.parse().ok()? };
        Some((place, words.next()?, words.next()?))
    })
}

/// The lines of one part. Inflated once: schemas are parsed out of it when they are first used.
pub(super) fn part(number: usize) -> io::Result<&'static str> {
    static TEXTS: [OnceLock<String>; PART_COUNT] = [const { OnceLock::new() }; PART_COUNT];
    let (Some(text), Some(bytes)) = (TEXTS.get(number), PARTS.get(number)) else { return Ok("") };
    once(text, || {
        let mut text = inflated(bytes, PART_ROOM)?;
        text.shrink_to_fit();
        Ok(text)
    })
}

/// The text of `data/blocks.json`, a JSON array. Inflated once, as a part is.
pub(super) fn blocks() -> io::Result<&'static str> {
    static TEXT: OnceLock<String> = OnceLock::new();
    once(&TEXT, || {
        // Room for the whole text at once.
        let mut text = String::with_capacity(1024 * 1024);
        for part in PARTS {
            DeflateDecoder::new(*part).read_to_string(&mut text)?;
        }
        Ok(text)
    })
}

/// The text of `data/meanings.jsonl`.
pub(super) fn meanings() -> io::Result<String> {
    inflated(MEANINGS, 128 * 1024)
}

fn once(kept: &'static OnceLock<String>, make: impl FnOnce() -> io::Result<String>) -> io::Result<&'static str> {
    if let Some(text) = kept.get() {
        return Ok(text);
    }
    let text = make()?;
    Ok(kept.get_or_init(|| text))
}

fn inflated(bytes: &[u8], room: usize) -> io::Result<String> {
    let mut text = String::with_capacity(room);
    DeflateDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}
