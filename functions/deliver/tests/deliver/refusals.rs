//! Addresses that are not called. They are checked at every delivery.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use deliver::Ended;
use kit::{behaviour::Behaviour, unreachable::ClosedPort};
use lambda::queue::Handled;
use lifecycle::callback::{Addresses, Lookup, TrustedHosts, WebhookClient};

use crate::{
    answers::unanswered,
    fixture::{Fixture, OPERATION_ID, completed},
};

/// Resolves every name to the same addresses, and counts the look-ups.
#[derive(Debug)]
struct Names {
    addresses: &'static [[u8; 4]],
    asked: AtomicUsize,
}

impl Lookup for Names {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(self.addresses.iter().map(|address| SocketAddr::from((*address, 0))).collect()) })
    }
}

#[tokio::test]
async fn a_private_address_in_the_table_is_not_called_and_not_tried_again() {
    for address in [
        "https://127.0.0.1/",
        "https://10.0.0.1/hook",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://example.com:8443/",
        "https://me:hunter2@example.com/",
        "http://example.com/",
        "no address",
    ] {
        let fixture = Fixture::empty(Behaviour::good()).await;
        fixture.ended(OPERATION_ID, Some(address), &completed()).await;
        assert_eq!(fixture.attempt().await, Ok(Ended::Refused), "{address}");
        assert_eq!(fixture.receive(1).await, Handled::Done, "{address}");
        assert!(fixture.requests().is_empty() && fixture.delays().is_empty(), "{address}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_no_longer_trusted_is_not_called() {
    let mut fixture = Fixture::new(Behaviour::good()).await;
    fixture.deliver.trusted = TrustedHosts::default();
    assert_eq!(fixture.attempt().await, Ok(Ended::Refused));
    assert!(fixture.requests().is_empty());
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_not_called() {
    for addresses in [&[[127, 0, 0, 1]][..], &[[93, 184, 216, 34], [169, 254, 169, 254]]] {
        let names = Arc::new(Names { addresses, asked: AtomicUsize::new(0) });
        let mut fixture = Fixture::empty(Behaviour::good()).await;
        fixture.deliver.client = WebhookClient::with_lookup(Arc::<Names>::clone(&names), None).unwrap();
        fixture.ended(OPERATION_ID, Some("https://rebinding.example/hook"), &completed()).await;
        assert_eq!(fixture.attempt().await, Ok(Ended::Refused), "{addresses:?}");
        assert_eq!(names.asked.load(Ordering::Relaxed), 1, "a second look-up could return another address");
        assert_eq!(fixture.attempt().await, Ok(Ended::Refused), "{addresses:?}");
        assert_eq!(names.asked.load(Ordering::Relaxed), 2, "every delivery looks the name up again");
    }
}

#[tokio::test]
async fn a_receiver_with_an_untrusted_certificate_gets_nothing() {
    let mut fixture = Fixture::new(Behaviour::good()).await;
    fixture.deliver.client = WebhookClient::new(None).unwrap();
    assert_eq!(fixture.attempt().await, Err(unanswered("the TLS handshake failed")));
    assert!(fixture.requests().is_empty());
}

#[tokio::test]
async fn a_webhook_to_a_receiver_that_is_down_is_sent_again() {
    let mut fixture = Fixture::empty(Behaviour::good()).await;
    let closed = ClosedPort::take();
    let host = closed.url().trim_start_matches("http://").to_owned();
    fixture.deliver.trusted = TrustedHosts::parse(&host).unwrap();
    fixture.ended(OPERATION_ID, Some(&format!("https://{host}/hook")), &completed()).await;
    assert_eq!(fixture.attempt().await, Err(unanswered("the connection was refused")));
}
