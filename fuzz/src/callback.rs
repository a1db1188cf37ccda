//! Any text as the address of a webhook: CONTRACT 6.6. What passes leads out into the public network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use lifecycle::callback::{Addresses, CallbackUrl, Lookup, TrustedHosts};
use reqwest::Url;
use shared::bad_request::BadCallbackUrl;

use crate::world::run;

/// Names that lead into the private network.
#[derive(Debug)]
struct Inside;

impl Lookup for Inside {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(async { Ok(vec![SocketAddr::from(([93, 184, 216, 34], 0)), SocketAddr::from(([10, 0, 0, 1], 0))]) })
    }
}

/// What is taken is an https address without credentials, fragment or port, is read again as the same, shows in no log, and
/// its host is a public address or a name, which is refused once it leads inside.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(taken) = CallbackUrl::parse(&text, &TrustedHosts::default()) else { return };
    let normal = taken.as_str();
    assert!(normal.len() <= 2_048, "{text:?}");
    let again = CallbackUrl::parse(normal, &TrustedHosts::default());
    assert_eq!(again.as_ref().map(CallbackUrl::as_str), Ok(normal), "{text:?}");
    assert_eq!(format!("{taken:?}"), "CallbackUrl { is_trusted: false, .. }");
    let url = Url::parse(normal).expect("an address");
    assert_eq!(
        (url.scheme(), url.port(), url.username(), url.password(), url.fragment()),
        ("https", None, "", None, None)
    );
    let host = url.host_str().expect("a host");
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(IpAddr::V4(address)) => assert!(!is_inside(address), "{text:?} leads to {address}"),
        Ok(IpAddr::V6(address)) => {
            assert!(embedded(address).is_none_or(|inner| !is_inside(inner)), "{text:?} leads to {address}");
            assert!(!is_inside_v6(address), "{text:?} leads to {address}");
        }
        Err(_) => {
            // What the system's resolver would read as an address without asking anybody.
            assert!(!is_numbers(host.strip_suffix('.').unwrap_or(host)), "{text:?}");
            assert_eq!(run(taken.look_up(&Inside)), Err(BadCallbackUrl::NotPublic), "{text:?}");
        }
    }
}

/// The standard library's word for what is not public; CONTRACT 6.6 goes further.
fn is_inside(address: Ipv4Addr) -> bool {
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || address.octets()[0] == 0
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
}

/// The IPv4 address that an IPv6 address stands for, by whatever of the usual ways.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    let four = |at: usize| Ipv4Addr::new(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(four(12)),
        [0x2002, ..] => Some(four(2)),
        _ => None,
    }
}

/// As `inet_aton` reads it: one to four numbers, each decimal, octal or hexadecimal.
fn is_numbers(host: &str) -> bool {
    let is_number = |part: &str| match part.strip_prefix("0x").or(part.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
    };
    host.split('.').count() <= 4 && host.split('.').all(is_number)
}
