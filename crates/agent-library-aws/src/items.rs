//! Keys and attributes of the table.

use agent_library::{
    head::Head,
    index::{OFFER, Offer, owner_key},
    search::searched,
    version::Version,
};
use aws::item::{self, Item};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use crate::faults::malformed;

/// Deleted agents, by the time when they go for good.
pub(crate) const PURGE_INDEX: &str = "purge-index";
/// The one partition of [`PURGE_INDEX`].
pub(crate) const PURGE: &str = "agents";

pub(crate) const HEAD: &str = "HEAD";

pub(crate) fn partition(owner: &Owner, agent_id: &str) -> String {
    format!("{}#{agent_id}", owner_key(owner))
}

pub(crate) fn version_key(number: u32) -> String {
    format!("V#{number:010}")
}

pub(crate) fn text_key(body: &str) -> String {
    format!("T#{body}")
}

/// Says which version a piece of work has saved.
pub(crate) fn work_key(work: &str) -> String {
    format!("W#{work}")
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
    item.extend(offer(head)?.map(|offer| (OFFER.to_owned(), offer)));
    Ok(item)
}

/// What the index tells of an agent that can be a step of another.
pub(crate) fn offer(head: &Head) -> Result<Option<AttributeValue>, PortError> {
    Offer::new(head).map(|offer| json(&offer)).transpose()
}

pub(crate) fn of_work(partition: &str, creation: &str, work: &str, number: u32) -> Item {
    let mut item = of(partition, &work_key(work), creation);
    item.insert("version".to_owned(), item::number(number.into()));
    item
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
