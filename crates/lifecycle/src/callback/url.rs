//! The address of a webhook, checked as far as its text and its name allow.

use std::{fmt, net::IpAddr, time::Duration};

use reqwest::Url;
use shared::bad_request::BadCallbackUrl;
use tokio::time::timeout;

use super::{network::is_public, resolver::Lookup, trusted::TrustedHosts};

/// Characters as given, and bytes in normal form.
const MAX_LENGTH: usize = 2_048;
/// How long a caller waits for DNS.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);

/// An https address whose text is valid. What its name resolves to is checked again at each delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct CallbackUrl {
    url: Url,
    is_trusted: bool,
}

impl CallbackUrl {
    /// A host in `trusted` may have any address, and the port given there.
    ///
    /// # Errors
    /// The text is too long, not a URL or not https, has credentials, a fragment or a port, or its host is an IP
    /// address that is not public, in any notation.
    pub fn parse(text: &str, trusted: &TrustedHosts) -> Result<Self, BadCallbackUrl> {
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(BadCallbackUrl::TooLong);
        }
        let url = Url::parse(text).map_err(|_| BadCallbackUrl::NotAnAddress)?;
        // Escapes can make the normal form longer.
        if url.as_str().len() > MAX_LENGTH {
            return Err(BadCallbackUrl::TooLong);
        }
        if url.scheme() != "https" {
            return Err(BadCallbackUrl::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadCallbackUrl::Credentials);
        }
        if url.fragment().is_some() {
            return Err(BadCallbackUrl::Fragment);
        }
        let is_trusted = trusted.contain(&url);
        if !is_trusted && url.port().is_some() {
            return Err(BadCallbackUrl::Port);
        }
        if !is_trusted && ip_literal(&url).is_some_and(|address| !is_public(address)) {
            return Err(BadCallbackUrl::NotPublic);
        }
        Ok(Self { url, is_trusted })
    }

    /// Resolves the name now, so that a caller learns at once that it is refused. Accepts a name that does not
    /// resolve within 2 s: it may later.
    ///
    /// # Errors
    /// An address of the name is not public.
    pub async fn look_up(&self, lookup: &dyn Lookup) -> Result<(), BadCallbackUrl> {
        let name = self.url.host_str().filter(|_| !self.is_trusted && ip_literal(&self.url).is_none());
        let Some(name) = name else { return Ok(()) };
        let addresses =
            timeout(LOOKUP_TIMEOUT, lookup.addresses(name)).await.ok().and_then(Result::ok).unwrap_or_default();
        let are_public = addresses.iter().all(|address| is_public(address.ip()));
        if are_public { Ok(()) } else { Err(BadCallbackUrl::NotPublic) }
    }

    /// The normal form; [`Self::parse`] accepts it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn is_trusted(&self) -> bool {
        self.is_trusted
    }
}

/// The IP address in the host, if it is one. The parser has normalised decimal, octal and hexadecimal forms already.
fn ip_literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.parse().ok()
}

/// Leaves out the address, which often holds a secret.
impl fmt::Debug for CallbackUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CallbackUrl").field("is_trusted", &self.is_trusted).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, net::Ipv4Addr};

    use proptest::prelude::*;

    use super::{
        super::resolver::{Addresses, SystemLookup},
        *,
    };

    fn refusal(text: &str) -> BadCallbackUrl {
        CallbackUrl::parse(text, &TrustedHosts::default()).map(|_| text.to_owned()).unwrap_err()
    }

    #[test]
    fn an_ordinary_address_is_accepted_in_normal_form() {
        for (text, normal) in [
            ("https://example.com/hook?token=a%20b", "https://example.com/hook?token=a%20b"),
            ("HTTPS://Example.COM:443", "https://example.com/"),
            ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
            ("https://93.184.216.34/hook", "https://93.184.216.34/hook"),
            ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ] {
            let url = CallbackUrl::parse(text, &TrustedHosts::default()).unwrap();
            assert_eq!(url.as_str(), normal);
            assert_eq!(CallbackUrl::parse(normal, &TrustedHosts::default()).unwrap(), url);
        }
    }

    #[test]
    fn a_caller_learns_what_is_wrong_with_an_address() {
        let long = format!("https://example.com/{}", "a".repeat(MAX_LENGTH));
        let long_when_written_out = format!("https://example.com/{}", "ü".repeat(1_000));
        for (text, refused) in [
            ("", BadCallbackUrl::NotAnAddress),
            ("example.com/hook", BadCallbackUrl::NotAnAddress),
            ("https://", BadCallbackUrl::NotAnAddress),
            ("https://exa mple.com", BadCallbackUrl::NotAnAddress),
            ("https://256.1.1.1/", BadCallbackUrl::NotAnAddress),
            ("http://example.com", BadCallbackUrl::NotHttps),
            ("ftp://example.com", BadCallbackUrl::NotHttps),
            ("file:///etc/passwd", BadCallbackUrl::NotHttps),
            ("https://me@example.com", BadCallbackUrl::Credentials),
            ("https://me:secret@example.com", BadCallbackUrl::Credentials),
            ("https://:secret@example.com", BadCallbackUrl::Credentials),
            ("https://example.com/#part", BadCallbackUrl::Fragment),
            ("https://example.com:8443/", BadCallbackUrl::Port),
            ("https://example.com:80/", BadCallbackUrl::Port),
            ("https://example.com:0/", BadCallbackUrl::Port),
            (&long, BadCallbackUrl::TooLong),
            (&long_when_written_out, BadCallbackUrl::TooLong),
        ] {
            assert_eq!(refusal(text), refused, "{text}");
        }
    }

    #[test]
    fn a_private_address_is_refused_in_every_notation() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "１２７.０.０.１",
            "127。0。0。1",
            "①②⑦.0.0.1",
            "%31%32%37.0.0.1",
            "0",
            "10.0.0.1",
            "0xa9fea9fe",
            "169.254.169.254",
            "0251.0376.0251.0376",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[fd00:ec2::254]",
            "[fe80::1]",
        ] {
            assert_eq!(refusal(&format!("https://{host}/hook")), BadCallbackUrl::NotPublic, "{host}");
        }
    }

    #[test]
    fn a_trusted_receiver_may_have_any_address_but_has_to_speak_tls() {
        let trusted = TrustedHosts::parse("127.0.0.1:8443,hooks.internal:443").unwrap();
        for text in ["https://127.0.0.1:8443/x", "https://hooks.internal/x"] {
            assert!(CallbackUrl::parse(text, &trusted).unwrap().is_trusted(), "{text}");
        }
        for (text, refused) in [
            ("https://127.0.0.1/x", BadCallbackUrl::NotPublic),
            ("https://127.0.0.1:8444/x", BadCallbackUrl::Port),
            ("http://127.0.0.1:8443/x", BadCallbackUrl::NotHttps),
            ("https://me@127.0.0.1:8443/x", BadCallbackUrl::Credentials),
        ] {
            assert_eq!(CallbackUrl::parse(text, &trusted).unwrap_err(), refused, "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_host_is_refused_unless_it_is_trusted() {
        let url = CallbackUrl::parse("https://localhost/hook", &TrustedHosts::default()).unwrap();
        assert_eq!(url.look_up(&SystemLookup).await, Err(BadCallbackUrl::NotPublic));
        let trusted = TrustedHosts::parse("localhost:443").unwrap();
        let url = CallbackUrl::parse("https://localhost/hook", &trusted).unwrap();
        assert_eq!(url.look_up(&SystemLookup).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_that_does_not_resolve_yet_is_accepted() {
        #[derive(Debug)]
        struct Unresolved {
            answers: bool,
        }
        impl Lookup for Unresolved {
            fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
                if self.answers { Box::pin(async { Err("no such name".into()) }) } else { Box::pin(pending()) }
            }
        }
        let url = CallbackUrl::parse("https://soon.example.com/", &TrustedHosts::default()).unwrap();
        for answers in [true, false] {
            assert_eq!(url.look_up(&Unresolved { answers }).await, Ok(()));
        }
    }

    #[test]
    fn the_secret_in_an_address_does_not_show() {
        let url = CallbackUrl::parse("https://hooks.example.com/hunter2", &TrustedHosts::default()).unwrap();
        assert!(!format!("{url:?}").contains("hunter2"));
    }

    proptest! {
        #[test]
        fn an_address_is_accepted_in_every_notation_or_in_none(address: u32) {
            let dotted = Ipv4Addr::from(address);
            let [a, b, c, d] = dotted.octets();
            for host in [
                format!("{dotted}"),
                format!("{address}"),
                format!("0x{address:x}"),
                format!("0{address:o}"),
                format!("{a}.{b}.{}", u16::from_be_bytes([c, d])),
                format!("0{a:o}.0x{b:x}.{c}.{d}."),
                format!("[{}]", dotted.to_ipv6_mapped()),
            ] {
                let parsed = CallbackUrl::parse(&format!("https://{host}/"), &TrustedHosts::default());
                prop_assert_eq!(parsed.is_ok(), is_public(dotted.into()), "{}", host);
            }
        }

        #[test]
        fn no_text_gets_past_the_rules(text in "https?:[/\\\\]{0,3}[a-z0-9.:@#\\[\\]%/\\\\ ]{0,24}") {
            if let Ok(url) = CallbackUrl::parse(&text, &TrustedHosts::default()) {
                let again = Url::parse(url.as_str()).unwrap();
                prop_assert!(url.as_str().starts_with("https://") && again.port().is_none());
                prop_assert!(again.username().is_empty() && again.password().is_none());
                prop_assert!(again.has_host() && ip_literal(&again).is_none_or(is_public));
            }
        }
    }
}
