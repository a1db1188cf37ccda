//! Keys and attributes of the table.

use agent_library::{head::Head, search::searched, version::Version};
use aws::item::{self, Item};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use shared::{caller::Owner, json::hash_of, port_error::PortError, timestamp::Timestamp};

use crate::faults::malformed;

/// The agents of an owner that are not deleted, by the time of their last change.
pub(crate) const OWNER_INDEX: &str = "owner-index";
/// Deleted agents, by the time when they go for good.
pub(crate) const PURGE_INDEX: &str = "purge-index";
/// The one partition of [`PURGE_INDEX`].
pub(crate) const PURGE: &str = "agents";

pub(crate) const HEAD: &str = "HEAD";

/// Half of a hash: owners are callers' names, of any characters and length, and every entry of an index has it twice.
pub(crate) fn owner_key(owner: &Owner) -> String {
    hash_of(owner.0.as_bytes()).chars().take(32).collect()
}

pub(crate) fn partition(owner: &Owner, agent_id: &str) -> String {
    format!("{}#{agent_id}", owner_key(owner))
}

pub(crate) fn version_key(number: u32) -> String {
    format!("V#{number:010}")
}

pub(crate) fn text_key(body: &str) -> String {
    format!("T#{body}")
}

/// The item of a head that is not deleted.
pub(crate) fn of_head(partition: &str, owner: &Owner, head: &Head, write: &str) -> Result<Item, PortError> {
    let mut item = of(partition, HEAD, &head.creation);
    item.extend(
        [
            ("head", json(head)?),
            ("version", item::number(head.version.into())),
            ("written_by", item::string(write)),
            ("owner", item::string(owner_key(owner))),
            ("updated", item::number(head.updated_ms())),
            ("search", item::string(searched(&head.profile))),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    Ok(item)
}

pub(crate) fn of_version(partition: &str, creation: &str, version: &Version) -> Result<Item, PortError> {
    let mut item = of(partition, &version_key(version.number), creation);
    item.insert("version".to_owned(), json(version)?);
    Ok(item)
}

/// An item of the agent that was created as `creation`.
pub(crate) fn of(partition: &str, sort: &str, creation: &str) -> Item {
    let attributes = [("pk", item::string(partition)), ("sk", item::string(sort)), ("life", item::string(creation))];
    attributes.map(|(name, value)| (name.to_owned(), value)).into()
}

/// `None` for a deleted agent.
pub(crate) fn live_head(item: &Item) -> Result<Option<Head>, PortError> {
    if purge_at(item).is_some() { Ok(None) } else { parsed(item, "head").map(Some) }
}

pub(crate) fn purge_at(item: &Item) -> Option<Timestamp> {
    item::parsed(item, "purge_at").map(Timestamp)
}

pub(crate) fn parsed<T: DeserializeOwned>(item: &Item, name: &str) -> Result<T, PortError> {
    let text = item::text(item, name).ok_or_else(malformed)?;
    serde_json::from_str(&text).map_err(|_| malformed())
}

fn json(value: &impl serde::Serialize) -> Result<AttributeValue, PortError> {
    serde_json::to_string(value).map(item::string).map_err(|_| malformed())
}
