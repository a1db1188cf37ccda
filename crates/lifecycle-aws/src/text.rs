//! Requests and outcomes as they are kept: compressed, in the item where they are short, else in the bucket.

use std::io::{self, Read, Write};

use aws_sdk_dynamodb::types::AttributeValue;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use shared::port_error::PortError;

use super::{
    item::{self, Item},
    objects::{self, Objects},
};
use crate::clients::malformed;

/// The longest text, compressed, that is kept in the item. Every change of an item is paid by its length, and one partition
/// takes 1 MB of writes in a second: what is longer is cheaper and faster in the bucket. Two of these fit into an item's
/// 400 KB with much room to spare.
const MAX_IN_ITEM: usize = 64 * 1024;

/// What a text is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Request,
    Outcome,
}

impl Kind {
    /// The attribute that holds the text.
    fn in_item(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Outcome => "outcome",
        }
    }

    /// The attribute that holds the text's key in the bucket.
    fn in_bucket(self) -> &'static str {
        match self {
            Self::Request => "request_key",
            Self::Outcome => "outcome_key",
        }
    }
}

/// Where the texts of operations are kept.
#[derive(Debug, Clone)]
pub(super) struct Texts(Option<Objects>);

impl Texts {
    /// Those too long for an item in `objects`.
    pub(super) fn new(objects: Option<Objects>) -> Self {
        Self(objects)
    }

    /// Puts a text where it belongs, and gives back the name and the value of the attribute that leads to it. An object is
    /// there before the item that names it, and under a key of its own: whoever loses overwrites nothing.
    ///
    /// # Errors
    /// The bucket does not take it, or there is none.
    pub(super) async fn keep(&self, kind: Kind, text: &str) -> Result<(&'static str, AttributeValue), PortError> {
        let packed = packed(text).map_err(|_| malformed())?;
        if packed.len() <= MAX_IN_ITEM {
            return Ok((kind.in_item(), item::binary(packed)));
        }
        let key = format!("operations/{}/{:032x}", kind.in_item(), fastrand::u128(..));
        self.objects()?.put(&key, &packed).await?;
        Ok((kind.in_bucket(), item::string(key)))
    }

    /// The text that an item leads to.
    ///
    /// # Errors
    /// The bucket does not give it, or there is none; or the item leads to nothing.
    pub(super) async fn kept(&self, kind: Kind, item: &Item) -> Result<String, PortError> {
        let read = match (item::bytes(item, kind.in_item()), item::text(item, kind.in_bucket())) {
            (Some(bytes), _) => unpacked(bytes),
            (None, Some(key)) => unpacked(&self.objects()?.get(&key).await?),
            (None, None) => return Err(malformed()),
        };
        read.map_err(|_| malformed())
    }

    fn objects(&self) -> Result<&Objects, PortError> {
        self.0.as_ref().ok_or_else(|| objects::error("no bucket".to_owned()))
    }
}

fn packed(text: &str) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

fn unpacked(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}
