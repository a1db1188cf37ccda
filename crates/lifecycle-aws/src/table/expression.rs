//! The table's language: what its expressions have in common.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// An operation that has not expired, whether the table has removed it yet or not.
pub(super) const THERE: &str = "attribute_exists(#status) AND #expires_at > :now";
/// Nothing, or what has expired.
pub(super) const FREE: &str = "attribute_not_exists(#operation_id) OR #expires_at <= :now";
/// It waits for a worker: none has it, and nobody ended it.
pub(super) const WAITS: &str = "#status = :accepted";
/// It has not ended.
pub(super) const NOT_ENDED: &str = "#status IN (:accepted, :running)";
/// It was not handed over, and no worker has it.
pub(super) const TO_BE_HAD: &str =
    "#handed_over = :no AND (attribute_not_exists(#leased_until) OR #leased_until <= :now)";
/// The claim is the last one, and was neither given back nor handed over, nor has the operation ended.
pub(super) const HELD: &str = "#claims = :fence AND attribute_exists(#leased_until)";

/// The names behind each `#` of these expressions: many an attribute is called like a word of the table's own language.
pub(super) fn names(expressions: &[&str]) -> HashMap<String, String> {
    let is_in_name = |letter: char| matches!(letter, 'a'..='z' | '_' | '#');
    let words = expressions.iter().flat_map(|text| text.split(|letter| !is_in_name(letter)));
    words.filter_map(|word| Some((word.to_owned(), word.strip_prefix('#')?.to_owned()))).collect()
}

/// The values behind each `:` of an expression.
pub(super) fn values<const N: usize>(values: [(&str, AttributeValue); N]) -> HashMap<String, AttributeValue> {
    values.map(|(name, value)| (name.to_owned(), value)).into()
}
