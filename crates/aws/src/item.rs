//! Attributes of DynamoDB's items.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use shared::timestamp::Timestamp;

pub type Item = HashMap<String, AttributeValue>;

#[must_use]
pub fn text(item: &Item, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

#[must_use]
pub fn bytes<'a>(item: &'a Item, name: &str) -> Option<&'a [u8]> {
    item.get(name)?.as_b().ok().map(AsRef::as_ref)
}

#[must_use]
pub fn parsed<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

#[must_use]
pub fn flag(item: &Item, name: &str) -> Option<bool> {
    item.get(name)?.as_bool().ok().copied()
}

#[must_use]
pub fn string(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[must_use]
pub fn binary(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

#[must_use]
pub fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

#[must_use]
pub fn time(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.0.to_string())
}

/// Rounded up to whole seconds, because DynamoDB's TTL needs an integer.
#[must_use]
pub fn expiry(expires_at: Timestamp) -> AttributeValue {
    time(Timestamp(expires_at.0.ceil()))
}
