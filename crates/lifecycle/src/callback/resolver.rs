//! Names, resolved once for each connection, which goes to those very addresses: between a look and a dial nobody can
//! put another address behind a name.

use std::{error::Error, fmt, future::Future, net::SocketAddr, pin::Pin, sync::Arc};

use http_client::connect::look_up;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::is_public;

/// A name being looked up.
pub type Addresses<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// Who knows the addresses of names.
pub trait Lookup: fmt::Debug + Send + Sync {
    /// The addresses of `name`; their port does not count. An error where it does not resolve.
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

/// A name has an address that is not public. A type of its own, so that the refusal is told by type.
#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
pub(super) struct NotPublic;

/// Hands out the addresses of a name where all of them are public. One that is not spoils the rest: who has put it there
/// waits for the day on which it is dialled.
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
    async fn the_addresses_that_were_looked_at_are_the_ones_to_dial() {
        let public = &["93.184.216.34", "2606:4700:4700::1111"];
        assert_eq!(resolved(public).await.unwrap(), public);
    }

    #[tokio::test]
    async fn one_private_address_among_public_ones_spoils_them_all() {
        for addresses in
            [&["93.184.216.34", "10.0.0.1"], &["127.0.0.1", "93.184.216.34"], &["1.1.1.1", "::ffff:169.254.169.254"]]
        {
            assert!(resolved(addresses).await.unwrap_err().is::<NotPublic>(), "{addresses:?}");
        }
    }
}
