//! Webhooks to addresses that callers name: where they may go, and how they get there. CONTRACT 6.
//!
//! A caller could name what only our network reaches: a metadata service, a neighbour, this process's own runtime. So
//! what is written in an address is looked at when it is given and again before each delivery ([`CallbackUrl`]), and a
//! name is resolved once per connection, which goes to those very addresses, and only where all of them are public
//! ([`WebhookClient`]). An answer that points elsewhere is not followed.

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
