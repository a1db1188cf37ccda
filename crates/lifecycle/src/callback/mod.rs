//! Webhooks to addresses that callers choose: which are allowed, and how to post to them (CONTRACT 6.6).
//!
//! Guards against SSRF: a caller could name a metadata service, a neighbour or this process's own Runtime API. So
//! [`CallbackUrl`] checks the address when it is given and before each delivery, and [`WebhookClient`] resolves the
//! name once per connection, dials those very addresses, and only if all of them are public. It follows no redirects.

mod network;
mod resolver;
mod trusted;
mod url;
mod webhook_client;

pub use network::is_public;
pub use resolver::{Addresses, Lookup, SystemLookup};
pub use trusted::{CALLBACK_TRUSTED_HOSTS, TrustedHosts};
pub use url::CallbackUrl;
pub use webhook_client::{PostFault, Posted, WebhookClient};
