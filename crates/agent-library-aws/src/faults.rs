//! What errors call the table and the bucket.

use shared::port_error::PortError;

pub(crate) const TABLE: &str = "library table";
pub(crate) const BUCKET: &str = "library bucket";

/// The table or the bucket holds something that this adapter did not write.
pub(crate) fn malformed() -> PortError {
    PortError { service: TABLE, code: "malformed item".to_owned() }
}

/// Every attempt at a transaction conflicted with others.
pub(crate) fn conflict() -> PortError {
    PortError { service: TABLE, code: "TransactionConflict".to_owned() }
}
