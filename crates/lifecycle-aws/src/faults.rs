//! What the tables' errors are called.

use shared::port_error::PortError;

/// The service name in errors.
pub(crate) const TABLE: &str = "operations table";

/// The service name in errors of the log.
pub(crate) const PROGRESS: &str = "progress table";

/// The log holds something that its adapter did not write.
pub(crate) fn malformed_entry() -> PortError {
    PortError { service: PROGRESS, code: "malformed item".to_owned() }
}

/// The table or the bucket holds something that these adapters did not write.
pub(crate) fn malformed() -> PortError {
    PortError { service: TABLE, code: "malformed item".to_owned() }
}

/// Every attempt at a transaction conflicted with others.
pub(crate) fn conflict() -> PortError {
    PortError { service: TABLE, code: "TransactionConflict".to_owned() }
}
