//! Stores requests and outcomes compressed: in the item if they are short, else in the bucket.

use aws::{
    compression::{compress, decompress},
    objects::Objects,
};
use aws_sdk_dynamodb::types::AttributeValue;
use shared::port_error::PortError;

use crate::{
    faults::malformed,
    item::{self, Item},
};

/// What errors call the bucket.
pub(super) const BUCKET: &str = "operations bucket";

/// Longest compressed text in an item, in bytes. DynamoDB bills every write by the size of the item and limits a
/// partition to 1 MB of writes per second, so a longer text is cheaper and faster in S3. Two of these fit well into
/// an item's 400 KB.
const MAX_IN_ITEM: usize = 64 * 1024;

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

/// The bucket, if the function has one.
#[derive(Debug, Clone)]
pub(super) struct Texts(Option<Objects>);

impl Texts {
    pub(super) fn new(objects: Option<Objects>) -> Self {
        Self(objects)
    }

    /// Stores a text and returns the name and value of the attribute for its item. The key in the bucket is random,
    /// so that a writer whose condition fails afterwards has overwritten nothing.
    ///
    /// # Errors
    /// The text is long, and the bucket fails or is not configured.
    pub(super) async fn store(&self, kind: Kind, text: &str) -> Result<(&'static str, AttributeValue), PortError> {
        let compressed = compress(text).map_err(|_| malformed())?;
        if compressed.len() <= MAX_IN_ITEM {
            return Ok((kind.in_item(), item::binary(compressed)));
        }
        let key = format!("operations/{}/{:032x}", kind.in_item(), fastrand::u128(..));
        self.objects()?.put(&key, &compressed).await?;
        Ok((kind.in_bucket(), item::string(key)))
    }

    pub(super) async fn load(&self, kind: Kind, item: &Item) -> Result<String, PortError> {
        let text = match (item::bytes(item, kind.in_item()), item::text(item, kind.in_bucket())) {
            (Some(bytes), _) => decompress(bytes),
            (None, Some(key)) => decompress(&self.objects()?.get(&key).await?),
            (None, None) => return Err(malformed()),
        };
        text.map_err(|_| malformed())
    }

    fn objects(&self) -> Result<&Objects, PortError> {
        self.0.as_ref().ok_or_else(|| PortError { service: BUCKET, code: "no bucket".to_owned() })
    }
}
