//! Webhook receivers that the operator allows in a private network.

use reqwest::Url;
use shared::environment::BadConfig;

/// Variable: a list of `host:port`, separated by commas.
pub const CALLBACK_TRUSTED_HOSTS: &str = "CALLBACK_TRUSTED_HOSTS";

/// Receivers that may have any address and any port. They still have to speak TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedHosts(Vec<(String, u16)>);

impl TrustedHosts {
    /// Parses a list such as `hooks.internal:8443, [fd00::7]:443`, or an empty one.
    pub fn parse(list: &str) -> Result<Self, BadConfig> {
        let hosts = list.split(',').map(str::trim).filter(|element| !element.is_empty()).map(host_and_port);
        let hosts: Option<_> = hosts.collect();
        hosts.map(Self).ok_or(BadConfig::new(CALLBACK_TRUSTED_HOSTS, "must be a list such as hooks.example.com:8443"))
    }

    pub(super) fn contain(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        self.0.iter().any(|(host, trusted)| url.host_str() == Some(host) && port == Some(*trusted))
    }
}

/// Parses the element as a URL, so that its host has the same normal form as the host of a webhook address.
fn host_and_port(element: &str) -> Option<(String, u16)> {
    let (_, port) = element.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let url = Url::parse(&format!("https://{element}/")).ok()?;
    let alone = url.path() == "/" && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|_| alone && url.query().is_none() && url.fragment().is_none())?;
    Some((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_trusted_by_host_and_port_in_any_notation() {
        let trusted = TrustedHosts::parse(" Hooks.internal:8443,127.1:9000 , [FD00:0::7]:443,").unwrap();
        for url in ["https://hooks.internal:8443/x", "https://0x7f000001:9000", "https://[fd00::7]/x?y"] {
            assert!(trusted.contain(&Url::parse(url).unwrap()), "{url}");
        }
        for url in ["https://hooks.internal/", "https://127.0.0.1:9001", "https://a.hooks.internal:8443"] {
            assert!(!trusted.contain(&Url::parse(url).unwrap()), "{url}");
        }
        assert_eq!(TrustedHosts::parse(" ").unwrap(), TrustedHosts::default());
    }

    #[test]
    fn an_element_that_is_not_a_host_and_a_port_is_refused() {
        for list in ["hooks", "hooks:", "hooks:x", "me@hooks:1", "hooks/x:1", "hooks:99999", "https://hooks:1", "::1:1"]
        {
            assert_eq!(TrustedHosts::parse(list).unwrap_err().variable, CALLBACK_TRUSTED_HOSTS, "{list}");
        }
    }
}
