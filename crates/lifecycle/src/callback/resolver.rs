//! Resolves a name once per connection, which dials those very addresses. This leaves no gap for DNS rebinding between
//! check and dial.

use std::{error::Error, fmt, future::Future, net::SocketAddr, pin::Pin, sync::Arc};

use http_client::connect::look_up;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::network::is_public;

pub type Addresses<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// DNS.
pub trait Lookup: fmt::Debug + Send + Sync {
    /// The addresses of `name`, with any port, or an error if it does not resolve.
    fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a> {
        Box::pin(async move { Ok(look_up(name).await?) })
    }
}

/// A separate type, so that the refusal can be found in the chain of a reqwest error.
#[derive(Debug, thiserror::Error)]
#[error("the name resolves to a private address")]
pub(super) struct NotPublic;

/// Fails unless all addresses of a name are public: a private one among public ones is an attack that waits to be
/// dialled.
#[derive(Debug, Clone)]
pub(super) struct PublicResolver(pub(super) Arc<dyn Lookup>);

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = lookup.addresses(name.as_str()).await?;
            if addresses.iter().any(|address| !is_public(address.ip())) {
                return Err(NotPublic.into());
            }
            Ok::<Addrs, _>(Box::new(addresses.into_iter()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed(&'static [&'static str]);

    impl Lookup for Fixed {
        fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
            let addresses = self.0.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect();
            Box::pin(async move { Ok(addresses) })
        }
    }

    async fn resolved(addresses: &'static [&'static str]) -> Result<Vec<String>, Box<dyn Error + Send + Sync>> {
        let resolver = PublicResolver(Arc::new(Fixed(addresses)));
        let found = resolver.resolve("hooks.example.com".parse().unwrap()).await?;
        Ok(found.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn a_name_with_public_addresses_resolves_to_them() {
        let public = &["93.184.216.34", "2606:4700:4700::1111"];
        assert_eq!(resolved(public).await.unwrap(), public);
    }

    #[tokio::test]
    async fn one_private_address_among_public_ones_is_refused() {
        for addresses in
            [&["93.184.216.34", "10.0.0.1"], &["127.0.0.1", "93.184.216.34"], &["1.1.1.1", "::ffff:169.254.169.254"]]
        {
            assert!(resolved(addresses).await.unwrap_err().is::<NotPublic>(), "{addresses:?}");
        }
    }
}
