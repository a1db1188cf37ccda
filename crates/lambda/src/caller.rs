//! Names the caller of a request over HTTP by what the gateway has verified: CONTRACT 6.6.

use std::borrow::Cow;

use lambda_http::http::{HeaderMap, HeaderName};
use ring::digest::{SHA256, digest};
use shared::{
    caller::Owner,
    json::{Object, is_null},
};

/// Carries the API key, or the internal key for completions.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Prefix of a hashed key. Starts with a control character, which no other name has.
const HASHED: &str = "\u{1}sha256:";
/// Kinds of names. A principal and the id of an API key are stored as they are, unless they look like one of these: then
/// they become [`PRINCIPAL`].
const KINDS: [&str; 7] = [IAM, COGNITO, SUBJECT, USER, CLIENT, CERTIFICATE, PRINCIPAL];
const IAM: &str = "iam:";
const COGNITO: &str = "cognito:";
const SUBJECT: &str = "sub:";
const USER: &str = "user:";
const CLIENT: &str = "client:";
const CERTIFICATE: &str = "cert:";
const PRINCIPAL: &str = "principal:";
/// The name of the session that everybody has who gets a role from a Cognito identity pool.
const SHARED_SESSION: &str = "CognitoIdentityCredentials";
/// Claims by which a token without `sub` is a person's. Others have the same client.
const OF_A_PERSON: [&str; 4] = ["preferred_username", "upn", "email", "oid"];

/// `None` if the gateway names nobody. Only the most specific proof counts, even if it names nobody: the users behind an
/// authorizer share an API key, but must not see each other's operations.
pub(crate) fn owner(context: &Object<'_>, headers: &HeaderMap) -> Option<Owner> {
    let identity = object(context, "identity");
    let name = if let Some(authorizer) = authorizer(context) {
        by_authorizer(&authorizer)
    } else if let Some(signer) = Signer::of_rest(&identity) {
        signer.name()
    } else if let Some(certificate) = certificate(context, &identity) {
        in_realm(CERTIFICATE, text(&certificate, "issuerDN"), text(&certificate, "subjectDN"))
    } else if let Some(id) = text(&identity, "apiKeyId") {
        Some(as_stored(&id))
    } else {
        return hashed(&api_key(headers)?);
    };
    name.filter(|name| !name.contains(char::is_control)).and_then(Owner::new)
}

/// The value of [`API_KEY`], not empty. One that was sent twice is another key, however the gateway passes it on.
#[must_use]
pub fn api_key(headers: &HeaderMap) -> Option<Cow<'_, [u8]>> {
    let mut values = headers.get_all(API_KEY).iter().map(|value| Cow::Borrowed(value.as_bytes()));
    let first = values.next()?;
    let key = values.fold(first, |all, value| Cow::Owned([&all, &b","[..], &value].concat()));
    (!key.is_empty()).then_some(key)
}

fn hashed(key: &[u8]) -> Option<Owner> {
    let hash: String = digest(&SHA256, key).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Owner::new(format!("{HASHED}{hash}"))
}

/// `None` if the route has no authorizer. Payload 1.0 of an HTTP API then has an object of nulls.
fn authorizer<'a>(context: &Object<'a>) -> Option<Object<'a>> {
    let Some(authorizer) = Object::of(context.get("authorizer")?) else { return Some(Object::default()) };
    let is_there = authorizer.entries().any(|(key, value)| !is_null(value) || matches!(key, "lambda" | "jwt" | "iam"));
    is_there.then_some(authorizer)
}

fn by_authorizer(authorizer: &Object<'_>) -> Option<String> {
    // REST, and HTTP with payload 1.0.
    let principal = text(authorizer, "principalId").or_else(|| text(&object(authorizer, "lambda"), "principalId"));
    principal
        .map(|principal| as_stored(&principal))
        .or_else(|| by_token(&object(authorizer, "claims")))
        .or_else(|| by_token(&object(&object(authorizer, "jwt"), "claims")))
        .or_else(|| Signer::of_http(&object(authorizer, "iam")).name())
}

/// By the subject of a token; without one, by its user or, if it is not a person's, by its client.
fn by_token(claims: &Object<'_>) -> Option<String> {
    let named = |kind, claim| in_realm(kind, text(claims, "iss"), text(claims, claim));
    named(SUBJECT, "sub")
        .or_else(|| named(USER, "username"))
        .or_else(|| named(USER, "cognito:username"))
        .or_else(|| named(CLIENT, "client_id").filter(|_| OF_A_PERSON.iter().all(|claim| !claims.has(claim))))
}

/// Who signed a request with AWS credentials.
struct Signer<'a> {
    /// Of a Cognito identity pool.
    identity: Option<Cow<'a, str>>,
    /// The unique id, with the session of an assumed role: `AROAEXAMPLE:session`. Else the ARN.
    caller: Option<Cow<'a, str>>,
}

impl<'a> Signer<'a> {
    fn of_http(iam: &Object<'a>) -> Self {
        let identity = text(&object(iam, "cognitoIdentity"), "identityId");
        Self { identity, caller: ["callerId", "userId", "userArn"].iter().find_map(|key| text(iam, key)) }
    }

    fn of_rest(identity: &Object<'a>) -> Option<Self> {
        let caller = ["caller", "user", "userArn"].iter().find_map(|key| text(identity, key));
        let signer = Self { identity: text(identity, "cognitoIdentityId"), caller };
        (signer.identity.is_some() || signer.caller.is_some()).then_some(signer)
    }

    fn name(&self) -> Option<String> {
        let caller = self.caller.as_deref().filter(|caller| !caller.ends_with(SHARED_SESSION));
        let identity = self.identity.as_deref().map(|identity| format!("{COGNITO}{identity}"));
        identity.or_else(|| Some(format!("{IAM}{}", caller?)))
    }
}

/// The client's certificate of mutual TLS.
fn certificate<'a>(context: &Object<'a>, identity: &Object<'a>) -> Option<Object<'a>> {
    let authentication = object(context, "authentication");
    authentication.get("clientCert").or_else(|| identity.get("clientCert")).and_then(Object::of)
}

/// A name that is unique among those of its issuer. The issuer ends at the first `#`.
fn in_realm(kind: &str, issuer: Option<Cow<'_, str>>, name: Option<Cow<'_, str>>) -> Option<String> {
    let issuer = issuer.unwrap_or_default().replace('%', "%25").replace('#', "%23");
    Some(format!("{kind}{issuer}#{}", name?))
}

fn as_stored(name: &str) -> String {
    let prefix = if KINDS.iter().any(|kind| name.starts_with(kind)) { PRINCIPAL } else { "" };
    format!("{prefix}{name}")
}

fn text<'a>(object: &Object<'a>, key: &str) -> Option<Cow<'a, str>> {
    object.string(key).filter(|text| !text.is_empty())
}

/// Empty if there is none.
fn object<'a>(object: &Object<'a>, key: &str) -> Object<'a> {
    object.get(key).and_then(Object::of).unwrap_or_default()
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
    fn a_caller_is_named_by_what_the_gateway_verified() {
        for (context, name) in [
            (r#"{"identity":{"apiKeyId":"k1"}}"#, "k1"),
            (r#"{"identity":{"apiKeyId":"k1"},"authorizer":{"claims":null,"scopes":null}}"#, "k1"),
            (r#"{"identity":{"apiKeyId":"k1"},"authorizer":{}}"#, "k1"),
            (r#"{"identity":{"apiKeyId":null},"authorizer":{"principalId":"p"}}"#, "p"),
            (r#"{"authorizer":{"lambda":{"principalId":"l"}}}"#, "l"),
            (r#"{"authorizer":{"claims":{"iss":"https://a","sub":"u","client_id":"c"}}}"#, "sub:https://a#u"),
            (r#"{"authorizer":{"jwt":{"claims":{"iss":"https://b","sub":"u"}}}}"#, "sub:https://b#u"),
            (r#"{"authorizer":{"jwt":{"claims":{"iss":"i","client_id":"c"}}}}"#, "client:i#c"),
            (r#"{"authorizer":{"claims":{"iss":"i","client_id":"c","username":"n"}}}"#, "user:i#n"),
            (r#"{"authorizer":{"iam":{"callerId":"AROAX:s","userArn":"arn:x","accountId":"1"}}}"#, "iam:AROAX:s"),
            (
                r#"{"authorizer":{"iam":{"callerId":"AROAX:CognitoIdentityCredentials","cognitoIdentity":{"identityId":"e:1"}}}}"#,
                "cognito:e:1",
            ),
            (r#"{"identity":{"apiKeyId":"k1","caller":"AIDAX","userArn":"arn:x"}}"#, "iam:AIDAX"),
            (r#"{"identity":{"userArn":"arn:aws:iam::1:user/ada"}}"#, "iam:arn:aws:iam::1:user/ada"),
            (r#"{"identity":{"cognitoIdentityId":"e:2","caller":"AROAX:CognitoIdentityCredentials"}}"#, "cognito:e:2"),
            (
                r#"{"identity":{"apiKeyId":"k1","clientCert":{"subjectDN":"CN=a","issuerDN":"CN=#ca"}}}"#,
                "cert:CN=%23ca#CN=a",
            ),
            (r#"{"authentication":{"clientCert":{"subjectDN":"CN=b","issuerDN":"CN=ca"}}}"#, "cert:CN=ca#CN=b"),
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
    fn an_authorizer_that_names_nobody_leaves_its_users_without_a_name_instead_of_with_their_applications() {
        for authorizer in [
            "7",
            r#"{"principalId":""}"#,
            r#"{"principalId":null,"plan":"gold"}"#,
            r#"{"principalId":"a\nb"}"#,
            r#"{"lambda":null}"#,
            r#"{"lambda":{"user":"ada"}}"#,
            r#"{"jwt":{"claims":{"scope":"x"}}}"#,
            r#"{"jwt":{"claims":{"iss":"i","client_id":"c","email":"ada@example.com"}}}"#,
            r#"{"iam":{}}"#,
            r#"{"iam":{"callerId":"AROAX:CognitoIdentityCredentials","userArn":"arn:x"}}"#,
        ] {
            let context = format!(r#"{{"identity":{{"apiKeyId":"k1"}},"authorizer":{authorizer}}}"#);
            assert_eq!(of(&context, Some("secret")), None, "{context}");
        }
        let long = format!(r#"{{"authorizer":{{"principalId":"{}"}}}}"#, "p".repeat(481));
        assert_eq!(of(&long, Some("secret")), None);
        let certificate = r#"{"identity":{"apiKeyId":"k1","clientCert":{"issuerDN":"CN=ca","subjectDN":""}}}"#;
        assert_eq!(of(certificate, Some("secret")), None);
    }

    #[test]
    fn nobody_takes_a_name_of_another_kind() {
        let principal = |name: &str| of(&format!(r#"{{"authorizer":{{"principalId":"{name}"}}}}"#), None);
        for kind in KINDS {
            assert_eq!(principal(&format!("{kind}x")), Some(format!("principal:{kind}x")));
        }
        let issuer = |iss: &str, sub: &str| {
            of(&format!(r#"{{"authorizer":{{"claims":{{"iss":"{iss}","sub":"{sub}"}}}}}}"#), None)
        };
        assert_ne!(issuer("a", "b#c"), issuer("a#b", "c"));
        assert_ne!(issuer("a#b", "c"), issuer("a%23b", "c"));
    }

    #[test]
    fn a_caller_the_gateway_does_not_name_is_identified_by_the_hash_of_its_key() {
        let by_key = of(r#"{"identity":{"apiKeyId":""}}"#, Some("hunter2")).unwrap();
        assert!(!by_key.contains("hunter2") && by_key.len() > 64, "{by_key}");
        assert_eq!(of("{}", Some("hunter2")), Some(by_key.clone()));
        assert_ne!(of("{}", Some("hunter3")), Some(by_key));
        assert_eq!((of("{}", None), of("{}", Some(""))), (None, None));
    }

    #[test]
    fn a_key_sent_twice_is_the_same_other_key_behind_every_gateway() {
        let twice = ["a", "b"].map(|key| (API_KEY, HeaderValue::from_static(key)));
        assert_eq!(api_key(&twice.into_iter().collect()).as_deref(), Some(&b"a,b"[..]));
    }
}
