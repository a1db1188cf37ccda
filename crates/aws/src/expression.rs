//! The maps of an expression's placeholders.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// The names for each `#` in the expressions. Needed because many attributes are reserved words.
#[must_use]
pub fn names(expressions: &[&str]) -> HashMap<String, String> {
    let is_in_name = |letter: char| matches!(letter, 'a'..='z' | '_' | '#');
    let words = expressions.iter().flat_map(|text| text.split(|letter| !is_in_name(letter)));
    words.filter_map(|word| Some((word.to_owned(), word.strip_prefix('#')?.to_owned()))).collect()
}

/// The values for each `:` in an expression.
#[must_use]
pub fn values<const N: usize>(values: [(&str, AttributeValue); N]) -> HashMap<String, AttributeValue> {
    values.map(|(name, value)| (name.to_owned(), value)).into()
}
