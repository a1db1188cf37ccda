//! What a browser may do with the page, and how long it may keep it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use lambda_http::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
        X_FRAME_OPTIONS,
    },
};
use ring::digest::{SHA256, digest};

/// The page's own script and style, requests to where it comes from, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Asked for anew each time, and sent only if it has changed.
const ALWAYS_ASK: &str = "no-cache";
/// The name of an asset changes with its content.
const A_YEAR: &str = "public, max-age=31536000, immutable";
/// In bytes of SHA-256.
const ETAG_LENGTH: usize = 12;

/// For every answer of the function with status 200 or 304.
const COMMON: [(HeaderName, &str); 3] = [
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (REFERRER_POLICY, "no-referrer"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

const OF_PAGE: [(HeaderName, &str); 6] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, ALWAYS_ASK),
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

pub(crate) fn of_page(etag: &str) -> HeaderMap {
    with_etag(OF_PAGE, etag)
}

pub(crate) fn of_asset(etag: &str) -> HeaderMap {
    with_etag([(CACHE_CONTROL, A_YEAR)], etag)
}

fn with_etag(own: impl IntoIterator<Item = (HeaderName, &'static str)>, etag: &str) -> HeaderMap {
    let all = own.into_iter().chain(COMMON).map(|(name, value)| (name, HeaderValue::from_static(value)));
    all.chain(HeaderValue::from_str(etag).ok().map(|etag| (ETAG, etag))).collect()
}

pub(crate) fn etag_of(content: &[u8]) -> String {
    let hash = digest(&SHA256, content);
    let hash = hash.as_ref().get(..ETAG_LENGTH).unwrap_or_default();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(hash))
}
