//! Identifies the caller of a request over HTTP, by what the gateway has verified.

use std::borrow::Cow;

use lambda_http::http::{HeaderMap, HeaderName};
use ring::digest::{SHA256, digest};
use shared::{caller::Owner, json::Object};

/// Carries the API key, or the internal key for completions.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Paths to the caller's name in `requestContext`, most specific first: REST with a Lambda authorizer, REST with Cognito,
/// HTTP with a Lambda authorizer, HTTP with a JWT, REST with an API key. The key comes last: users of an application share
/// its key, but must not see each other's operations.
const NAMES: [&[&str]; 5] = [
    &["authorizer", "principalId"],
    &["authorizer", "claims", "sub"],
    &["authorizer", "lambda", "principalId"],
    &["authorizer", "jwt", "claims", "sub"],
    &["identity", "apiKeyId"],
];
/// Prefix of a hashed key. Starts with a control character, which no key id or principal does.
const HASHED: &str = "\u{1}sha256:";

/// Returns the name from `requestContext`, else the SHA-256 of the key in `x-api-key`; `None` if there is neither.
pub(crate) fn owner(context: &Object<'_>, headers: &HeaderMap) -> Option<Owner> {
    let named = NAMES.iter().find_map(|path| at(context, path)).map(|name| Owner(name.into_owned()));
    named.or_else(|| {
        let key = headers.get(API_KEY).filter(|key| !key.is_empty())?;
        let hash = digest(&SHA256, key.as_bytes());
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Owner(format!("{HASHED}{hash}")))
    })
}

/// The non-empty string at `path`.
fn at<'a>(object: &Object<'a>, path: &[&str]) -> Option<Cow<'a, str>> {
    match path {
        [] => None,
        [key] => object.string(key).filter(|text| !text.is_empty()),
        [key, rest @ ..] => at(&Object::of(object.get(key)?)?, rest),
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;
    use shared::json::parse;

    fn of(context: &str, key: Option<&'static str>) -> Option<String> {
        let headers = key.map(|key| (API_KEY, HeaderValue::from_static(key))).into_iter().collect();
        owner(&Object::of(parse(context).unwrap()).unwrap(), &headers).map(|owner| owner.0)
    }

    #[test]
    fn a_caller_is_identified_by_what_the_gateway_verified() {
        for (context, name) in [
            (r#"{"identity":{"apiKeyId":"k1"}}"#, "k1"),
            (r#"{"identity":{"apiKeyId":"k1"},"authorizer":{"principalId":""}}"#, "k1"),
            (r#"{"identity":{"apiKeyId":null},"authorizer":{"principalId":"p"}}"#, "p"),
            (r#"{"authorizer":{"claims":{"sub":"u"}}}"#, "u"),
            (r#"{"http":{},"authorizer":{"lambda":{"principalId":"l"}}}"#, "l"),
            (r#"{"http":{},"authorizer":{"jwt":{"claims":{"sub":"s"}}}}"#, "s"),
        ] {
            assert_eq!(of(context, Some("secret")).as_deref(), Some(name), "{context}");
        }
    }

    #[test]
    fn users_who_share_an_api_key_do_not_share_their_operations() {
        let of = |principal: &str| {
            of(&format!(r#"{{"identity":{{"apiKeyId":"k1"}},"authorizer":{{"principalId":"{principal}"}}}}"#), None)
        };
        assert_eq!(of("https://id.example.com#ada").as_deref(), Some("https://id.example.com#ada"));
        assert_ne!(of("https://id.example.com#ada"), of("https://id.example.com#bob"));
    }

    #[test]
    fn a_caller_the_gateway_does_not_name_is_identified_by_the_hash_of_its_key() {
        let by_key = of(r#"{"identity":{"apiKeyId":""},"authorizer":7}"#, Some("hunter2")).unwrap();
        assert!(!by_key.contains("hunter2") && by_key.len() > 64, "{by_key}");
        assert_eq!(of("{}", Some("hunter2")), Some(by_key.clone()));
        assert_ne!(of("{}", Some("hunter3")), Some(by_key));
        assert_eq!((of("{}", None), of("{}", Some(""))), (None, None));
    }
}
