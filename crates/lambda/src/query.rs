//! The parameters behind the `?` of an address.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use shared::json::{self, Object};

/// Decoded, in the order of the address as far as the gateway tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// From the text of payload format 2.0, else from the decoded parameters.
    pub(crate) fn of(event: &Object<'_>) -> Self {
        if let Some(text) = event.string("rawQueryString") {
            return Self::parse(&text);
        }
        let given = event.get("queryStringParameters").and_then(Object::of).unwrap_or_default();
        let text = |value| json::string(value).map(Cow::into_owned);
        Self(given.entries().filter_map(|(name, value)| Some((name.to_owned(), text(value)?))).collect())
    }

    /// Of a request that another protocol brought.
    #[must_use]
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn parse(text: &str) -> Self {
        let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs =
            text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// The last value of a parameter, as the gateways count.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// `default` if it is not given. `None` if it is not a whole number up to `most`.
#[must_use]
pub fn whole(text: Option<&str>, default: u32, most: u32) -> Option<u32> {
    let Some(text) = text else { return Some(default) };
    // `parse` would take a plus.
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok().filter(|number| *number <= most)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn query(event: &str) -> Query {
        Query::of(&Object::deserialize(&mut serde_json::Deserializer::from_str(event)).unwrap())
    }

    #[test]
    fn a_parameter_reads_the_same_from_every_gateway() {
        for event in [
            r#"{"rawQueryString":"q=send+mail%21&limit=5&q2","queryStringParameters":{"q":"as the gateway joined it"}}"#,
            r#"{"queryStringParameters":{"q":"send mail!","limit":"5","q2":""}}"#,
        ] {
            let query = query(event);
            assert_eq!((query.get("q"), query.get("limit")), (Some("send mail!"), Some("5")), "{event}");
            assert_eq!((query.get("q2"), query.get("fields")), (Some(""), None), "{event}");
        }
    }

    #[test]
    fn an_address_without_parameters_or_with_broken_ones_is_no_fault() {
        for event in [
            "{}",
            r#"{"rawQueryString":""}"#,
            r#"{"queryStringParameters":null}"#,
            r#"{"queryStringParameters":[1]}"#,
            r#"{"rawQueryString":"&&"}"#,
        ] {
            assert_eq!(query(event), Query::default(), "{event}");
        }
        let odd = query(r#"{"rawQueryString":"q=%ff%zz&q=b=c"}"#);
        assert_eq!(odd.get("q"), Some("b=c"));
    }
}
