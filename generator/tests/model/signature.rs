//! Checks Signature Version 4: computes it again from the received request, as AWS does.

use kit::server::ReceivedRequest;
use ring::{
    digest::{SHA256, digest},
    hmac::{HMAC_SHA256, Key, sign},
};

pub(crate) const ACCESS_KEY: &str = "AKIDEXAMPLE";
pub(crate) const SECRET_KEY: &str = "hunter2/secret+access";
/// Session token of a role.
pub(crate) const SESSION_TOKEN: &str = "session-token";

/// Asserts that `seen` is signed for this region and service.
pub(crate) fn assert_signed(seen: &ReceivedRequest, region: &str, service: &str) {
    let header = |name: &str| seen.header(name).unwrap_or_else(|| panic!("no {name}: {:?}", seen.headers));
    let date = header("x-amz-date");
    let scope = format!("{}/{region}/{service}/aws4_request", &date[..8]);
    let given = header("authorization").strip_prefix("AWS4-HMAC-SHA256 ").expect("the scheme");
    let part = |name: &str| given.split(", ").find_map(|part| part.strip_prefix(name)).expect("a part");
    assert_eq!(part("Credential="), format!("{ACCESS_KEY}/{scope}"));
    assert_eq!(header("x-amz-security-token"), SESSION_TOKEN);

    let signed = part("SignedHeaders=");
    for needed in ["content-type", "host", "x-amz-date", "x-amz-security-token"] {
        assert!(signed.split(';').any(|name| name == needed), "{needed} is not signed: {signed}");
    }
    let headers: String = signed.split(';').map(|name| format!("{name}:{}\n", header(name))).collect();
    // Every service but S3 encodes the path of the request a second time.
    let path = seen.path.replace('%', "%25");
    let request = format!("{}\n{path}\n\n{headers}\n{signed}\n{}", seen.method, hash(seen.body.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hash(request.as_bytes()));
    let first = format!("AWS4{SECRET_KEY}").into_bytes();
    let key = scope.split('/').fold(first, |key, part| mac(&key, part));
    assert_eq!(part("Signature="), hex(&mac(&key, &text)));
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hash(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
