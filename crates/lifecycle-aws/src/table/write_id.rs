//! Ids of writes. The SDK repeats a write whose answer was lost; the repeat then fails its condition, and the id in
//! the item shows that the write was done.

use crate::item::{self, Item};

pub(super) fn new_write_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Whether this write was the last one to claim or end the operation.
pub(super) fn wrote(item: &Item, write_id: &str) -> bool {
    item::text(item, "written_by").is_some_and(|written_by| written_by == write_id)
}
