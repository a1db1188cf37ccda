//! Conditions that several calls share.

/// Not expired: DynamoDB deletes expired items late.
pub(super) const EXISTS: &str = "attribute_exists(#status) AND #expires_at > :now";
/// No item, or an expired one.
pub(super) const FREE: &str = "attribute_not_exists(#operation_id) OR #expires_at <= :now";
/// The same creation. Items of earlier versions do not name theirs.
pub(super) const SAME: &str = "(attribute_not_exists(#created_by) OR #created_by = :creation)";
pub(super) const NOT_ENDED: &str = "#status IN (:accepted, :running)";
/// Not handed over, and without a valid lease.
pub(super) const CLAIMABLE: &str =
    "#handed_over = :no AND (attribute_not_exists(#leased_until) OR #leased_until <= :now)";
/// The last claim, and the operation was not released, handed over or ended since.
pub(super) const HELD: &str = "#claims = :fence AND attribute_exists(#leased_until)";
/// The generator has the job of the last claim.
pub(super) const TAKEN_OVER: &str = "#claims = :fence AND #handed_over = :yes AND #status = :running";
/// Nobody else has claimed or ended it, or relies on it.
pub(super) const FORSAKEN: &str = "#claims = :fence AND #status IN (:accepted, :running) AND #handed_over = :no AND \
    attribute_not_exists(#promised)";
