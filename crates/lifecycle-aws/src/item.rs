//! Operations and idempotency keys as DynamoDB items.

pub(super) use aws::item::{Item, binary, bytes, expiry, number, string, text, time};
use aws::item::{flag, parsed};
use aws_sdk_dynamodb::types::AttributeValue;
use lifecycle::heads::{Head, Position};
use lifecycle::progress::Entry;
use lifecycle::record::{Announcement, Creation, Fingerprint, Logged, NewOperation, OperationRecord, Outcome, Status};
use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use crate::faults::malformed_entry;

/// Projection of a record: all attributes except the texts.
pub(super) const RECORD: &str = "#operation_id, #created_by, #task_id, #tool_name, #owner, #fingerprint, #callback_url, #session_id, \
    #status, #error_type, #claims, #failures, #leased_until, #handed_over, #ticket, #promised, #announced, #logged, #log_writes, #created_at, #updated_at, \
    #deadline, #expires_at";

/// Partitions of the index of what is due. One takes the writes of 500 operations a second.
pub(super) const SHARDS: usize = 16;

/// The item of a new operation, without its request.
pub(super) fn from_operation(new: &NewOperation, creation: Creation) -> Item {
    let given = [
        ("owner", new.owner.as_ref().map(|owner| owner.0.clone())),
        ("callback_url", new.callback_url.clone()),
        ("session_id", new.session_id.clone()),
        ("key_item", key_item(new)),
    ];
    let mut item: Item = given.into_iter().filter_map(|(name, text)| Some((name.to_owned(), string(text?)))).collect();
    item.extend(
        [
            ("operation_id", string(&new.operation_id)),
            ("task_id", string(&new.task_id)),
            ("tool_name", string(new.tool.name())),
            ("fingerprint", string(&new.fingerprint.0)),
            ("status", status(Status::Accepted)),
            ("claims", number(0)),
            ("failures", number(0)),
            ("handed_over", AttributeValue::Bool(false)),
            ("announced", AttributeValue::Bool(false)),
            ("shard", shard(fastrand::usize(..SHARDS))),
            ("due_at", time(new.due_at())),
            ("created_at", time(new.created_at)),
            ("updated_at", time(new.created_at)),
            ("deadline", time(new.deadline)),
            ("expires_at", expiry(new.expires_at)),
            ("created_by", string(creation.to_string())),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    item
}

/// The item of its idempotency key, if it has one.
pub(super) fn from_key(new: &NewOperation) -> Option<Item> {
    let attributes = [
        ("operation_id", string(key_item(new)?)),
        ("names", string(&new.operation_id)),
        ("expires_at", expiry(new.expires_at)),
    ];
    Some(attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The partition key of an idempotency key's item. Holds the owner, so that callers have separate keys, and a hash,
/// so that it is short and reveals nothing in a log.
fn key_item(new: &NewOperation) -> Option<String> {
    let hash = digest(&SHA256, new.idempotency_key.as_ref()?.as_bytes());
    let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(match &new.owner {
        Some(owner) => format!("key#{}#{hash}", owner.0),
        None => format!("key#{hash}"),
    })
}

/// `None` if the item is not an operation, for example an idempotency key.
pub(super) fn to_record(item: &Item) -> Option<OperationRecord> {
    Some(OperationRecord {
        operation_id: text(item, "operation_id")?,
        creation: match text(item, "created_by") {
            Some(creation) => creation.parse().ok()?,
            None => Creation::UNNAMED,
        },
        task_id: text(item, "task_id")?,
        tool: named(&text(item, "tool_name")?)?,
        owner: text(item, "owner").map(Owner),
        fingerprint: Fingerprint(text(item, "fingerprint")?),
        callback_url: text(item, "callback_url"),
        session_id: text(item, "session_id"),
        status: named(&text(item, "status")?)?,
        error_type: text(item, "error_type"),
        claims: parsed(item, "claims")?,
        failures: parsed(item, "failures")?,
        leased_until: parsed(item, "leased_until").map(Timestamp),
        handed_over: flag(item, "handed_over")?,
        ticket: text(item, "ticket"),
        is_promised: item.contains_key("promised"),
        announcement: if flag(item, "announced")? { Announcement::Made } else { Announcement::Due },
        logged: logged(item),
        created_at: Timestamp(parsed(item, "created_at")?),
        updated_at: Timestamp(parsed(item, "updated_at")?),
        deadline: Timestamp(parsed(item, "deadline")?),
        expires_at: Timestamp(parsed(item, "expires_at")?),
    })
}

/// What the index of owners has of an operation.
pub(super) fn to_head(item: &Item) -> Option<Head> {
    Some(Head {
        operation_id: text(item, "operation_id")?,
        task_id: text(item, "task_id")?,
        tool: named(&text(item, "tool_name")?)?,
        status: named(&text(item, "status")?)?,
        error_type: text(item, "error_type"),
        created_at: Timestamp(parsed(item, "created_at")?),
        updated_at: Timestamp(parsed(item, "updated_at")?),
        deadline: Timestamp(parsed(item, "deadline")?),
    })
}

/// The key of an operation in the index of owners.
pub(super) fn from_position(owner: &Owner, position: &Position) -> Item {
    let key = [
        ("owner", string(owner.0.as_str())),
        ("created_at", time(position.created_at)),
        ("operation_id", string(position.operation_id.as_str())),
    ];
    key.map(|(name, value)| (name.to_owned(), value)).into()
}

pub(super) fn to_position(key: &Item) -> Option<Position> {
    let created_at = Timestamp(parsed(key, "created_at")?);
    Some(Position { created_at, operation_id: text(key, "operation_id")? })
}

/// A record says so from the first write of its log on.
fn logged(item: &Item) -> Logged {
    let none = Logged::default();
    let last = parsed(item, "logged").unwrap_or(none.last);
    // The end brings its entries along, without a write of the log.
    Logged { last, writes: parsed(item, "log_writes").unwrap_or(none.writes) }
}

pub(super) fn from_entries(entries: &[Entry]) -> Result<AttributeValue, PortError> {
    serde_json::to_string(entries).map(AttributeValue::S).map_err(|_| malformed_entry())
}

/// `name`: the attribute that holds them.
pub(super) fn to_entries(item: &Item, name: &str) -> Result<Vec<Entry>, PortError> {
    let text = item.get(name).and_then(|text| text.as_s().ok()).ok_or_else(malformed_entry)?;
    serde_json::from_str(text).map_err(|_| malformed_entry())
}

/// `body` is the stored text, which a cancelled operation does not have.
pub(super) fn to_outcome(record: &OperationRecord, body: Option<String>) -> Option<Outcome> {
    match record.status {
        Status::Completed => Some(Outcome::Completed(body?)),
        Status::Failed => Some(Outcome::Failed { error_type: record.error_type.clone()?, body: body? }),
        Status::Cancelled => Some(Outcome::Cancelled),
        Status::Accepted | Status::Running => None,
    }
}

/// The enum value with this name on the wire.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

pub(super) fn shard(number: usize) -> AttributeValue {
    string(number.to_string())
}

pub(super) fn status(status: Status) -> AttributeValue {
    string(status.name())
}
