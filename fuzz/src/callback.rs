//! Any text as a webhook's address: CONTRACT 6.6. Accepted addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use lifecycle::callback::{Addresses, CallbackUrl, Lookup, TrustedHosts};
use reqwest::Url;
use shared::bad_request::BadCallbackUrl;

use crate::world::run;

/// Resolves every name to a public and a private address.
#[derive(Debug)]
struct Inside;

impl Lookup for Inside {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(async { Ok(vec![SocketAddr::from(([93, 184, 216, 34], 0)), SocketAddr::from(([10, 0, 0, 1], 0))]) })
    }
}

/// An accepted address is https, has no credentials, fragment or port, parses to itself again, and does not show in `Debug`. Its
/// host is a public address, or a name that is refused if it resolves to a private one.
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
            // The system's resolver would take numbers as an address.
            assert!(!is_numbers(host.strip_suffix('.').unwrap_or(host)), "{text:?}");
            assert_eq!(run(taken.look_up(&Inside)), Err(BadCallbackUrl::NotPublic), "{text:?}");
        }
    }
}

/// Not public according to the standard library; CONTRACT 6.6 excludes more.
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

/// The IPv4 address inside an IPv6 address (mapped, NAT64, 6to4).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    let four = |at: usize| Ipv4Addr::new(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(four(12)),
        [0x2002, ..] => Some(four(2)),
        _ => None,
    }
}

/// `inet_aton` syntax: one to four numbers, each decimal, octal or hexadecimal.
fn is_numbers(host: &str) -> bool {
    let is_number = |part: &str| match part.strip_prefix("0x").or(part.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
    };
    host.split('.').count() <= 4 && host.split('.').all(is_number)
}
