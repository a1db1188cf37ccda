//! WebhookClient that may lie in a private network, because whoever runs the functions says so.

use reqwest::Url;
use shared::environment::BadConfig;

/// The variable that names the receivers which the rules of the network do not bind: `host:port`, separated by commas.
pub const CALLBACK_TRUSTED_HOSTS: &str = "CALLBACK_TRUSTED_HOSTS";

/// WebhookClient that are reached wherever they lie and on the port that they are named with, over TLS all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedHosts(Vec<(String, u16)>);

impl TrustedHosts {
    /// The receivers of a list such as `hooks.internal:8443, [fd00::7]:443`; none for an empty one.
    ///
    /// # Errors
    /// An element is something else than a host and a port.
    pub fn parse(list: &str) -> Result<Self, BadConfig> {
        let hosts = list.split(',').map(str::trim).filter(|element| !element.is_empty()).map(host_and_port);
        let hosts: Option<_> = hosts.collect();
        hosts.map(Self).ok_or(BadConfig::new(CALLBACK_TRUSTED_HOSTS, "must be a list such as hooks.example.com:8443"))
    }

    /// Whether `url` leads to one of them.
    pub(super) fn have(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        self.0.iter().any(|(host, trusted)| url.host_str() == Some(host) && port == Some(*trusted))
    }
}

/// Read as an address, so that a host is written here as it is there, whatever its notation.
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
            assert!(trusted.have(&Url::parse(url).unwrap()), "{url}");
        }
        for url in ["https://hooks.internal/", "https://127.0.0.1:9001", "https://a.hooks.internal:8443"] {
            assert!(!trusted.have(&Url::parse(url).unwrap()), "{url}");
        }
        assert_eq!(TrustedHosts::parse(" ").unwrap(), TrustedHosts::default());
    }

    #[test]
    fn a_list_that_would_trust_something_else_than_it_says_does_not_start() {
        for list in ["hooks", "hooks:", "hooks:x", "me@hooks:1", "hooks/x:1", "hooks:99999", "https://hooks:1", "::1:1"]
        {
            assert_eq!(TrustedHosts::parse(list).unwrap_err().variable, CALLBACK_TRUSTED_HOSTS, "{list}");
        }
    }
}
