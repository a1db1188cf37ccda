//! The tables that come with the crate, which build.rs has compressed.

use std::io::Read;

use flate2::read::DeflateDecoder;
use serde::de::{DeserializeOwned, Error};

/// A JSON table from its compressed text.
pub(crate) fn table<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).read_to_string(&mut text).map_err(Error::custom)?;
    serde_json::from_str(&text)
}
