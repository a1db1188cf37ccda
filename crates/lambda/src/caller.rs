//! Who sends a request over HTTP, as the gateway has made sure of it.

use std::borrow::Cow;

use lambda_http::http::{HeaderMap, HeaderName};
use ring::digest::{SHA256, digest};
use shared::{caller::Owner, json::Object};

/// Carries an API key, or the key for completions.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Where a gateway names a caller, the surest first: what an authorizer found out, on REST a Lambda or Cognito, on HTTP a
/// Lambda or a JWT; then the id of an API key (REST). An application has one key for all who use it, and whose operation
/// it is they must not find out from each other: where both are named, it belongs to the person.
const NAMES: [&[&str]; 5] = [
    &["authorizer", "principalId"],
    &["authorizer", "claims", "sub"],
    &["authorizer", "lambda", "principalId"],
    &["authorizer", "jwt", "claims", "sub"],
    &["identity", "apiKeyId"],
];
/// Stands before the hash of a key. No id of a key or principal begins with a control character.
const HASHED: &str = "\u{1}sha256:";

/// Who sends a request of this `requestContext`. Where the gateway names nobody, it is whoever has the key in `x-api-key`,
/// by the key's SHA-256; `None` where there is none either.
pub(crate) fn owner(context: &Object<'_>, headers: &HeaderMap) -> Option<Owner> {
    let named = NAMES.iter().find_map(|path| at(context, path)).map(|name| Owner(name.into_owned()));
    named.or_else(|| {
        let key = headers.get(API_KEY).filter(|key| !key.is_empty())?;
        let hash = digest(&SHA256, key.as_bytes());
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Owner(format!("{HASHED}{hash}")))
    })
}

/// The string at the end of `path` that is not empty.
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
    fn a_caller_is_known_by_what_the_gateway_found_out() {
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
    fn two_people_who_share_an_applications_key_do_not_share_their_operations() {
        let of = |principal: &str| {
            of(&format!(r#"{{"identity":{{"apiKeyId":"k1"}},"authorizer":{{"principalId":"{principal}"}}}}"#), None)
        };
        assert_eq!(of("https://id.example.com#ada").as_deref(), Some("https://id.example.com#ada"));
        assert_ne!(of("https://id.example.com#ada"), of("https://id.example.com#bob"));
    }

    #[test]
    fn a_caller_whom_the_gateway_does_not_name_is_known_by_its_key_which_is_not_kept() {
        let by_key = of(r#"{"identity":{"apiKeyId":""},"authorizer":7}"#, Some("hunter2")).unwrap();
        assert!(!by_key.contains("hunter2") && by_key.len() > 64, "{by_key}");
        assert_eq!(of("{}", Some("hunter2")), Some(by_key.clone()));
        assert_ne!(of("{}", Some("hunter3")), Some(by_key));
        assert_eq!((of("{}", None), of("{}", Some(""))), (None, None));
    }
}
